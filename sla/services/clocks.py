"""The clocks of a ticket: loaded, reckoned by `sla.clock`, written back.

Filing, a reply, a pause, a calendar edit and a sweep all end here: reckoning again is the same as reckoning.
The ticket's own summary (what falls due next) is written in the same breath.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from sla.clock import ClockState, Kind, State, TimelineEntry, cycles, evaluate
from sla.models import Clock, ClockStatus, Metric, ZoneRules
from sla.records import histories_of, is_ever_outage, planned_under, timeline_of, under_terms
from sla.services.agreements import agreement_of, caught_up, keep, terms_at
from sla.services.holding import take_back
from sla.steps import next_step_at, with_steps
from sla.terms import Targets, Terms, kept_agreements, terms_of, unit_of
from sla.zone_rules import ended_under_older_rules
from tickets.models import DueState, Ticket, TicketEvent

_STATUS = {
    State.RUNNING: ClockStatus.RUNNING,
    State.PAUSED: ClockStatus.PAUSED,
    State.MET: ClockStatus.MET,
    State.BREACHED: ClockStatus.BREACHED,
    State.CANCELLED: ClockStatus.CANCELLED,
    State.NO_COMMITMENT: ClockStatus.CANCELLED,
}
PROJECTED = (
    "agreement_id", "status", "started_at", "at_risk_at", "due_at", "remaining", "unit", "aim", "limit",
    "left_out", "due_is_manual", "paused_at", "ended_at", "breached_at", "next_action_at", "error",
)  # fmt: skip
"""The columns of a clock that reckoning writes."""


@dataclass(frozen=True)
class Reckoning:
    """What the core says about the clocks of one ticket: the rows, stored or new, with their states."""

    states: list[tuple[Clock, ClockState]]
    terms: Terms | None


def reckon(
    ticket: Ticket,
    rows: Iterable[Clock],
    events: list[TicketEvent],
    *,
    now: datetime,
    terms: Terms | None = None,
) -> Reckoning:
    """Reckon the clocks of a ticket from its stored rows (whose agreements count) and its history.

    Nothing is written, neither to the rows nor to the database. A clock that has ended stays under the
    agreement that it was judged by; one that begins is under the ticket's, or under `terms`, and so is one
    that had nothing to judge. Raises CalendarNeverOpens.
    """
    stored = {(kept.metric, kept.cycle): kept for kept in rows}
    for kept in stored.values():
        kept.ticket = ticket  # its ladder asks for the priority
    terms = terms or _terms(ticket, list(stored.values()), now)
    if terms is None:
        return Reckoning([], None)
    timeline = timeline_of(events)
    states = []
    for metric, cycle in wanted(timeline, events):
        row = stored.get((metric, cycle))
        under = terms if row is None else terms_of(row.agreement)
        targets, entries = under_terms(metric, under, timeline, events)
        planned = planned_under(metric, under, events)
        state = evaluate(metric, targets, under.hours, entries, now=now, cycle=cycle, planned=planned)
        if row is not None and _goes_on(row, state):
            row, state = _go_on(row, state, timeline, events, now)
        elif row is not None and state.state is State.NO_COMMITMENT:
            row, state = _begin_again(row, state, terms, (timeline, events), now)
        if row is not None or state.state is not State.NO_COMMITMENT or _begins_later(state, entries):
            states.append((row or _begin(ticket, terms, metric, cycle), state))
    return Reckoning(states, terms)


def _goes_on(row: Clock, state: ClockState) -> bool:
    """A clock that had ended is open again."""
    had_ended = row.ended_at is not None
    return had_ended and state.ended_at is None and state.state is not State.NO_COMMITMENT


def _go_on(
    row: Clock, state: ClockState, timeline: list[TimelineEntry], events: list[TicketEvent], now: datetime
) -> tuple[Clock, ClockState]:
    """The same under what the clocks that stayed open were moved to meanwhile."""
    agreement = caught_up(row.agreement, at=now)
    if agreement is row.agreement:
        return row, state
    moved, state, _entries = _moved(row, terms_of(agreement), timeline, events, now)
    return moved, state


def _begin_again(
    row: Clock,
    state: ClockState,
    terms: Terms,
    history: tuple[list[TimelineEntry], list[TicketEvent]],
    now: datetime,
) -> tuple[Clock, ClockState]:
    """The same under the terms of the ticket, where those promise what its own did not."""
    if row.ended_at is None or row.agreement_id == terms.agreement.pk:
        return row, state
    moved, under_them, entries = _moved(row, terms, *history, now)
    begins = _goes_on(row, under_them) or _begins_later(under_them, entries)
    return (moved, under_them) if begins else (row, state)


def _moved(
    row: Clock, terms: Terms, timeline: list[TimelineEntry], events: list[TicketEvent], now: datetime
) -> tuple[Clock, ClockState, list[TimelineEntry]]:
    """A copy of a row under other terms, with what those say of it."""
    moved = copy(row)
    moved.agreement = terms.agreement
    targets, entries = under_terms(row.metric, terms, timeline, events)
    known = (row.metric, targets, terms.hours, entries)
    planned = planned_under(row.metric, terms, events)
    return moved, evaluate(*known, now=now, cycle=row.cycle, planned=planned), entries


def _begins_later(state: ClockState, entries: list[TimelineEntry]) -> bool:
    """Nothing is promised now, but something is announced: a row is kept for the sweep to look at then."""
    at = state.next_action_at
    if at is None or state.state is not State.NO_COMMITMENT:
        return False
    announced = (entry for entry in entries if entry.kind is Kind.TARGETS and entry.at >= at)
    return any((entry.targets or {}).get(state.priority) is not None for entry in announced)


def clocks_of(tickets: Iterable[Ticket]) -> dict[int, list[Clock]]:
    """The stored clocks of each ticket by its id, with their agreements and the steps that were taken."""
    found: dict[int, list[Clock]] = defaultdict(list)
    rows = list(with_steps(Clock.objects.filter(ticket__in=tickets)))
    if rows:
        agreements = kept_agreements(rows[0].tenant_id, (row.agreement_id for row in rows))
    for row in rows:
        row.agreement = agreements[row.agreement_id]
        found[row.ticket_id].append(row)
    return found


@transaction.atomic
def reckon_ticket(ticket: Ticket, *, now: datetime, terms: Terms | None = None) -> list[Clock]:
    """Bring the clocks of a ticket up to its history; returns them. The ticket's row must be locked.

    `terms` are those under which clocks begin, without them the ticket's own. Raises CalendarNeverOpens,
    which undoes the change that asked: no clock is kept that cannot be right.
    """
    stored = clocks_of([ticket])[ticket.pk]
    before = {row.pk: _written(row) for row in stored}
    reckoning = reckon(ticket, stored, histories_of([ticket])[ticket.pk], now=now, terms=terms)
    rows = [row for row, _state in reckoning.states]
    has_ended = any(row.ended_at is not None for row in stored)
    rules = ZoneRules.objects.first() if has_ended else None
    for row, state in reckoning.states:
        if stands(row, state, rules):
            continue
        row.agreement = keep(row.agreement)
        _project(row, state, now)
    for row in rows:
        changed = [name for name, value in _written(row).items() if before.get(row.pk, {}).get(name) != value]
        if row.pk is not None and changed:
            row.save(update_fields=changed)
    Clock.objects.bulk_create(row for row in rows if row.pk is None)
    take_back([row for row in rows if row.pk in before], at=now)
    summary = summary_of(rows, reckoning.terms, ticket.priority)
    changed = [name for name, value in summary.items() if getattr(ticket, name) != value]
    for name in changed:
        setattr(ticket, name, summary[name])
    if changed:
        ticket.save(update_fields=changed)
    return rows


def _terms(ticket: Ticket, rows: list[Clock], now: datetime) -> Terms | None:
    """Those that the ticket's clocks are under, so that a later edit does not change a promise."""
    agreement = agreement_of(rows, at=now)
    return terms_at(ticket.customer_id, ticket.filed_at) if agreement is None else terms_of(agreement)


