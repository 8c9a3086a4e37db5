"""Clocks of a block that their histories decide: `sla.clock.evaluate` is asked for each of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import numpy as np

from sla.clock import ClockState, State, evaluate
from sla.line import Int64s
from sla.moves import BREACHED, PAUSED, RUNNING, Block, Heir, Judged
from sla.open_clocks import METRICS, NEVER, UNITS
from sla.records import planned_under, timeline_of, under_terms
from sla.terms import unit_of
from sla.zones import to_microseconds
from tickets.models import EventKind, TicketEvent

Histories = dict[int, list[TicketEvent]]
"""The events of tickets in order, by the tickets' ids."""


def histories_of(tickets: list[int]) -> Histories:
    """The histories of those tickets; one query."""
    events: Histories = defaultdict(list)
    found = TicketEvent.objects.filter(ticket__in=tickets).select_related("actor")
    for event in found.order_by("at", "id"):
        events[event.ticket_id].append(event)
    return events


def ask_history(
    block: Block, judged: Judged, places: Int64s, now: datetime, events: Histories | None = None
) -> None:
    """Let `evaluate` judge the clocks at those places; the column `cycle` must have been read. One query,
    unless the events are given."""
    if not len(places):
        return
    if events is None:
        events = histories_of(block.rows["ticket"][places].tolist())
    for place in places.tolist():
        row = block.rows[place]
        heir = block.heirs[block.which[place]]
        _put(judged, place, row, _evaluated(row, heir, events[int(row["ticket"])], now))


def _evaluated(row: Any, heir: Heir, events: list[TicketEvent], now: datetime) -> ClockState:
    metric, timeline = METRICS[row["metric"]], timeline_of(events)
    targets, entries = under_terms(metric, heir.terms, timeline, events)
    planned = planned_under(metric, heir.terms, events)
    known = (metric, targets, heir.terms.hours, entries)
    return evaluate(*known, now=now, cycle=int(row["cycle"]), planned=planned)


_STATUS = {State.BREACHED: BREACHED, State.PAUSED: PAUSED}


def _put(judged: Judged, place: int, row: Any, state: ClockState) -> None:
    target = state.target
    judged.unit[place] = UNITS.index(unit_of(target)) if target else 0
    judged.aim[place], judged.limit[place] = (target.aim, target.limit) if target else (0, 0)
    judged.aim_at[place], judged.due[place] = _micro(state.aim_at), _micro(state.limit_at)
    judged.breached[place] = _micro(state.breached_at)
    judged.status[place] = _STATUS.get(state.state, RUNNING)
    left = state.remaining_seconds if state.state is State.PAUSED else None
    judged.remaining[place] = -1 if left is None else left
    judged.moved[place] = (judged.due[place], judged.aim_at[place], judged.remaining[place]) != (
        row["due"],
        row["aim_at"],
        row["remaining"],
    )


def _micro(at: datetime | None) -> int:
    return NEVER if at is None else to_microseconds(at)


def with_planned(tickets: list[int]) -> Int64s:
    """Those of the tickets that were told of maintenance, by their ids."""
    told = TicketEvent.objects.filter(kind=EventKind.MAINTENANCE_PLANNED, ticket__in=tickets)
    return np.array(sorted(told.values_list("ticket_id", flat=True).distinct()), np.int64)
