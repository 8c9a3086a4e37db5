"""The articles for staff: the list, and one with its texts, its place, its history, what readers said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from accounts.door import staff_required, supervisor_required
from accounts.keyset import keyset_page
from accounts.models import Language, Tenant
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept, number_in
from knowledge import services
from knowledge.forms import PlaceForm, SearchFilter
from knowledge.markdown import render as to_html
from knowledge.markdown import with_images
from knowledge.models import Article, Edition, Feedback, MissedSearch, Section, State, Version
from knowledge.permissions import can_publish
from knowledge.reading import best_of

MOST_COMMENTS = 10
ARCHIVED = "archived"


@staff_required
@require_safe
def knowledge(request: DeskRequest) -> HttpResponse:
    """All editions, the last changed first, with what readers said."""
    me, form = request.membership, _filter(request)
    rows = _filtered(Edition.objects.visible_to(me), form.cleaned_data if form.is_valid() else {})
    rows = rows.select_related("article__section").without_text().annotate(**votes())
    page = keyset_page(rows, ["-changed_at", "-id"], request.GET.get("cursor", ""), size=30)
    context = {
        "page": page,
        "form": form,
        "states": [*((value, str(label)) for value, label in State.choices), (ARCHIVED, _("Archived"))],
        "sections": [(section.pk, section.name_in(_language())) for section in _sections(request)],
        "languages_of_articles": Language.choices,
        "in_vain": MissedSearch.objects.filter(tenant=request.tenant).count(),
        "language": _language(),
    }
    return render(request, "knowledge/articles.html", context)


def _language() -> str:
    return (get_language() or "")[:2]


def _sections(request: DeskRequest) -> QuerySet[Section]:
    return Section.objects.filter(tenant=request.tenant, archived_at=None)


def _filter(request: DeskRequest) -> SearchFilter:
    form = SearchFilter(request.GET)
    form.fields["state"].choices = [("", ""), *State.choices, (ARCHIVED, "")]  # type: ignore[attr-defined]
    form.fields["section"].queryset = _sections(request)  # type: ignore[attr-defined]
    return form


def _filtered(rows: Any, asked: dict[str, Any]) -> Any:
    state = asked.get("state")
    rows = rows.filter(article__archived_at__isnull=state != ARCHIVED)
    if state and state != ARCHIVED:
        rows = rows.filter(state=state)
    if asked.get("section"):
        rows = rows.filter(article__section=asked["section"])
    if asked.get("language"):
        rows = rows.filter(language=asked["language"])
    if asked.get("q"):
        rows = rows.filter(Q(working_title__icontains=asked["q"]) | Q(title__icontains=asked["q"]))
    return rows


def votes() -> dict[str, Any]:
    return {
        "yes": Count("feedback", filter=Q(feedback__helped=True)),
        "no": Count("feedback", filter=Q(feedback__helped=False)),
    }


@staff_required
@require_safe
def article(request: DeskRequest, article_id: int) -> HttpResponse:
    """One article: its text in a language as it is being written, what may be done with it, its history."""
    return article_page(request, find_article(request, article_id), language=request.GET.get("lang", ""))


def find_article(request: DeskRequest, article_id: int) -> Article:
    """The article, if the person may see it; else 404."""
    articles = Article.objects.visible_to(request.membership).select_related("section")
    found: Article = get_object_or_404(articles, pk=article_id)
    return found


def article_page(
    request: DeskRequest,
    article: Article,
    *,
    language: str = "",
    problem: str = "",
    comment: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of an article. `problem` is what a rule refused, `comment` what was typed for the author."""
    editions = list(article.editions.annotate(**votes()))
    edition = best_of(editions, language, _language(), request.tenant.language)
    if edition is None:  # no article is without a text
        raise Article.DoesNotExist
    edition.article = article
    version = edition.versions.select_related("by").get(number=edition.latest)
    missing = [pair for pair in Language.choices if pair[0] not in {one.language for one in editions}]
    context = {
        "article": article,
        "section_name": article.section.name_in(_language()),
        "editions": editions,
        "edition": edition,
        "version": version,
        "html": with_images(to_html(version.body), lambda pk: reverse("help_image", args=[pk])),
        "missing": missing,
        "versions": _versions_of(edition),
        "events": article.events.select_related("by").order_by("-at", "-id")[:30],
        "comments": Feedback.objects.filter(edition=edition).exclude(comment="")[:MOST_COMMENTS],
        "may_publish": can_publish(request.membership, article.tenant_id),
        "ticket_of": _ticket_link(article, request.tenant),
        "problem": problem,
        "comment": comment,
    }
    return render(request, "knowledge/edition.html", context, status=status)


def _ticket_link(article: Article, tenant: Tenant) -> Markup:
    """The ticket whose answer it was made of."""
    if article.made_from is None:
        return Markup("")
    address = reverse("ticket", args=[article.made_from])
    return Markup('<a href="{}">{}-{}</a>').format(address, tenant.ticket_prefix, article.made_from)


def _versions_of(edition: Edition) -> QuerySet[Version]:
    return edition.versions.select_related("by").defer("body").order_by("-number")[:20]


@supervisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_article(request: DeskRequest, article_id: int) -> HttpResponse:
    """Put it into another section, or before other readers."""
    article, me = find_article(request, article_id), request.membership
    initial = {"section": article.section_id, "audience": article.audience, "position": article.position}
    form, seen, status = PlaceForm(initial=kept(request, initial), membership=me), article.version, 200
    if request.method == "POST":
        form, status = PlaceForm(request.POST, membership=me), UNPROCESSABLE
        seen = number_in(request.POST.get("seen_version", ""))
        if form.is_valid():
            values = form.cleaned_data
            try:
                services.change_article(
                    article=article, seen_version=seen, by=me, at=timezone.now(), **values
                )
            except services.EditedMeanwhile as refused:
                form.refuse(refused)
                seen, status = refused.version, CONFLICT
            except services.KnowledgeRuleBroken as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("Saved. It holds at once."))
                return redirect("article", article_id)
    context = {"form": form, "article": article, "seen_version": seen, "edition": article.editions.first()}
    return render(request, "knowledge/place.html", context, status=status)


@supervisor_required
@require_POST
def archive_or_restore(request: DeskRequest, article_id: int) -> HttpResponse:
    """Show it to readers no more, or again (`restore` in the form)."""
    article, me, now = find_article(request, article_id), request.membership, timezone.now()
    if request.POST.get("restore"):
        services.restore_article(article=article, by=me, at=now)
        messages.success(request, _("The article is shown again, as far as it is published."))
    else:
        services.archive_article(article=article, by=me, at=now)
        messages.success(request, _("The article is archived. Readers do not see it any more."))
    return redirect("article", article_id)
