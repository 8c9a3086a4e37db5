"""Open clocks under new terms, a block of them at once: what `sla.clock.evaluate` would say of each.

The row of a clock holds what its deadline is a function of: start, left-out time, target. Whether and when
a promise was broken is a matter of its history too; `Judged` says which rows that must be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sla.business_time import around_the_clock
from sla.line import Int64s
from sla.many import LeftOut, Line, add_days, counted, deadlines
from sla.models import ClockStatus, TargetUnit
from sla.open_clocks import METRICS, NEVER, PRIORITIES, STATUSES, UNITS, Rows
from sla.terms import Targets, Terms, target_value, unit_of
from sla.zones import SECOND, to_microseconds

Flags = NDArray[np.bool_]
PAUSED, BREACHED, RUNNING = (
    STATUSES.index(word) for word in (ClockStatus.PAUSED, ClockStatus.BREACHED, ClockStatus.RUNNING)
)
_DAYS = [UNITS.index(TargetUnit.BUSINESS_DAYS), UNITS.index(TargetUnit.BUSINESS_DAYS_END)]
_ALWAYS = UNITS.index(TargetUnit.ELAPSED_TIME)
_NOTHING = -1


@dataclass(eq=False)
class Heir:
    """The terms that clocks under some agreements are moved to; those with the same terms share one.

    `before` are the targets that stood till then, `since` is the instant of the splice in microseconds, None
    for an edit as if from the start. `keeps_pausing`: planned maintenance is left out as it was before. Not
    to be shared between threads, as its line is not.
    """

    terms: Terms
    since: int | None
    before: Targets = field(default_factory=dict)
    keeps_pausing: bool = True

    def __post_init__(self) -> None:
        self.line = Line(self.terms.hours)
        self.targets = np.full((len(METRICS), len(PRIORITIES), 3), _NOTHING, np.int64)
        self.same = np.zeros((len(METRICS), len(PRIORITIES)), np.bool_)
        self.begins_or_ends = np.zeros(len(PRIORITIES), np.bool_)
        for m, metric in enumerate(METRICS):
            now, was = self.terms.targets_now(metric), self.before.get(metric, {})
            for p, priority in enumerate(PRIORITIES):
                target = now.get(priority)
                self.same[m, p] = target == was.get(priority)
                self.begins_or_ends[p] |= (target is None) != (was.get(priority) is None)
                if target is not None:
                    self.targets[m, p] = UNITS.index(unit_of(target)), target.aim, target.limit

    @property
    def keeps_targets(self) -> bool:
        """Whether hours alone change, so that what the rows say of their targets stays right."""
        return bool(self.same.all())

    def next_change(self, now: int) -> int:
        """The first instant from now on at which other promises begin to hold, NEVER if there is none."""
        return min((at for at in self._changes() if at > now), default=NEVER)

    def announces_more(self, now: int) -> bool:
        """Whether promises change at an instant ahead that is not the edit's own."""
        return any(at > now and at != self.since for at in self._changes())

    def _changes(self) -> list[int]:
        return [to_microseconds(since) for since, _targets in self.terms.changes]


@dataclass
class Judged:
    """What becomes of rows. Instants in microseconds, NEVER where there is none."""

    unit: Int64s
    aim: Int64s
    limit: Int64s
    aim_at: Int64s
    due: Int64s
    remaining: Int64s
    breached: Int64s
    status: Int64s
    moved: Flags
    anew: Flags
    """A promise of the ticket begins or ends with the edit: its clocks are reckoned one by one."""
    unsure: Flags
    """The deadline lies where a rest may have begun: the history says whether it was broken there."""


