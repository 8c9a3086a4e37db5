"""Articles on a ticket: what may answer it, a link for the reply, and an article made of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.door import staff_required
from accounts.links import absolute_url, desk_path
from accounts.requests import DeskRequest
from accounts.views.console import UNPROCESSABLE, kept
from knowledge import services as knowledge
from knowledge.forms import NewArticleForm
from knowledge.models import Audience, Edition
from knowledge.reading import best_of
from knowledge.search import search, suggest
from knowledge.views.editing import new_page
from tickets.models import Message, Ticket
from tickets.notices import reference

MOST_SUGGESTED = 5


@dataclass(frozen=True)
class Offered:
    """An article to link to: `markdown` is the link, "" where the customer could not open it."""

    title: str
    summary: str
    url: str
    reply_url: str
    markdown: str


@staff_required
@require_safe
def ticket_articles(request: DeskRequest, number: int) -> HttpResponse:
    """What may answer the ticket: by its subject, or by words that the agent types."""
    ticket = _ticket(request, number)
    words, language = request.GET.get("q", "").strip()[:200], ticket.requester.user.language
    me = request.membership
    if words:
        found = search(words, language=language, membership=me, tenant_id=me.tenant_id, most=10)
        ids = [edition.pk for edition in found.editions]
    else:
        ids = [one.edition_id for one in suggest(ticket.subject, language, me, most=MOST_SUGGESTED)]
    rows = Edition.objects.readable_by(me, me.tenant_id).without_text().in_bulk(ids) if ids else {}
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "words": words,
        "offered": [_offered(request, ticket, rows[pk]) for pk in ids if pk in rows],
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "tickets/_articles.html" if is_fragment else "tickets/articles.html"
    return render(request, template, context)


def _ticket(request: DeskRequest, number: int) -> Ticket:
    tickets = Ticket.objects.visible_to(request.membership).select_related("requester__user")
    found: Ticket = get_object_or_404(tickets, number=number)
    return found


def _offered(request: DeskRequest, ticket: Ticket, edition: Edition) -> Offered:
    is_secret = edition.article.audience == Audience.STAFF
    reply = reverse("reply_to_ticket", args=[ticket.number])
    return Offered(
        title=edition.title,
        summary=edition.summary,
        url=reverse("help_article", args=[edition.article_id]) + f"?lang={edition.language}",
        reply_url="" if is_secret else f"{reply}?article={edition.article_id}#composer",
        markdown="" if is_secret else _markdown(request, edition),
    )


def _markdown(request: DeskRequest, edition: Edition) -> str:
    """A link that works from a mail too."""
    address = absolute_url(request.tenant, desk_path("help_article", edition.article_id))
    title = edition.title.translate({ord("["): "(", ord("]"): ")", ord("\\"): None})
    return f"[{title}]({address}?lang={edition.language})"


def linked_article(request: DeskRequest, ticket: Ticket) -> dict[str, str]:
    """The text of a composer with a link to the article that the address names; nothing for any other."""
    named = request.GET.get("article", "")
    if not request.membership.is_staff_member or not named.isdecimal() or len(named) > 18:
        return {}
    readable = Edition.objects.readable_by(request.membership, request.tenant.pk).without_text()
    editions = list(readable.filter(article_id=int(named)).exclude(article__audience=Audience.STAFF))
    edition = best_of(editions, ticket.requester.user.language, request.tenant.language)
    return {"body": f"{_markdown(request, edition)}\n"} if edition else {}


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def article_of_answer(request: DeskRequest, number: int, message_id: int) -> HttpResponse:
    """Make an article of what was written on a ticket: the form of a new one, filled in with it."""
    ticket, me = _ticket(request, number), request.membership
    message = get_object_or_404(Message.objects.filter(ticket=ticket), pk=message_id)
    source = {
        "reference": reference(ticket, request.tenant),
        "url": f"{reverse('ticket', args=[number])}#m{message.pk}",
    }
    if request.method != "POST":
        initial = {
            "title": ticket.subject[:150],
            "language": ticket.requester.user.language,
            "body": message.body,
            "audience": Audience.STAFF if message.is_note else Audience.CUSTOMERS,
        }
        form = NewArticleForm(initial=kept(request, initial), membership=me)
        return new_page(request, form, source=source)
    form = NewArticleForm(request.POST, membership=me)
    if not form.is_valid() or "preview" in request.POST:
        status = 200 if form.is_valid() else UNPROCESSABLE
        return new_page(request, form, status=status, source=source)
    try:
        edition = knowledge.create_article(
            text=form.text(), made_from=ticket.number, by=me, at=timezone.now(), **form.place()
        )
    except knowledge.KnowledgeRuleBroken as refused:
        form.refuse(refused)
        return new_page(request, form, status=UNPROCESSABLE, source=source)
    messages.success(request, _("The draft is saved. Nobody but staff sees it before it is published."))
    return redirect("article", edition.article_id)
