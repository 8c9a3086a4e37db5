"""Handing over the open tickets of somebody of the staff, and how far that is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.absences import away_words
from accounts.door import supervisor_required
from accounts.models import Absence, Membership
from accounts.requests import DeskRequest
from accounts.views.console import UNPROCESSABLE
from sla.working_hours import returns
from tickets.hand_over_forms import HOW_WORDS, HandOverForm
from tickets.models import HandOver, Ticket
from tickets.services import TicketRuleBroken
from tickets.services.handing_over import hand_over_tickets


@supervisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: DeskRequest, pk: int) -> HttpResponse:
    """Give the open tickets of somebody to a colleague, to a team, or back to the queue."""
    staff = Membership.objects.visible_to(request.membership).staff().select_related("user")
    person, me = get_object_or_404(staff, pk=pk), request.membership
    until = _ends_of_absences(person)
    if request.method != "POST":
        asked = {"which": until[0][0]} if until and "due" in request.GET else {}
        return _page(request, person, HandOverForm(by=me, person=person, until=until, initial=asked))
    form, status = HandOverForm(request.POST, by=me, person=person, until=until), UNPROCESSABLE
    if form.is_valid():
        try:
            made = hand_over_tickets(
                person=person, to=form.taker, due_before=form.due_before, by=me, at=timezone.now()
            )
        except TicketRuleBroken as refused:
            form.add_error("how", refused.words())
            status = 409
        else:
            return redirect("hand_over_progress", pk=made.pk)
    return _page(request, person, form, status=status)


@supervisor_required
@require_safe
def hand_over_progress(request: DeskRequest, pk: int) -> HttpResponse:
    """How far a hand-over is, or what it did: it goes on in the background when there is much to give."""
    rows = HandOver.objects.visible_to(request.membership)
    made = get_object_or_404(rows.select_related("person", "to_team", "asked_by"), pk=pk)
    names = dict(Membership.objects.filter(pk__in=made.given).values_list("pk", "name"))
    given = sorted(
        (names[int(person)], count) for person, count in made.given.items() if int(person) in names
    )
    return render(request, "tickets/hand_over_progress.html", {"hand_over": made, "given": given})


def _page(request: DeskRequest, person: Membership, form: HandOverForm, *, status: int = 200) -> HttpResponse:
    show_away(request, form)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "how_words": HOW_WORDS,
        "open_tickets": Ticket.objects.visible_to(request.membership)
        .unresolved()
        .filter(assignee=person)
        .count(),
    }
    return render(request, "tickets/hand_over.html", context, status=status)


def show_away(request: DeskRequest, form: HandOverForm) -> None:
    """Let the form say who is not there."""
    now = timezone.now()
    staff = Membership.objects.visible_to(request.membership).staff().active().select_related("user")
    form.offer({pk: away_words(at, now) for pk, at in returns(staff.with_absences(now), now).items()})


def _ends_of_absences(person: Membership) -> list[tuple[str, str]]:
    """The ends of the running and coming absences, to choose what falls due before one of them."""
    now = timezone.now()
    ends = Absence.objects.filter(person=person).not_over(now).values_list("ends_at", flat=True)
    words = _("Those that fall due before they are back: %(away)s")
    return [(at.isoformat(), words % {"away": away_words(at, now)}) for at in ends]
