"""Who of the staff is there: for supervisors, with what falls due while somebody is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts.absences import away_words
from accounts.door import supervisor_required
from accounts.keyset import keyset_page
from accounts.models import Absence, Membership
from accounts.requests import DeskRequest
from sla.presentation import Due, due_of
from sla.working_hours import off_until, returns
from tickets.models import DueState, Ticket

AHEAD = timedelta(days=7)
"""Absences that begin within this time are listed with the running ones."""
MOST_TICKETS = 100


@dataclass(frozen=True)
class Away:
    """Somebody who is away, or soon will be, and the open tickets that fall due before they are back."""

    absence: Absence
    is_running: bool
    tickets: list[tuple[Ticket, Due]]


@supervisor_required
@require_safe
def absences(request: DeskRequest) -> HttpResponse:
    """Who is away now or within a week, and everybody of the staff with their hours of today."""
    me, now = request.membership, timezone.now()
    staff = Membership.objects.visible_to(me).staff().active().select_related("user")
    staff = staff.with_absences(now).annotate(name_key=Lower("name"))
    page = keyset_page(staff, ("name_key", "pk"), request.GET.get("cursor", ""))
    away = returns(page.rows, now)
    off = off_until([person for person in page.rows if person.pk not in away], now)
    context = {
        "away": _away_now_or_soon(me, now),
        "page": page,
        "away_until": {pk: capfirst(away_words(back, now)) for pk, back in away.items()},
        "off_until": off,
        "now": now,
    }
    return render(request, "accounts/absences_of_all.html", context)


def _away_now_or_soon(me: Membership, now: datetime) -> list[Away]:
    rows = Absence.objects.visible_to(me).not_over(now).filter(starts_at__lt=now + AHEAD)
    active = rows.filter(person__deactivated_at=None).select_related("person__user")
    found = list(active.order_by("ends_at", "pk"))
    tickets = Ticket.objects.visible_to(me).unresolved().with_people().filter(due_state=DueState.RUNNING)
    concerned = tickets.filter(
        assignee__in={absence.person_id for absence in found},
        due_at__lt=max((absence.ends_at for absence in found), default=now),
    )
    due = list(concerned.by_next_due()[:MOST_TICKETS]) if found else []
    return [
        Away(
            absence,
            absence.starts_at <= now,
            [(one, due_of(one, now)) for one in due if _falls_in(one, absence)],
        )
        for absence in found
    ]


def _falls_in(ticket: Ticket, absence: Absence) -> bool:
    """Due before its assignee is back; what was due before the absence began is late and waits as well."""
    if ticket.assignee_id != absence.person_id or ticket.due_at is None:
        return False
    return ticket.due_at < absence.ends_at
