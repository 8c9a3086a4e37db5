"""What an edit would do to open tickets, before it is applied: counted, the largest shifts, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from accounts.models import Membership
from sla.line import Int64s
from sla.models import Clock, Edit, Metric
from sla.moves import Judged
from sla.open_clocks import METRICS, NEVER, Rows
from sla.services.beginnings import begins
from sla.services.edit_looks import Look, looking
from sla.zones import SECOND, to_datetime
from tickets.models import Ticket

LARGEST = 20
PAGE = 50
_STEP = 500
MOST_SINGLY = 500
"""Tickets and clocks whose histories are read for the figures; for more they are said to be near ones."""


@dataclass(frozen=True)
class Shift:
    """One promise that moves: its limit before and after, or what is left of it while it is paused.

    Both instants are None for a paused clock, where `left_before` and `left_after` say the seconds left; and
    where neither is there, it begins or ends. `seconds` is how much later (negative: earlier) it falls due.
    `clock_id` is None for a clock that begins.
    """

    clock_id: int | None
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
    shifts both ways. `tickets_anew` are those for which a promise begins or ends; such count as moved too.
    `is_about`: there are more than could be asked for their histories, so the figures are near ones."""

    open_tickets: int = 0
    open_clocks: int = 0
    tickets_moved: int = 0
    clocks_moved: int = 0
    become_overdue: int = 0
    stop_overdue: int = 0
    tickets_anew: int = 0
    is_about: bool = False
    earlier: list[Shift] = field(default_factory=list)
    later: list[Shift] = field(default_factory=list)


@dataclass(frozen=True)
class EffectPage:
    """Some of the moves, by ticket; `next_cursor` is given back for the following ones, None at the end."""

    shifts: list[Shift]
    next_cursor: int | None


def effect_of(
    edit: Edit, *, reach: str, valid_from: datetime | None, now: datetime, by: Membership | None = None
) -> Effect:
    """What applying a draft would do to open tickets now. Nothing is changed, and no row stays locked.

    `by` is who looks, without it whoever drafted. Raises EditNotOpen, and what `draft_edit` raises
    (EditedMeanwhile when there is a newer version).
    """
    with looking(edit, reach, valid_from, now, by or edit.created_by) as look:
        tally = _Tally(look)
        look.may_ask = MOST_SINGLY
        for rows, judged in look.blocks("TRUE", []):
            tally.add_block(rows, judged)
        tally.add_singly()
        return tally.effect()


def page_of_effect(
    edit: Edit,
    *,
    reach: str,
    valid_from: datetime | None,
    now: datetime,
    after: int = 0,
    size: int = PAGE,
    by: Membership | None = None,
) -> EffectPage:
    """The moves of about `size` tickets, in the order in which those were made, behind a cursor.

    What begins and what ends is among them. Raises what `effect_of` raises.
    """
    with looking(edit, reach, valid_from, now, by or edit.created_by) as look:
        found: list[dict[str, Any]] = []
        while tickets := look.tickets_after(after, _STEP):
            found += _moves_among(look, tickets)
            found.sort(key=lambda shift: (shift["ticket_id"], shift["clock_id"] or NEVER))
            numbers = sorted({shift["ticket_id"] for shift in found})
            if len(numbers) >= size:
                last = numbers[size - 1]
                return EffectPage(_shifts([shift for shift in found if shift["ticket_id"] <= last]), last)
            after = tickets[-1]
        return EffectPage(_shifts(found), None)


def _moves_among(look: Look, tickets: Sequence[int]) -> list[dict[str, Any]]:
    found, anew = [], []
    for rows, judged in look.blocks("c.ticket_id = ANY(%s)", [tickets]):
        shift, singly = _seconds(rows, judged), np.unique(rows["ticket"][judged.anew])
        anew += singly.tolist()
        plain = judged.moved & ~np.isin(rows["ticket"], singly)
        found += [_raw(rows, judged, int(i), int(shift[i]), look.at) for i in np.flatnonzero(plain)]
    for _ticket, moves in look.singly(anew, among=tickets):
        found += [raw for before, after in moves if (raw := _single(before, after, look.now)) is not None]
    return found