def wanted(timeline: list[TimelineEntry], events: Iterable[TicketEvent]) -> list[tuple[str, int]]:
    """Metric and cycle of every clock that a ticket with this history may have."""
    single = [(Metric.FIRST_RESPONSE.value, 1), (Metric.RESOLUTION.value, 1)]
    if is_ever_outage(events):
        single.append((Metric.RESTORE.value, 1))
    return single + [(Metric.NEXT_RESPONSE.value, cycle + 1) for cycle in range(cycles(timeline))]


def stands(row: Clock, state: ClockState, rules: ZoneRules | None) -> bool:
    """Whether a clock stays as it is: it ended under other rules of time zones and has not begun again."""
    return state.ended_at is not None and ended_under_older_rules(row, rules)


def _begin(ticket: Ticket, terms: Terms, metric: str, cycle: int) -> Clock:
    return Clock(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        metric=metric,
        cycle=cycle,
        agreement=terms.agreement,
    )


def _written(row: Clock) -> dict[str, Any]:
    """What of a row may differ after it was reckoned anew."""
    return {name: getattr(row, name) for name in PROJECTED}


def _project(row: Clock, state: ClockState, now: datetime) -> None:
    project(row, state)
    row.error = ""
    look = next_look_at(row, now)
    # Whatever lies behind is in the row already: an audit must not take it for what a sweep is still to see.
    row.next_action_at = None if look is None else max(look, now)


