"""The clocks of a ticket: loaded, reckoned by `sla.clock`, written back.

Filing, a reply, a pause, a calendar edit and a sweep all end here: reckoning again is the same as reckoning.
The ticket's own summary (what falls due next) is written in the same breath.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sla.clock import ClockState, State, TimelineEntry, cycles, evaluate
from sla.models import Clock, ClockStatus, Metric, Step
from sla.records import events_of, is_ever_outage, timeline_of, under_terms
from sla.services.agreements import agreement_of, keep
from sla.terms import Terms, terms_for, terms_of, unit_of
from tickets.models import DueState, Ticket, TicketEvent

_STATUS = {
    State.RUNNING: ClockStatus.RUNNING,
    State.PAUSED: ClockStatus.PAUSED,
    State.MET: ClockStatus.MET,
    State.BREACHED: ClockStatus.BREACHED,
    State.CANCELLED: ClockStatus.CANCELLED,
    State.NO_COMMITMENT: ClockStatus.CANCELLED,
}


@transaction.atomic
def reckon_ticket(ticket: Ticket, *, now: datetime) -> list[Clock]:
    """Bring the clocks of a ticket up to its history; returns them. The ticket's row must be locked.

    A clock that has ended stays under the agreement that it was judged by; one that begins is under the
    ticket's. Raises CalendarNeverOpens, which undoes the change that asked: no clock is kept that cannot be
    right.
    """
    rows = {(row.metric, row.cycle): row for row in _rows(ticket)}
    terms = _terms(ticket, list(rows.values()), now)
    if terms is not None:
        events = events_of(ticket)
        timeline = timeline_of(events)
        for metric, cycle in wanted(timeline, events):
            row = rows.get((metric, cycle))
            under = terms if row is None else terms_of(row.agreement)
            targets, entries = under_terms(metric, under, timeline, events)
            state = evaluate(metric, targets, under.hours, entries, now=now, cycle=cycle)
            if row is None and state.state is State.NO_COMMITMENT:
                continue
            row = row or _begin(ticket, terms, metric, cycle)
            _write(row, state)
            rows[metric, cycle] = row
    _summarise(ticket, list(rows.values()), terms)
    return list(rows.values())


def _rows(ticket: Ticket) -> Iterable[Clock]:
    return Clock.objects.filter(ticket=ticket).with_terms().prefetch_related("escalations")


def _terms(ticket: Ticket, rows: list[Clock], now: datetime) -> Terms | None:
    """Those that the ticket's clocks are under, so that a later edit does not change a promise."""
    agreement = agreement_of(rows, at=now)
    return terms_for(ticket.customer_id, ticket.filed_at) if agreement is None else terms_of(agreement)


def wanted(timeline: list[TimelineEntry], events: Iterable[TicketEvent]) -> list[tuple[str, int]]:
    """Metric and cycle of every clock that a ticket with this history may have."""
    single = [(Metric.FIRST_RESPONSE.value, 1), (Metric.RESOLUTION.value, 1)]
    if is_ever_outage(events):
        single.append((Metric.RESTORE.value, 1))
    return single + [(Metric.NEXT_RESPONSE.value, cycle + 1) for cycle in range(cycles(timeline))]


def _begin(ticket: Ticket, terms: Terms, metric: str, cycle: int) -> Clock:
    return Clock(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        metric=metric,
        cycle=cycle,
        agreement=keep(terms.agreement),
    )


def _write(row: Clock, state: ClockState) -> None:
    project(row, state)
    row.error = ""
    row.next_action_at = next_step_at(row)
    row.save()


def project(row: Clock, state: ClockState) -> None:
    """Copy what the core says onto the row, but for when a sweep has to look at it next."""
    row.status = _STATUS[state.state]
    row.started_at = state.started_at
    row.at_risk_at = state.aim_at
    row.due_at = state.limit_at
    row.remaining = state.remaining_seconds if state.state is State.PAUSED else None
    row.ended_at = state.ended_at
    if state.state is State.NO_COMMITMENT:
        row.ended_at = row.ended_at or state.started_at
    row.breached_at = state.breached_at
    target = state.target
    row.unit = unit_of(target) if target else ""
    row.aim, row.limit = (target.aim, target.limit) if target else (0, 0)
    row.left_out = [instant for period in state.left_out for instant in period]
    row.due_is_manual = state.manual_due_at is not None


def steps_ahead(row: Clock) -> list[tuple[Step, datetime]]:
    """The steps of a clock that have not been taken, with the instants at which they fall due.

    An aim that was answered in time, or that equals its limit, is no step. A breach is told even when the
    answer came before the sweep: no promise is missed silently.
    """
    taken = {escalation.step for escalation in row.escalations.all()} if row.pk else set()
    steps: list[tuple[Step, datetime]] = []
    running = row.ended_at is None and row.status in (ClockStatus.RUNNING, ClockStatus.BREACHED)
    if running and row.at_risk_at is not None and row.due_at is not None and row.at_risk_at < row.due_at:
        steps.append((Step.AIM, row.at_risk_at))
    if row.breached_at is not None:
        steps.append((Step.LIMIT, row.breached_at))
    elif running and row.due_at is not None:
        steps.append((Step.LIMIT, row.due_at))
    return [(step, at) for step, at in steps if step not in taken]


def next_step_at(row: Clock) -> datetime | None:
    """When the sweep has to look at this clock next."""
    return min((at for _step, at in steps_ahead(row)), default=None)


def _summarise(ticket: Ticket, rows: list[Clock], terms: Terms | None) -> None:
    """Write onto the ticket the promise that falls due next: a running one first, else a paused one."""
    open_rows = [row for row in rows if row.ended_at is None]
    running = [row for row in open_rows if row.due_at is not None]
    paused = [row for row in open_rows if row.status == ClockStatus.PAUSED]
    first = min(running, key=lambda row: row.due_at or row.started_at, default=None) or min(
        paused, key=lambda row: row.remaining or 0, default=None
    )
    ticket.due_state = DueState.NONE if first is None else _due_state(first)
    ticket.due_metric = first.metric if first else ""
    ticket.due_started_at = first.started_at if first else None
    ticket.at_risk_at = first.at_risk_at if first else None
    ticket.due_at = first.due_at if first else None
    ticket.due_remaining = first.remaining if first else None
    ticket.due_in_business_time = bool(terms and first and terms.is_business(first.metric, ticket.priority))
    ticket.due_zone = terms.zone.key if terms and first else ""
    ticket.has_breached = any(row.breached_at is not None for row in rows)
    ticket.save(update_fields=SUMMARY_FIELDS)


def _due_state(row: Clock) -> DueState:
    return DueState.PAUSED if row.status == ClockStatus.PAUSED else DueState.RUNNING


SUMMARY_FIELDS = [
    "due_state",
    "due_metric",
    "due_started_at",
    "at_risk_at",
    "due_at",
    "due_remaining",
    "due_in_business_time",
    "due_zone",
    "has_breached",
]
