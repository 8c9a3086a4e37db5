"""The audit: every open clock, and a sample of those that ended, reckoned again from the record.

A stored clock is a copy of what `sla.clock` says. A difference means that something wrote a copy without
asking, or that the core no longer says what it said; both are faults that would break a promise silently,
so each is kept, logged as an error, and makes `/readyz` say so until an audit finds the ticket right.

Tickets are read in batches without locks; one that seems to differ may have changed in between, and is
looked at again under its lock before anything is said of it.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from sla.models import Clock, ClockDifference, ClockStatus, Edit, EditState, ZoneRules
from sla.services.clocks import project, reckon, stands, summary_of
from sla.zone_rules import SWEPT_WITHIN, waits_for_new_rules
from tickets.lifecycle import UNRESOLVED
from tickets.models import Ticket, TicketEvent

log = logging.getLogger(__name__)

BATCH = 500
PROJECTED = (
    "status", "started_at", "at_risk_at", "due_at", "remaining", "unit", "aim", "limit", "left_out",
    "due_is_manual", "paused_at", "ended_at", "breached_at",
)  # fmt: skip
_MOMENT = timedelta(microseconds=1)
# Many clocks at once are reckoned to the microsecond, each by itself to the second.
_SLACK = timedelta(seconds=1)


@dataclass
class Audit:
    """What one audit looked at, and what it found."""

    tickets: int = 0
    clocks: int = 0
    differences: list[ClockDifference] = field(default_factory=list)


def audit_tenant(*, now: datetime, sample: int = 1000) -> Audit:
    """Replay the current tenant's open clocks and those of `sample` tickets that have none.

    What is found takes the place of what an earlier audit found on the same tickets.
    """
    audit = Audit()
    for ids in _batches(sample):
        found = list(_differences(Ticket.objects.filter(pk__in=ids), now, audit))
        certain = [
            again for ticket_id in {one.ticket_id for one in found} for again in _certain(ticket_id, now)
        ]
        if certain and Edit.objects.filter(state=EditState.APPLYING).exists():
            certain = _but_to_begin(certain)
        with transaction.atomic():
            ClockDifference.objects.filter(ticket_id__in=ids).delete()
            ClockDifference.objects.bulk_create(certain)
        audit.differences.extend(certain)
    for one in audit.differences:
        log.error("clock of ticket %s is not what its record says: %s", one.ticket_id, one)
    return audit


def count_differences() -> int:
    """How many differences stand on the whole installation; nothing but the number crosses tenants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_differences()")
        return int(cursor.fetchone()[0])


def _batches(sample: int) -> Iterator[list[int]]:
    """Ids of tickets to look at: all that are open or have an open clock, then some from a random one on."""
    open_clocks = Clock.objects.not_ended().values("ticket_id")
    known_wrong = ClockDifference.objects.values("ticket_id")
    is_open = Q(status__in=UNRESOLVED) | Q(pk__in=open_clocks) | Q(pk__in=known_wrong)
    yield from _in_steps(Ticket.objects.filter(is_open), None)
    last = Ticket.objects.aggregate(last=Max("pk"))["last"]
    if last is not None and sample:
        ended = Ticket.objects.exclude(is_open)
        start = random.randint(0, last)  # noqa: S311 - which tickets are looked at is no secret
        seen = 0
        for ids in _in_steps(ended.filter(pk__gte=start), sample):
            seen += len(ids)
            yield ids
        yield from _in_steps(ended.filter(pk__lt=start), sample - seen)


def _in_steps(tickets: QuerySet[Ticket], most: int | None) -> Iterator[list[int]]:
    after, left = 0, most
    while left is None or left > 0:
        step = BATCH if left is None else min(BATCH, left)
        ids = list(tickets.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:step])
        if not ids:
            return
        yield ids
        after, left = ids[-1], None if left is None else left - len(ids)


def _certain(ticket_id: int, now: datetime) -> list[ClockDifference]:
    """The differences of one ticket that stand while nobody can change it."""
    with transaction.atomic():
        locked = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id)
        return list(_differences(locked, now, Audit()))


def _but_to_begin(found: list[ClockDifference]) -> list[ClockDifference]:
    """Without the tickets on which a clock is missing: an edit that is being applied may come to them yet."""
    waiting = {one.ticket_id for one in found if one.field == "row" and not one.stored}
    return [one for one in found if one.ticket_id not in waiting]


