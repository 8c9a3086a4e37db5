"""What helps while somebody writes a ticket: similar tickets, articles, and the draft that is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import member_required
from accounts.models import Customer, Membership
from accounts.requests import DeskRequest
from knowledge.search import Suggestion, suggest
from tickets.filing_form import id_in
from tickets.models import Ticket
from tickets.services.drafts import drop_draft, keep_draft

MOST_SIMILAR = 3
SHORTEST = 6
"""Letters of a subject below which everything would be similar."""


def similar_to(subject: str, me: Membership, customer: Customer | None) -> Sequence[Ticket]:
    """Open tickets of the company that may be about the same thing, the likeliest first."""
    words = " ".join(subject.replace("\x00", " ").split())[:200]
    if customer is None or len(words) < SHORTEST:
        return []
    tickets = Ticket.objects.visible_to(me).filter(customer=customer).unresolved()
    return list(tickets.like(words).select_related("requester")[:MOST_SIMILAR])


def articles_about(subject: str, me: Membership) -> list[Suggestion]:
    """Articles that may answer it already, in the reader's language if they are written in it."""
    if len(subject.strip()) < SHORTEST:
        return []
    return suggest(subject[:200].replace("\x00", " "), get_language() or "en", me)


@member_required
@require_safe
def similar_tickets(request: DeskRequest) -> HttpResponse:
    """The part of the filing page that says who has reported this, and what is written about it."""
    me = request.membership
    customer = me.customer if me.is_contact else _customer_of(request)
    subject = request.GET.get("subject", "")
    context = {"similar": similar_to(subject, me, customer), "articles": articles_about(subject, me)}
    return render(request, "tickets/similar.html", context)


def _customer_of(request: DeskRequest) -> Customer | None:
    chosen = id_in(request.GET.get("requester"))
    people = Membership.objects.visible_to(request.membership).contacts().select_related("customer")
    person = people.filter(pk=chosen).first() if chosen else None
    return person.customer if person else None


@member_required
@require_POST
def keep_filing_draft(request: DeskRequest) -> HttpResponse:
    """Keep what stands in the form, or forget it (`discard`); a script is answered with a line."""
    me = request.membership
    if request.POST.get("discard"):
        drop_draft(by=me)
        return redirect("new_ticket")
    draft = keep_draft(by=me, values=request.POST.dict(), at=timezone.now())
    if request.headers.get("HX-Request") == "true":
        return render(request, "tickets/_draft_kept.html", {"draft": draft})
    if draft is not None:
        messages.success(request, _("What you have written is kept. You find it under “New ticket”."))
    return redirect("tickets")
