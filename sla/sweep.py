"""The sweep: find what has fallen due, reckon it again, take the steps that it calls for.

Any number of sweeps may run at once. Each claims one ticket at a time by its row lock and passes over those
that another holds; a step is a row with a unique key, and it, its event, its notifications and its mails are
one transaction. A worker that dies leaves either all of a step or none of it, and the next sweep goes on.
A ticket that cannot be reckoned is set aside with its error and holds up nothing else.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from sla.models import Clock, Escalation
from sla.notices import tell_step
from sla.services.clocks import reckon_ticket
from sla.steps import StepMark, next_step_at, steps_ahead
from tickets.models import EventKind, Ticket
from tickets.services import record_event

log = logging.getLogger(__name__)

BATCH = 200


def tenants_with_due_clocks(now: datetime) -> list[int]:
    """The ids of tenants that have a clock to look at: the one question that crosses tenants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_with_due_clocks(%s) AS id", [now])
        return [row[0] for row in cursor.fetchall()]


def sweep_tenant(*, now: datetime) -> int:
    """Take every step that is due by `now` in the current tenant; returns how many were taken."""
    taken = 0
    passed_over: set[int] = set()
    while True:
        due = Clock.objects.filter(next_action_at__lte=now, error="").exclude(ticket_id__in=passed_over)
        tickets = list(
            dict.fromkeys(due.order_by("next_action_at").values_list("ticket_id", flat=True)[:BATCH])
        )
        if not tickets:
            return taken
        for ticket_id in tickets:
            passed_over.add(ticket_id)
            taken += _look_at(ticket_id, now)


def _look_at(ticket_id: int, now: datetime) -> int:
    try:
        with transaction.atomic():
            return _act_on(ticket_id, now)
    except (OperationalError, InterfaceError):
        # A deadlock, a lost connection: nothing is wrong with the ticket; the next sweep comes in seconds.
        log.warning("ticket %s left for the next sweep", ticket_id, exc_info=True)
        return 0
    except Exception as error:  # one bad row must not stop the rest
        log.exception("clocks of ticket %s set aside", ticket_id)
        due = Clock.objects.filter(ticket_id=ticket_id, next_action_at__lte=now)
        due.update(error=f"{type(error).__name__}: {error}"[:1000])
        return 0


def take_up_again(*, now: datetime) -> int:
    """Let the next sweep try what was set aside in the current tenant; returns how many clocks that were.

    What was wrong (a fault of ours, mended since) may be over, and a promise must not wait for somebody who
    happens to touch its ticket.
    """
    return Clock.objects.exclude(error="").filter(next_action_at__lte=now).update(error="")


def _act_on(ticket_id: int, now: datetime) -> int:
    ticket = (
        Ticket.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("assignee__user", "requester")
        .filter(pk=ticket_id)
        .first()
    )
    if ticket is None:
        return 0  # Somebody is at it now; the next sweep comes in seconds.
    taken = 0
    for clock in reckon_ticket(ticket, now=now):
        clock.ticket = ticket
        for mark in steps_ahead(clock):
            if mark.at < now:
                taken += _take(clock, ticket, mark, now)
        _look_again(clock)
    return taken


def _take(clock: Clock, ticket: Ticket, mark: StepMark, now: datetime) -> int:
    _escalation, is_new = Escalation.objects.get_or_create(
        clock=clock,
        step=mark.step,
        number=mark.number,
        due_at=mark.at,
        defaults={"tenant_id": clock.tenant_id, "fired_at": now},
    )
    if not is_new:
        return 0
    step = mark.step.place
    data = {"metric": clock.metric, "step": step, "cycle": clock.cycle, "passed_at": mark.at.isoformat()}
    record_event(ticket, EventKind.ESCALATED, at=now, actor=None, data=data)
    tell_step(clock, ticket, mark, at=now)
    return 1


def _look_again(clock: Clock) -> None:
    """Set when the sweep comes back to this clock, now that its steps have been taken."""
    clock._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # the steps just taken count
    following = next_step_at(clock)
    if following != clock.next_action_at:
        clock.next_action_at = following
        clock.save(update_fields=["next_action_at"])