def _differences(tickets: QuerySet[Ticket], now: datetime, audit: Audit) -> Iterator[ClockDifference]:
    loaded = list(tickets.order_by("pk"))
    ids = [ticket.pk for ticket in loaded]
    rows: dict[int, list[Clock]] = defaultdict(list)
    for row in Clock.objects.filter(ticket_id__in=ids).with_terms():
        rows[row.ticket_id].append(row)
    events: dict[int, list[TicketEvent]] = defaultdict(list)
    for event in TicketEvent.objects.filter(ticket_id__in=ids).select_related("actor").order_by("at", "id"):
        events[event.ticket_id].append(event)
    rules = ZoneRules.objects.first()
    for ticket in loaded:
        audit.tickets += 1
        audit.clocks += len(rows[ticket.pk])
        yield from _of_ticket(ticket, rows[ticket.pk], events[ticket.pk], now, rules)


def _of_ticket(
    ticket: Ticket, rows: list[Clock], events: list[TicketEvent], now: datetime, rules: ZoneRules | None
) -> Iterator[ClockDifference]:
    def differs(metric: str, cycle: int, name: str, stored: object, reckoned: object) -> ClockDifference:
        return ClockDifference(
            tenant_id=ticket.tenant_id, ticket=ticket, metric=metric, cycle=cycle, field=name,
            stored=_said(stored), reckoned=_said(reckoned), found_at=now,
        )  # fmt: skip

    try:
        reckoning = reckon(ticket, rows, events, now=_before_next_step(rows, now))
    except Exception as error:  # a ticket that cannot be reckoned is a finding, and the audit goes on
        log.exception("ticket %s cannot be reckoned", ticket.pk)
        yield differs("", 1, "row", "", f"{type(error).__name__}: {error}")
        return
    if not rows and all(state.ended_at is not None for _row, state in reckoning.states):
        return  # a contract for its day was given when all had ended: what has ended is not judged
    projected = []
    for row, state in reckoning.states:
        if stands(row, state, rules) or waits_for_new_rules(row, rules, now):
            projected.append(row)  # what the rules of its time said stands, or is to be reckoned yet
            continue
        should = copy(row)
        project(should, state)
        projected.append(should)
        for name, stored, reckoned in _of_clock(row, should, now):
            yield differs(row.metric, row.cycle, name, stored, reckoned)
    for row in _beside(rows, projected):
        yield differs(row.metric, row.cycle, "row", row.status, "")
    for name, value in summary_of(projected, reckoning.terms, ticket.priority).items():
        if getattr(ticket, name) != value:
            yield differs("", 1, name, getattr(ticket, name), value)


def _said(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _of_clock(row: Clock, should: Clock, now: datetime) -> Iterator[tuple[str, object, object]]:
    """Field, what is stored, what was reckoned."""
    if row.pk is None:
        yield "row", "", should.status
        return
    for name in PROJECTED:
        if getattr(row, name) != getattr(should, name):
            yield name, getattr(row, name), getattr(should, name)
    if row.error:
        yield "error", row.error, ""
    elif _is_forgotten(row, should, now):
        yield "next_action_at", row.next_action_at, should.due_at


def _is_forgotten(row: Clock, should: Clock, now: datetime) -> bool:
    """No sweep would look at a running clock by its limit, or none did although it was time."""
    holds = should.due_at is None or should.due_at > now or should.breached_at is not None
    if holds and row.next_action_at is not None and row.next_action_at < now - SWEPT_WITHIN:
        return True
    if should.status != ClockStatus.RUNNING or should.due_at is None:
        return False
    return row.next_action_at is None or row.next_action_at > max(should.due_at, now) + _SLACK


def _before_next_step(rows: Iterable[Clock], now: datetime) -> datetime:
    """Stored clocks are those of the last look; what a sweep is still to see has not happened to them."""
    ahead = min((row.next_action_at for row in rows if row.next_action_at is not None), default=now)
    return min(now, ahead - _MOMENT)


def _beside(rows: Iterable[Clock], reckoned: Iterable[Clock]) -> list[Clock]:
    known = {(row.metric, row.cycle) for row in reckoned}
    return [row for row in rows if (row.metric, row.cycle) not in known]
