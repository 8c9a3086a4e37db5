"""What an edit would do to open tickets, before it is applied: counted, the largest shifts, all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from sla.line import Int64s
from sla.models import Clock, Edit, EditState, Metric, Reach
from sla.moves import Block, Judged, judge
from sla.open_clocks import METRICS, NEVER, Rows, blocks, left_out_of
from sla.services.errors import EditNotOpen
from sla.services.histories import Histories, ask_history, histories_of
from sla.services.proposals import begins_at, make
from sla.services.successions import Succession, pairs_of, succession_of
from sla.zones import SECOND, to_datetime, to_microseconds
from tickets.models import EventKind, Ticket, TicketEvent

LARGEST = 20
_KNOWN = (
    "id", "ticket", "agreement", "started", "aim_at", "due", "breached", "paused", "remaining", "aim",
    "limit", "unit", "metric", "manual", "left_out",
)  # fmt: skip
_ASKED = (*_KNOWN, "priority")
PAGE = 50
_STEP = 2_000


@dataclass(frozen=True)
class Shift:
    """One promise that moves: its limit before and after, or what is left of it while it is paused.

    Both instants are None for a paused clock, where `left_before` and `left_after` say the seconds left.
    `seconds` is how much later (negative: earlier) it falls due.
    """

    clock_id: int
    ticket_id: int
    number: int
    subject: str
    metric: str
    before: datetime | None
    after: datetime | None
    left_before: int | None
    left_after: int | None
    seconds: int
    becomes_overdue: bool
    stops_overdue: bool

    @property
    def metric_label(self) -> str:
        """The promise in words."""
        return str(Metric(self.metric).label)


@dataclass
class Effect:
    """What an edit would do. `open_tickets` are those that it concerns; `earlier` and `later` the largest
    shifts both ways. `tickets_anew` are those for which a promise begins or ends."""

    open_tickets: int = 0
    open_clocks: int = 0
    tickets_moved: int = 0
    clocks_moved: int = 0
    become_overdue: int = 0
    stop_overdue: int = 0
    tickets_anew: int = 0
    earlier: list[Shift] = field(default_factory=list)
    later: list[Shift] = field(default_factory=list)


@dataclass(frozen=True)
class EffectPage:
    """Some of the moves, by ticket; `next_cursor` is given back for the following ones, None at the end."""

    shifts: list[Shift]
    next_cursor: int | None


def effect_of(edit: Edit, *, reach: str, valid_from: datetime | None, now: datetime) -> Effect:
    """What applying a draft would do to open tickets now. Nothing is changed, and no row stays locked.

    Raises EditNotOpen, and what `draft_edit` raises (EditedMeanwhile when there is a newer version).
    """
    look = _Look(edit, reach, valid_from, now)
    effect = Effect()
    everyone, moved, anew = _Ids(), _Ids(), _Ids()
    best = _Largest()
    for rows, judged in look.blocks("TRUE", [], everyone, effect):
        flags = judged.moved
        shift = _seconds(rows, judged)
        overdue, will_be = _overdue(rows, look.now), judged.breached != NEVER
        effect.clocks_moved += int(flags.sum())
        effect.become_overdue += int((will_be & ~overdue).sum())
        effect.stop_overdue += int((overdue & ~will_be).sum())
        moved.add(rows["ticket"][flags])
        anew.add(rows["ticket"][judged.anew])
        best.offer(rows, judged, shift, look.now)
    effect.open_tickets, effect.tickets_moved = everyone.count(), moved.count()
    effect.tickets_anew = anew.count()
    effect.earlier, effect.later = _shifts(best.lowest()), _shifts(best.highest())
    return effect


def page_of_effect(
    edit: Edit, *, reach: str, valid_from: datetime | None, now: datetime, after: int = 0, size: int = PAGE
) -> EffectPage:
    """The moves of about `size` tickets, in the order in which those were made, behind a cursor.

    Raises what `effect_of` raises.
    """
    look = _Look(edit, reach, valid_from, now)
    found: list[dict[str, Any]] = []
    while True:
        tickets = look.tickets_after(after, _STEP)
        if not tickets:
            return EffectPage(_shifts(found), None)
        for rows, judged in look.blocks("c.ticket_id = ANY(%s)", [tickets], None, None):
            shift = _seconds(rows, judged)
            found += [
                _raw(rows, judged, int(i), int(shift[i]), look.now) for i in np.flatnonzero(judged.moved)
            ]
        found.sort(key=lambda shift: (shift["ticket_id"], shift["clock_id"]))
        numbers = sorted({shift["ticket_id"] for shift in found})
        if len(numbers) >= size:
            last = numbers[size - 1]
            return EffectPage(_shifts([shift for shift in found if shift["ticket_id"] <= last]), last)
        after = tickets[-1]


class _Look:
    """The terms that an edit would lead to, made and taken back, and the open clocks under them."""

    def __init__(self, edit: Edit, reach: str, valid_from: datetime | None, now: datetime) -> None:
        if edit.state != EditState.DRAFT:
            raise EditNotOpen
        self.at, self.now = now, to_microseconds(now)
        with transaction.atomic():
            made = make(edit, reach=reach, valid_from=valid_from, at=now, by=edit.created_by)
            self.since = None if reach == Reach.FROM_START else begins_at(made, now)
            pairs = [] if reach == Reach.NEW else pairs_of(edit.contract_id, made, since=self.since, at=now)
            self.succession: Succession = succession_of(pairs, self.since)
            for heir in self.succession.heirs:
                # What is compiled lazily out of the version's rows is asked for while they are there.
                heir.line.cover(self.now, self.now + 1)
            transaction.set_rollback(True)
        self.before = self.succession.before.tolist()
        # What is left out of their time would change: these are judged by their histories, which are read
        # now, as the connection is taken while blocks come in.
        self.told: Histories = {} if self.succession.keeps_pausing else histories_of(self._told())

    def _told(self) -> list[int]:
        """The tickets with a resolution clock that it concerns which were told of maintenance."""
        clocks = Clock.objects.not_ended().filter(agreement__in=self.before, metric=Metric.RESOLUTION)
        told = TicketEvent.objects.filter(kind=EventKind.MAINTENANCE_PLANNED, ticket__clocks__in=clocks)
        return list(told.values_list("ticket_id", flat=True).distinct())

    def _ask(self, block: Block, judged: Judged) -> None:
        solved = block.rows["metric"] == METRICS.index(Metric.RESOLUTION)
        places = np.flatnonzero(solved & np.isin(block.rows["ticket"], list(self.told)))
        ask_history(block, judged, places, self.at, self.told)

    def tickets_after(self, after: int, count: int) -> list[int]:
        """The next tickets that it concerns, by id."""
        if not self.before:
            return []
        clocks = Clock.objects.not_ended().filter(agreement__in=self.before, ticket_id__gt=after)
        tickets = clocks.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()
        return list(tickets[:count])

    def blocks(
        self, where: str, values: Sequence[Any], everyone: _Ids | None, effect: Effect | None
    ) -> Iterator[tuple[Rows, Judged]]:
        """The clocks that may move, with what becomes of them."""
        if not self.before:
            return
        mine = f"c.ended_at IS NULL AND c.agreement_id = ANY(%s) AND {where}"
        columns = _KNOWN if self.succession.keeps_targets else _ASKED
        if self.told:
            columns = (*columns, "cycle")
        with transaction.atomic(), connection.cursor() as cursor:
            # Nearly all clocks of a desk in the order of an index would be read from everywhere at once.
            cursor.execute("SET LOCAL enable_indexscan = off")
            left_out = left_out_of(mine, [self.before, *values])
            for rows in blocks(mine, [self.before, *values], columns):
                if everyone is not None and effect is not None:
                    everyone.add(rows["ticket"])
                    effect.open_clocks += len(rows)
                block = Block(rows, left_out.of(rows), self.succession.heirs, self.succession.of(rows))
                judged = judge(block, self.now)
                if self.told:
                    self._ask(block, judged)
                yield rows, judged
            cursor.execute("SET LOCAL enable_indexscan = on")


class _Ids:
    """Ids that come in blocks, counted once each."""

    def __init__(self) -> None:
        self._blocks: list[Int64s] = []

    def add(self, ids: Int64s) -> None:
        self._blocks.append(ids.copy())

    def count(self) -> int:
        if not self._blocks:
            return 0
        ids = np.sort(np.concatenate(self._blocks))
        return int(len(ids) > 0) + int(np.count_nonzero(np.diff(ids)))


class _Largest:
    """The largest shifts to both sides that were seen."""

    def __init__(self) -> None:
        self._kept: list[dict[str, Any]] = []

    def offer(self, rows: Rows, judged: Judged, shift: Int64s, now: int) -> None:
        moved = np.flatnonzero(judged.moved & (shift != 0))
        if len(moved) > 2 * LARGEST:
            order = moved[np.argsort(shift[moved], kind="stable")]
            moved = np.concatenate((order[:LARGEST], order[-LARGEST:]))
        self._kept += [_raw(rows, judged, int(i), int(shift[i]), now) for i in moved]
        self._kept = [*self.lowest(), *self.highest()]

    def lowest(self) -> list[dict[str, Any]]:
        kept = [shift for shift in self._kept if shift["seconds"] < 0]
        return sorted(kept, key=lambda shift: (shift["seconds"], shift["clock_id"]))[:LARGEST]

    def highest(self) -> list[dict[str, Any]]:
        kept = [shift for shift in self._kept if shift["seconds"] > 0]
        return sorted(kept, key=lambda shift: (-shift["seconds"], shift["clock_id"]))[:LARGEST]


def _seconds(rows: Rows, judged: Judged) -> Int64s:
    """How many seconds later each falls due; of what is left while it is paused; 0 where neither is known."""
    both = (rows["due"] != NEVER) & (judged.due != NEVER)
    left = (rows["remaining"] >= 0) & (judged.remaining >= 0)
    by_instant = np.where(both, judged.due - np.where(both, rows["due"], 0), 0) // SECOND
    return np.where(both, by_instant, np.where(left, judged.remaining - rows["remaining"], 0))


def _overdue(rows: Rows, now: int) -> Any:
    return (rows["breached"] <= now) | (rows["due"] < now)


def _raw(rows: Rows, judged: Judged, i: int, seconds: int, now: int) -> dict[str, Any]:
    row = rows[i]
    overdue, will_be = bool(_overdue(row, now)), bool(judged.breached[i] != NEVER)
    return {
        "clock_id": int(row["id"]),
        "ticket_id": int(row["ticket"]),
        "metric": METRICS[row["metric"]],
        "before": _instant(int(row["due"])),
        "after": _instant(int(judged.due[i])),
        "left_before": _left(int(row["remaining"])),
        "left_after": _left(int(judged.remaining[i])),
        "seconds": seconds,
        "becomes_overdue": will_be and not overdue,
        "stops_overdue": overdue and not will_be,
    }


def _instant(at: int) -> datetime | None:
    return None if at == NEVER else to_datetime(at)


def _left(seconds: int) -> int | None:
    return None if seconds < 0 else seconds


def _shifts(raw: list[dict[str, Any]]) -> list[Shift]:
    ids = {shift["ticket_id"] for shift in raw}
    named = {
        pk: (number, subject)
        for pk, number, subject in Ticket.objects.filter(pk__in=ids).values_list("pk", "number", "subject")
    }
    return [
        Shift(number=named[shift["ticket_id"]][0], subject=named[shift["ticket_id"]][1], **shift)
        for shift in raw
        if shift["ticket_id"] in named
    ]
