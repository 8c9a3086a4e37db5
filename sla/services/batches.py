"""One batch of an edit: some tickets locked, their open clocks reckoned under the new terms, all written.

What the rows of clocks say is enough for nearly all of them (`sla.moves`); those for whom it is not are
asked by their history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from sla.line import Int64s
from sla.models import Edit, Reach
from sla.moved_ladders import ladder_looks
from sla.moves import Block, Judged, judge
from sla.open_clocks import NEVER, Rows, blocks, by_index, left_out_of
from sla.services.batch_writing import Writing
from sla.services.histories import ask_history, with_planned
from sla.services.holding import take_back_from
from sla.services.successions import Succession
from sla.terms import Terms
from sla.zones import to_microseconds
from tickets.lifecycle import ENDED
from tickets.models import Ticket, TicketEvent

# What makes more of a history than a start, pauses and one target: other terms, and rests.
_BENDS = Q(kind__in=["priority_changed", "category_changed", "due_set", "due_cleared"]) | Q(status__in=ENDED)


@dataclass(frozen=True)
class Batch:
    """How many tickets a batch got hold of, and on how many of them a promise moved."""

    done: int
    moved: int


@transaction.atomic
def move_tickets(
    edit: Edit, succession: Succession, after: dict[int, int], tickets: list[int], now: datetime
) -> Batch:
    """Move the open clocks of some tickets; those that somebody else holds are passed over."""
    mine = Ticket.objects.filter(pk__in=tickets).order_by("pk")
    locked = list(mine.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    if not locked:
        return Batch(0, 0)
    with by_index():
        every = np.concatenate([*blocks("c.ticket_id = ANY(%s)", [locked])])
    going = every[every["ended"] == NEVER]
    held = succession.holds(going)
    rows = going[held]
    if not len(rows):
        return Batch(len(locked), 0)
    block = Block(
        rows,
        left_out_of("c.ticket_id = ANY(%s)", [locked]).of(rows),
        succession.heirs,
        succession.of(rows),
    )
    judged = judge(block, to_microseconds(now))
    anew = _one_by_one(going, held, rows, judged)
    if not succession.keeps_pausing:
        # What is left out of their time changes, which the rows hold: reckoned by themselves.
        anew = np.union1d(anew, with_planned(np.unique(rows["ticket"]).tolist()))
    from_start = edit.reach == Reach.FROM_START
    ask_history(block, judged, asked(block, judged, anew, from_start=from_start), now)
    plain = ~np.isin(rows["ticket"], anew)
    writing = Writing(edit, succession, after, now)
    writing.clocks(rows, judged, plain, ladder_looks(block, judged, to_microseconds(now)))
    writing.tickets(every, rows, judged, plain)
    for ticket_id in anew.tolist():
        writing.one(ticket_id)
    take_back_from(rows["id"][plain & judged.moved].tolist(), at=now)
    return Batch(len(locked), writing.events())


@transaction.atomic
def begin_on(edit: Edit, begun: Mapping[int, Terms | None], now: datetime) -> Batch:
    """Reckon tickets that have no open clock, each under the terms that the edit brings it."""
    mine = Ticket.objects.filter(pk__in=begun).order_by("pk")
    locked = list(mine.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    writing = Writing(edit, Succession(np.empty(0, np.int64), np.empty(0, np.int64), []), {}, now)
    for ticket_id in locked:
        writing.one(ticket_id, begun[ticket_id])
    return Batch(len(locked), writing.events() if locked else 0)


def _one_by_one(going: Rows, held: Any, rows: Rows, judged: Judged) -> Int64s:
    """The tickets that are reckoned by themselves: a promise begins or ends, or not all clocks move alike."""
    low = np.unique(rows["ticket"])
    first = np.searchsorted(low, going["ticket"])
    inside = (first < len(low)) & (low[np.minimum(first, len(low) - 1)] == going["ticket"])
    smallest, largest = np.full(len(low), NEVER, np.int64), np.full(len(low), -NEVER, np.int64)
    np.minimum.at(smallest, first[inside], going["agreement"][inside])
    np.maximum.at(largest, first[inside], going["agreement"][inside])
    return np.unique(np.concatenate((rows["ticket"][judged.anew], low[smallest != largest])))


def asked(block: Block, judged: Judged, anew: Int64s, *, from_start: bool) -> Int64s:
    """The places of the rows whose history decides whether a promise was broken; not of tickets in `anew`."""
    rows, places = block.rows, judged.unsure.copy()
    if from_start:
        told = TicketEvent.objects.filter(_BENDS, ticket__in=rows["ticket"].tolist())
        changed = list(told.values_list("ticket_id", flat=True).distinct())
        places |= np.isin(rows["ticket"], changed) | (rows["manual"] == 1)
    return np.flatnonzero(places & ~np.isin(rows["ticket"], anew))