class _Tally:
    """The figures of an effect as its clocks are gone through."""

    def __init__(self, look: Look) -> None:
        self._look, self._effect = look, Effect()
        self._everyone, self._moved, self._anew = _Ids(), _Ids(), _Ids()
        self._best = _Largest()

    def add_block(self, rows: Rows, judged: Judged) -> None:
        """Clocks that were reckoned together; tickets that have to be reckoned singly are kept for later."""
        self._everyone.add(rows["ticket"])
        self._effect.open_clocks += len(rows)
        singly = np.unique(rows["ticket"][judged.anew])
        room = MOST_SINGLY - self._anew.count()
        if len(singly) > room:
            self._effect.is_about = True
            singly = singly[: max(room, 0)]
        self._anew.add(singly)
        self._add(rows, judged, ~np.isin(rows["ticket"], singly))

    def _add(self, rows: Rows, judged: Judged, plain: Any) -> None:
        effect, moved = self._effect, judged.moved & plain
        overdue, will_be = _overdue(rows, self._look.at), judged.breached != NEVER
        effect.clocks_moved += int(moved.sum())
        effect.become_overdue += int((plain & will_be & ~overdue).sum())
        effect.stop_overdue += int((plain & overdue & ~will_be).sum())
        effect.tickets_anew += len(np.unique(rows["ticket"][plain & judged.anew]))
        self._moved.add(rows["ticket"][moved])
        self._best.offer(rows, judged, _seconds(rows, judged), moved, self._look.at)

    def add_singly(self) -> None:
        """Tickets on which a promise begins or ends, and those that had none to be moved."""
        look, effect = self._look, self._effect
        for ticket, moves in look.singly(self._anew.all().tolist(), most=MOST_SINGLY):
            self._everyone.add(np.array([ticket.pk], np.int64))
            effect.tickets_anew += any(begins(*move) or _ends(*move) for move in moves)
            found = [raw for before, after in moves if (raw := _single(before, after, look.now)) is not None]
            effect.clocks_moved += len(found)
            effect.become_overdue += sum(raw["becomes_overdue"] for raw in found)
            effect.stop_overdue += sum(raw["stops_overdue"] for raw in found)
            self._moved.add(np.array([ticket.pk] if found else [], np.int64))
            self._best.keep(found)

    def effect(self) -> Effect:
        """All of it. Tickets that nobody asked count as if each began something."""
        effect, rest = self._effect, self._look.not_asked
        effect.is_about = effect.is_about or self._look.is_about
        effect.open_tickets = self._everyone.count() + rest
        effect.tickets_moved = self._moved.count() + rest
        effect.tickets_anew += rest
        effect.earlier, effect.later = _shifts(self._best.lowest()), _shifts(self._best.highest())
        return effect


class _Ids:
    """Ids that come in blocks, counted once each."""

    def __init__(self) -> None:
        self._blocks: list[Int64s] = []

    def add(self, ids: Int64s) -> None:
        self._blocks.append(ids.copy())

    def all(self) -> Int64s:
        return np.unique(np.concatenate(self._blocks)) if self._blocks else np.empty(0, np.int64)

    def count(self) -> int:
        if not self._blocks:
            return 0
        ids = np.sort(np.concatenate(self._blocks))
        return int(len(ids) > 0) + int(np.count_nonzero(np.diff(ids)))


class _Largest:
    """The largest shifts to both sides that were seen."""

    def __init__(self) -> None:
        self._kept: list[dict[str, Any]] = []

    def offer(self, rows: Rows, judged: Judged, shift: Int64s, flags: Any, now: int) -> None:
        moved = np.flatnonzero(flags & (shift != 0))
        if len(moved) > 2 * LARGEST:
            order = moved[np.argsort(shift[moved], kind="stable")]
            moved = np.concatenate((order[:LARGEST], order[-LARGEST:]))
        self.keep([_raw(rows, judged, int(i), int(shift[i]), now) for i in moved])

    def keep(self, found: list[dict[str, Any]]) -> None:
        self._kept += found
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


def _single(before: Clock | None, after: Clock, now: datetime) -> dict[str, Any] | None:
    """The same of a clock that was reckoned by itself; None where its promise is as before."""
    was = None if before is None or before.ended_at is not None else before
    will = None if after.ended_at is not None else after
    due, left = (was.due_at, was.remaining) if was else (None, None)
    due_then, left_then = (will.due_at, will.remaining) if will else (None, None)
    if (due, left, was is None) == (due_then, left_then, will is None):
        return None
    seconds = 0
    if due is not None and due_then is not None:
        seconds = (due_then - due) // timedelta(seconds=1)
    elif left is not None and left_then is not None:
        seconds = left_then - left
    overdue = before is not None and before.is_breached(now)
    will_be = after.breached_at is not None
    return {
        "clock_id": after.pk,
        "ticket_id": after.ticket_id,
        "metric": after.metric,
        "before": due,
        "after": due_then,
        "left_before": left,
        "left_after": left_then,
        "seconds": seconds,
        "becomes_overdue": will_be and not overdue,
        "stops_overdue": overdue and not will_be,
    }


def _ends(before: Clock | None, after: Clock) -> bool:
    return before is not None and before.ended_at is None and after.ended_at is not None


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