@dataclass(frozen=True)
class Block:
    """Rows with what they are reckoned from besides; `which` is the place of each row's heir."""

    rows: Rows
    left_out: LeftOut | None
    heirs: list[Heir]
    which: Int64s

    def since(self) -> Int64s:
        """The instant of each row's splice, before all others for an edit as if from the start."""
        starts = [-NEVER if heir.since is None else heir.since for heir in self.heirs]
        return np.array(starts, np.int64)[self.which]

    def groups(self, places: Int64s, unit: Int64s) -> Iterator[tuple[Int64s, Line, int]]:
        """Those places whose rows are reckoned alike: on one line of hours, in one unit; none without."""
        keys = self.which[places] * len(UNITS) + unit[places]
        for key in np.flatnonzero(np.bincount(keys[unit[places] > 0])).tolist():
            yield places[keys == key], self.heirs[key // len(UNITS)].line, key % len(UNITS)


@dataclass(frozen=True)
class _Targets:
    """The target of each row under its heir, whether it is as before, whether its ticket is asked anew."""

    unit: Int64s
    aim: Int64s
    limit: Int64s
    same: Flags
    anew: Flags


def judge(block: Block, now: int) -> Judged:
    """Reckon the rows under the heirs that are named for them. Raises CalendarNeverOpens."""
    rows = block.rows
    targets = _targets(block)
    if not targets.same.all() and (later := block.since() > now).any():
        targets = _as_announced(block, targets, later)
    aims, limits = _instants(block, targets)
    unsure = _meets_a_start(limits, block.left_out)
    unsure |= np.array([heir.announces_more(now) for heir in block.heirs], np.bool_)[block.which]
    manual = rows["manual"] == 1
    stands = (rows["paused"] != NEVER) & ~manual
    aims[manual], limits[manual] = rows["due"][manual], rows["due"][manual]
    due = np.where(stands & (limits > rows["paused"]), NEVER, limits)
    aim_at = np.where(stands & (aims > rows["paused"]), NEVER, aims)
    breached = _breached(block, due, targets.same, now)
    frozen = stands & (due == NEVER)
    status = np.where(breached != NEVER, BREACHED, np.where(frozen, PAUSED, RUNNING)).astype(np.int64)
    remaining = np.full(len(rows), -1, np.int64)
    left = np.flatnonzero(status == PAUSED)
    if len(left):
        remaining[left] = _remaining(block, targets, left)
    moved = (due != rows["due"]) | (aim_at != rows["aim_at"]) | (remaining != rows["remaining"])
    said = targets.unit, targets.aim, targets.limit
    return Judged(*said, aim_at, due, remaining, breached, status, moved, targets.anew, unsure)


def _targets(block: Block) -> _Targets:
    rows, heirs, which = block.rows, block.heirs, block.which
    if all(heir.keeps_targets for heir in heirs):
        return _own_targets(rows)
    metric, priority = rows["metric"], rows["priority"]
    chosen = np.stack([heir.targets for heir in heirs])[which, metric, priority]
    none = chosen[:, 0] == _NOTHING
    chosen[none] = 0
    same = np.stack([heir.same for heir in heirs])[which, metric, priority]
    anew = np.stack([heir.begins_or_ends for heir in heirs])[which, priority]
    anew |= none & (rows["manual"] == 0)
    return _Targets(chosen[:, 0], chosen[:, 1], chosen[:, 2], same, anew)


def _own_targets(rows: Rows) -> _Targets:
    kept = np.ones(len(rows), np.bool_)
    unit, aim, limit = (rows[name].astype(np.int64) for name in ("unit", "aim", "limit"))
    return _Targets(unit, aim, limit, kept, ~kept)


def _as_announced(block: Block, targets: _Targets, later: Flags) -> _Targets:
    """What is announced holds from its instant on: where the limit comes before that, it stays."""
    rows, own = block.rows, _own_targets(block.rows)
    _aims, limits = _instants(block, own)
    limits = np.where(rows["manual"] == 1, rows["due"], limits)
    frozen = (rows["manual"] == 0) & (rows["paused"] != NEVER) & (limits > rows["paused"])
    stays = later & (frozen | (block.since() >= limits))
    return _Targets(
        np.where(stays, own.unit, targets.unit),
        np.where(stays, own.aim, targets.aim),
        np.where(stays, own.limit, targets.limit),
        targets.same | stays,
        targets.anew,
    )


def _instants(block: Block, targets: _Targets) -> tuple[Int64s, Int64s]:
    """Aim and limit as instants, with what is left out, and without a pause that is not over."""
    count = len(block.rows)
    aims, limits = np.full(count, NEVER, np.int64), np.full(count, NEVER, np.int64)
    for places, line, unit in block.groups(np.arange(count), targets.unit):
        target = target_value(METRICS[0], UNITS[unit], 0, 0)
        starts, gaps = block.rows["started"][places], take(block.left_out, places)
        amounts = targets.limit[places]
        limits[places] = aims[places] = deadlines(line, target, starts, gaps, amount=amounts)
        if (targets.aim[places] != amounts).any():
            aims[places] = deadlines(line, target, starts, gaps, amount=targets.aim[places])
    return aims, limits


def _breached(block: Block, due: Int64s, same: Flags, now: int) -> Int64s:
    """When each promise was broken: before the edit as it was then, after it as the new terms say.

    Terms that make a clock overdue break at the instant from which they hold, not before.
    """
    rows, since = block.rows, block.since()
    unseen = np.where(rows["due"] <= now, rows["due"], NEVER)
    before = np.where(rows["breached"] != NEVER, rows["breached"], unseen)
    after = np.where(same, due, np.maximum(due, since))
    after = np.where((due != NEVER) & (after <= now), after, NEVER)
    return np.where(before < since, before, after)


def _remaining(block: Block, targets: _Targets, left: Int64s) -> Int64s:
    """Whole seconds between what had been counted when the pause began and the limit."""
    answers = np.zeros(len(block.rows), np.int64)
    for places, line, unit in block.groups(left, targets.unit):
        starts, limit = block.rows["started"][places], targets.limit[places]
        budget = limit * SECOND
        if unit in _DAYS:
            end = UNITS[unit] == TargetUnit.BUSINESS_DAYS_END
            budget = counted(line, starts, add_days(line, starts, limit, end_of_day=end))
        hours = around_the_clock() if unit == _ALWAYS else line
        spent = counted(hours, starts, block.rows["paused"][places], take(block.left_out, places))
        answers[places] = np.maximum(budget - spent, 0) // SECOND
    return answers[left]


def _meets_a_start(limits: Int64s, left_out: LeftOut | None) -> Flags:
    meets = np.zeros(len(limits), np.bool_)
    if left_out is None:
        return meets
    rows = np.repeat(np.arange(len(limits)), np.diff(left_out.offsets) // 2)
    meets[rows[limits[rows] == left_out.instants[::2]]] = True
    return meets


def take(left_out: LeftOut | None, rows: Int64s) -> LeftOut | None:
    """What is left out of some of the rows."""
    if left_out is None:
        return None
    counts = np.diff(left_out.offsets)[rows]
    total = int(counts.sum())
    if not total:
        return None
    offsets = np.concatenate(([0], np.cumsum(counts)))
    places = np.repeat(left_out.offsets[:-1][rows] - offsets[:-1], counts) + np.arange(total)
    return LeftOut(left_out.instants[places], offsets)