def project(row: Clock, state: ClockState) -> None:
    """Copy what the core says onto the row, but for when a sweep has to look at it next."""
    row.status = _STATUS[state.state]
    row.started_at = state.started_at
    row.at_risk_at = state.aim_at
    row.due_at = state.limit_at
    row.remaining = state.remaining_seconds if state.state is State.PAUSED else None
    row.paused_at = None if state.ended_at is not None else state.paused_at
    row.ended_at = state.ended_at
    if state.state is State.NO_COMMITMENT:
        row.ended_at = row.ended_at or state.started_at
    row.breached_at = state.breached_at
    target = state.target
    row.unit = unit_of(target) if target else ""
    row.aim, row.limit = (target.aim, target.limit) if target else (0, 0)
    row.left_out = [instant for period in state.left_out for instant in period]
    row.due_is_manual = state.manual_due_at is not None


def next_look_at(row: Clock, now: datetime) -> datetime | None:
    """When the sweep has to look at this clock next: a step falls due, or other promises begin to hold."""
    step, looks = next_step_at(row), changes_ahead(row, now)
    return min(looks if step is None else [*looks, step], default=None)


def changes_ahead(row: Clock, now: datetime) -> list[datetime]:
    """The instants at which promises that were announced begin to hold and are to be reckoned with.

    Those that begin before its limit are reckoned with already, unless a promise begins or ends with them.
    """
    if row.ended_at is not None and not row.has_no_promise():
        return []
    terms = terms_of(row.agreement)
    before, looks = terms.targets, []
    for since, targets in terms.changes:
        known = row.due_at is not None and since < row.due_at and promised(before) == promised(targets)
        if since > now and not known:
            looks.append(since)
        before = targets
    return looks


def promised(targets: Targets) -> set[tuple[str, str]]:
    """For which metrics and priorities there is a promise at all."""
    return {(metric, priority) for metric, by_priority in targets.items() for priority in by_priority}


def summary_of(rows: list[Clock], terms: Terms | None, priority: str) -> dict[str, Any]:
    """What stands on the ticket: the promise that falls due next, a running one before a paused one."""
    open_rows = [row for row in rows if row.ended_at is None]
    running = [row for row in open_rows if row.due_at is not None]
    paused = [row for row in open_rows if row.status == ClockStatus.PAUSED]
    first = min(running, key=lambda row: row.due_at or row.started_at, default=None) or min(
        paused, key=lambda row: row.remaining or 0, default=None
    )
    return {
        "due_state": DueState.NONE if first is None else _due_state(first),
        "due_metric": first.metric if first else "",
        "due_started_at": first.started_at if first else None,
        "at_risk_at": first.at_risk_at if first else None,
        "due_at": first.due_at if first else None,
        "due_remaining": first.remaining if first else None,
        "due_in_business_time": bool(terms and first and terms.is_business(first.metric, priority)),
        "due_zone": terms.zone.key if terms and first else "",
        "has_breached": any(row.breached_at is not None for row in rows),
    }


def _due_state(row: Clock) -> DueState:
    return DueState.PAUSED if row.status == ClockStatus.PAUSED else DueState.RUNNING
