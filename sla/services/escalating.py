"""Taking the steps that are due on a batch of tickets: reckoned one by one, read and written all together.

The number of statements does not grow with the number of tickets; only what a step does to its ticket (raise
the priority, reassign, declare an emergency) is done ticket by ticket, by the services that people use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Customer
from sla.ladder import never_closes
from sla.models import Clock, Escalation, LadderStep, ZoneRules
from sla.notices import Crowd, Telling, tell_all
from sla.records import histories_of
from sla.services.clocks import (
    PROJECTED,
    Reckoning,
    changes_ahead,
    clocks_of,
    project,
    reckon,
    reckon_ticket,
    stands,
    summary_of,
)
from sla.services.holding import take_back
from sla.services.ladder_acts import act
from sla.steps import StepMark, next_look, steps_ahead
from sla.terms import terms_of
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import Happening, record_events

# What passing an instant changes on a clock; anything else is a change of the record or of its terms.
_PASSING = ("status", "breached_at", "next_action_at", "error")
_UPDATE = """
    UPDATE sla_clock c SET status = v.status, breached_at = v.breached_at,
        next_action_at = v.next_action_at, error = ''
    FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
        AS v(id, status, breached_at, next_action_at)
    WHERE c.id = v.id"""


@dataclass
class _Batch:
    """What a batch is going to write."""

    now: datetime
    crowd: Crowd
    rules: ZoneRules | None
    tellings: list[Telling] = field(default_factory=list)
    passed: list[Clock] = field(default_factory=list)
    changed: list[Clock] = field(default_factory=list)
    reckoned: list[Clock] = field(default_factory=list)
    summaries: dict[tuple[tuple[str, Any], ...], list[int]] = field(default_factory=dict)
    always_open: dict[int, bool] = field(default_factory=dict)

    def is_around_the_clock(self, clock: Clock) -> bool:
        """Whether the hours of the clock's terms never close."""
        if clock.agreement_id not in self.always_open:
            hours = terms_of(clock.agreement).hours
            self.always_open[clock.agreement_id] = never_closes(hours, self.now)
        return self.always_open[clock.agreement_id]

    def wakes(self, clock: Clock, step: LadderStep) -> bool:
        """Whether a step disturbs people in their quiet hours."""
        return step.declares_emergency or self.is_around_the_clock(clock)


def escalate(ticket_ids: Sequence[int], *, now: datetime) -> int:
    """Take the steps that are due on these tickets, but those that somebody else holds; returns how many.

    In the caller's transaction. Raises what reckoning any of them raises.
    """
    crowd = Crowd(now)
    tickets = _locked(ticket_ids, crowd)
    batch = _Batch(now, crowd, ZoneRules.objects.first())
    clocks, events = clocks_of(tickets), histories_of(tickets)
    for ticket in tickets:
        _judge(batch, ticket, clocks[ticket.pk], events[ticket.pk])
    _write(batch)
    for telling in batch.tellings:
        wakes = batch.wakes(telling.clock, telling.escalation.step)
        act(telling.escalation, telling.clock, telling.ticket, at=now, wakes=wakes)
    return len(batch.tellings)


def _locked(ticket_ids: Sequence[int], crowd: Crowd) -> list[Ticket]:
    """The tickets that nobody holds, with the people and companies that they name, each read once."""
    locked = Ticket.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=ticket_ids)
    tickets = list(locked.order_by("pk"))
    customers = Customer.objects.select_related("tenant").in_bulk({ticket.customer_id for ticket in tickets})
    for ticket in tickets:
        ticket.customer = customers[ticket.customer_id]
        ticket.tenant = ticket.customer.tenant
        ticket.assignee = crowd.staff(ticket.assignee_id)
        ticket.customer.coordinator = crowd.staff(ticket.customer.coordinator_id)
    return tickets


def _judge(batch: _Batch, ticket: Ticket, rows: list[Clock], events: list[TicketEvent]) -> None:
    reckoning = reckon(ticket, rows, events, now=batch.now)
    known = {row.pk: {name: getattr(row, name) for name in PROJECTED} for row in rows}
    rows = [row for row, _state in reckoning.states]
    if any(row.pk is None or row.agreement.pk is None for row in rows):
        rows = reckon_ticket(ticket, now=batch.now)  # a clock, or an agreement, that is new
    else:
        for row, state in reckoning.states:
            if not stands(row, state, batch.rules):
                project(row, state)
        batch.reckoned += rows
        _summarise(batch, ticket, reckoning)
    for row in rows:
        row.ticket = ticket
        _climb(batch, row, ticket)
        row.error = ""
        before = known.get(row.pk, {})
        differing = {name for name in PROJECTED if before.get(name) != getattr(row, name)}
        if differing - set(_PASSING):
            batch.changed.append(row)
        elif differing:
            batch.passed.append(row)


def _climb(batch: _Batch, row: Clock, ticket: Ticket) -> None:
    """Note the steps of a clock that are due, and when it is to be looked at next."""
    ahead = steps_ahead(row)
    for mark in ahead:
        if mark.at < batch.now:
            batch.tellings.append(_telling(batch, row, ticket, mark))
    looks = [next_look(row, [mark for mark in ahead if mark.at >= batch.now])]
    looks += changes_ahead(row, batch.now)
    # A limit that has passed and breaks nothing is one that was announced and does not hold yet.
    row.next_action_at = min((at for at in looks if at is not None and at >= batch.now), default=None)


def _telling(batch: _Batch, row: Clock, ticket: Ticket, mark: StepMark) -> Telling:
    escalation = Escalation(
        tenant_id=row.tenant_id,
        clock=row,
        step=mark.step,
        number=mark.number,
        due_at=mark.at,
        fired_at=batch.now,
    )
    step = mark.step
    audience = batch.crowd.audience(step.tells, ticket, reassigns_to=step.reassigns_to_id)
    telling = Telling(escalation, row, ticket, audience)
    if not batch.wakes(row, step):
        telling.hold_until_awake(batch.crowd)
    telling.note()
    return telling


def _summarise(batch: _Batch, ticket: Ticket, reckoning: Reckoning) -> None:
    rows = [row for row, _state in reckoning.states]
    summary = summary_of(rows, reckoning.terms, ticket.priority)
    changes = tuple((name, value) for name, value in summary.items() if getattr(ticket, name) != value)
    if changes:
        batch.summaries.setdefault(changes, []).append(ticket.pk)
        for name, value in changes:
            setattr(ticket, name, value)


def _write(batch: _Batch) -> None:
    Escalation.objects.bulk_create(telling.escalation for telling in batch.tellings)
    if batch.tellings:
        record_events([_happening(telling) for telling in batch.tellings], at=batch.now)
        tell_all(batch.tellings, at=batch.now)
    if batch.passed:
        columns = [[getattr(row, name) for row in batch.passed] for name in ("pk", *_PASSING[:3])]
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, columns)
    if batch.changed:
        Clock.objects.bulk_update(batch.changed, [*PROJECTED[1:], "agreement"])
    take_back(batch.reckoned, at=batch.now)
    # Mostly one: that a promise was broken.
    for changes, ticket_ids in batch.summaries.items():
        Ticket.objects.filter(pk__in=ticket_ids).update(**dict(changes))


def _happening(telling: Telling) -> Happening:
    escalation, clock = telling.escalation, telling.clock
    data = {
        "metric": clock.metric,
        "cycle": clock.cycle,
        "step": escalation.step.place,
        "amount": escalation.step.amount,
        "number": escalation.number,
        "passed_at": escalation.due_at.isoformat(),
    }
    return Happening(telling.ticket, EventKind.ESCALATED, data)
