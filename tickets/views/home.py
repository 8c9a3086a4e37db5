"""Where customers land: what is open and whom it waits for, the next promise, what happens to services.

Staff start at the queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Min, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.door import member_required
from accounts.models import Membership
from accounts.requests import DeskRequest
from hours.balances import balance_of
from maintenance.views.at_home import backups_of, work_for
from sla.terms import Terms, terms_for
from tickets.lifecycle import Status
from tickets.models import DueState, Ticket
from tickets.views.promises import promise_words
from tickets.views.wording import portal_status_labels

MOST_TICKETS = 6
WAITS_FOR_CUSTOMER = (Status.PENDING, Status.AWAITING_APPROVAL)


@dataclass(frozen=True)
class Opening:
    """Whether support is open at an instant, and when that changes; None: not within a day, or not at all."""

    is_open: bool
    changes_at: datetime | None


@member_required
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """The start of a desk."""
    me, now = request.membership, timezone.now()
    if me.is_staff_member:
        return redirect(_first_page_of_staff(request))
    terms = terms_for(me.customer_id, now) if me.customer_id else None
    context = {
        "status_labels": portal_status_labels(),
        "rows": [(ticket, promise_words(ticket, now)) for ticket in _most_urgent(me)],
        "counted": _counted(me, now),
        "work": work_for(me, now),
        "backups": backups_of(me),
        "plan": terms.contract.plan if terms else None,
        "hours_left": balance_of(me.customer_id, now, tenant=request.tenant) if me.customer_id else None,
        "opening": opening_of(terms, now) if terms else None,
        "now": now,
    }
    return render(request, "tickets/home.html", context)


def _first_page_of_staff(request: DeskRequest) -> str:
    """The queue; who sets a desk up goes on with that until the first ticket is there."""
    me = request.membership
    if me.is_admin and request.tenant.setup_since and not Ticket.objects.visible_to(me).exists():
        return "console"
    return "queue"


def opening_of(terms: Terms, now: datetime) -> Opening:
    """How the hours of a customer's support stand."""
    if not terms.hours.is_open(now):
        return Opening(is_open=False, changes_at=terms.hours.next_open(now))
    until = now + timedelta(days=1)
    closes_at = terms.hours.windows(now, until)[0][1]
    return Opening(is_open=True, changes_at=closes_at if closes_at < until else None)


def _most_urgent(me: Membership) -> list[Ticket]:
    """What waits for the customer, then what falls due first."""
    waits = Case(When(status__in=WAITS_FOR_CUSTOMER, then=Value(0)), default=Value(1))
    tickets = Ticket.objects.visible_to(me).unresolved().with_people()
    return list(tickets.order_by(waits, F("due_at").asc(nulls_last=True), "id")[:MOST_TICKETS])


def _counted(me: Membership, now: datetime) -> dict[str, Any]:
    """How many are open, how many of them wait for the customer, and the next promise to come."""
    ahead = Q(due_state=DueState.RUNNING, due_at__gte=now)
    found: dict[str, Any] = (
        Ticket.objects.visible_to(me)
        .unresolved()
        .order_by()
        .aggregate(
            open=Count("pk"),
            waiting=Count("pk", filter=Q(status__in=WAITS_FOR_CUSTOMER)),
            next_due_at=Min("due_at", filter=ahead),
        )
    )
    return found
