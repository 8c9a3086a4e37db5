"""Business time for many clocks at once: what `sla.business_time` answers for one, for arrays of them.

A calendar is edited while a million clocks run. Each needs F at its start, F at the ends of its pauses, and
one way back from F to an instant; a pause with no open time in it moves nothing, so pauses are reckoned in
open time alone, the first of all rows together, then the second, and so on. Business days are parted by
instants between which the day rule always leads from one date to one other date: the scalar core is asked
once for each such stretch and numpy does the rest.

Instants are int64 microseconds since 1970 in UTC, as are amounts of time, and every answer is that of the
scalar core to the microsecond. ValueError and CalendarNeverOpens are raised for all rows if they would be
for one. A `Line` in place of a calendar keeps what was laid out for the next batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sla.business_time import around_the_clock
from sla.calendar import Calendar
from sla.line import Edges, Int64s, Line
from sla.timeline import Target, Unit
from sla.zones import SECOND

__all__ = ["LeftOut", "Line", "add", "add_days", "counted", "deadlines"]

_ALWAYS_OPEN = around_the_clock()


class LeftOut(NamedTuple):
    """The periods that are left out of each row's time, in any order, overlapping or not.

    `instants` holds start, end, start, end … of all rows, one after another; those of row i are
    `instants[offsets[i] : offsets[i + 1]]`.
    """

    instants: Int64s
    offsets: Int64s

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> "LeftOut":
        """From each row's own flat sequence start, end, start, end …"""
        kept = list(rows)
        offsets = np.fromiter(accumulate(map(len, kept), initial=0), np.int64, len(kept) + 1)
        flat = (instant for row in kept for instant in row)
        return cls(np.fromiter(flat, np.int64, int(offsets[-1])), offsets)


def deadlines(
    calendar: Calendar | Line,
    target: Target,
    starts: ArrayLike,
    left_out: LeftOut | None = None,
    *,
    amount: ArrayLike | None = None,
) -> Int64s:
    """The instants at which clocks with one target fall due, as `sla.judgement.Reckoner` would say.

    `amount` is the target's limit, or what is given: its aim, or one for each row, in the target's own
    measure (seconds, or days).
    """
    amounts = np.asarray(target.limit if amount is None else amount, dtype=np.int64)
    if target.unit == Unit.BUSINESS_DAYS:
        return add_days(calendar, starts, amounts, left_out, end_of_day=target.end_of_day)
    hours = _ALWAYS_OPEN if target.unit == Unit.ELAPSED_TIME else calendar
    return add(hours, starts, amounts * SECOND, left_out)


def add(
    calendar: Calendar | Line, starts: ArrayLike, amounts: ArrayLike, left_out: LeftOut | None = None
) -> Int64s:
    """`Calendar.add` for arrays: the earliest instants by which the desk has been open for the amounts."""
    begins, budgets = _alike(starts, amounts)
    if not len(begins):
        return begins
    if budgets.min() < 0:
        raise ValueError("business time runs forwards only")
    gaps = _Gaps(left_out, begins)
    line = _line_over(calendar, begins, gaps)
    return _due(line, begins, budgets, gaps)


def add_days(
    calendar: Calendar | Line,
    starts: ArrayLike,
    days: ArrayLike,
    left_out: LeftOut | None = None,
    *,
    end_of_day: bool = False,
) -> Int64s:
    """`Calendar.add_days` for arrays."""
    begins, counts = _alike(starts, days)
    if not len(begins):
        return begins
    if counts.min() < 0:
        raise ValueError("business time runs forwards only")
    gaps = _Gaps(left_out, begins)
    line = _line_over(calendar, begins, gaps)
    marks = begins.copy()
    for count in (counts[0],) if counts.min() == counts.max() else np.unique(counts):
        rows = np.flatnonzero(counts == count)
        if count > 0:
            marks[rows] = _day_marks(line, begins[rows], int(count), end_of_day=end_of_day)
    line.cover(line.low, int(marks.max()))
    budgets = line.opened(marks)
    budgets -= line.opened(begins)
    return _due(line, begins, budgets, gaps)


def counted(
    calendar: Calendar | Line, starts: ArrayLike, ends: ArrayLike, left_out: LeftOut | None = None
) -> Int64s:
    """`Calendar.elapsed` for arrays: open time from start to end, negative where the end is the earlier."""
    begins, finishes = _alike(starts, ends)
    if not len(begins):
        return begins
    first, last = np.minimum(begins, finishes), np.maximum(begins, finishes)
    gaps = _Gaps(left_out, first)
    line = _line_over(calendar, first, gaps, last)
    reached, until = line.opened(first), line.opened(last)
    totals = until - reached
    shut, reopened = line.opened(gaps.starts), line.opened(gaps.ends)
    for rows, places in gaps.by_rank():
        ends_at = np.minimum(reopened[places], until[rows])
        totals[rows] -= np.maximum(ends_at - np.maximum(shut[places], reached[rows]), 0)
        reached[rows] = np.maximum(reached[rows], ends_at)
    return np.where(finishes < begins, -totals, totals)


class _Gaps:
    """Periods to leave out, in order of their starts within each row; what lies before all rows is cut."""

    def __init__(self, left_out: LeftOut | None, begins: Int64s) -> None:
        self.starts = self.ends = np.empty(0, dtype=np.int64)
        self._counts = self._firsts = self.starts
        if left_out is None or not len(left_out.instants):
            return
        if len(left_out.offsets) != len(begins) + 1:
            raise ValueError("left_out has not as many rows as there are starts")
        offsets = np.asarray(left_out.offsets, dtype=np.int64) // 2
        pairs = np.maximum(np.asarray(left_out.instants, dtype=np.int64), begins.min()).reshape(-1, 2)
        self.starts, self.ends = pairs[:, 0], pairs[:, 1]
        self._firsts, self._counts = offsets[:-1], np.diff(offsets)
        rows = np.repeat(np.arange(len(begins)), self._counts)
        if np.any((np.diff(self.starts) < 0) & (np.diff(rows) == 0)):
            order = np.lexsort((self.starts, rows))
            self.starts, self.ends = self.starts[order], self.ends[order]

    def by_rank(self) -> Iterator[tuple[Int64s, Int64s]]:
        """The rows that have a first period and its place in `starts`, those with a second one, …"""
        rows = np.flatnonzero(self._counts)
        rank = 0
        while len(rows):
            yield rows, self._firsts[rows] + rank
            rank += 1
            rows = rows[self._counts[rows] > rank]


def _alike(first: ArrayLike, second: ArrayLike) -> tuple[Int64s, Int64s]:
    one, other = np.broadcast_arrays(
        np.atleast_1d(np.asarray(first, dtype=np.int64)), np.asarray(second, dtype=np.int64)
    )
    return one, other


def _line_over(calendar: Calendar | Line, begins: Int64s, gaps: _Gaps, ends: Int64s | None = None) -> Line:
    line = calendar if isinstance(calendar, Line) else Line(calendar)
    arrays = (begins, gaps.starts, gaps.ends, begins if ends is None else ends)
    line.cover(int(begins.min()), max(int(array.max()) for array in arrays if len(array)))
    return line


def _due(line: Line, begins: Int64s, budgets: Int64s, gaps: _Gaps) -> Int64s:
    reached = line.opened(begins)
    goals = reached + budgets
    shut, reopened = line.opened(gaps.starts), line.opened(gaps.ends)
    for rows, places in gaps.by_rank():
        starts_at, ends_at = np.maximum(shut[places], reached[rows]), reopened[places]
        # A pause that begins at or after the deadline does not move it.
        moves = (starts_at < goals[rows]) & (starts_at < ends_at)
        goals[rows] += np.where(moves, ends_at - starts_at, 0)
        reached[rows] = np.maximum(reached[rows], ends_at)
    line.reach(int(goals.max()))
    due = line.instants(goals)
    np.copyto(due, begins, where=budgets == 0)
    return due


def _day_marks(line: Line, begins: Int64s, days: int, *, end_of_day: bool) -> Int64s:
    """The day rule's marks (`Calendar.add_days`), before they are turned into open time."""
    calendar = line.calendar
    anchors = line.next_open(begins)
    edges = np.unique(np.concatenate((calendar._turns(line.low, line.high), line.turns)))
    stretches = Edges(edges, line.low, line.high).last_before(anchors)
    opens, closes, shifts = np.zeros((3, len(edges)), dtype=np.int64)
    bent = np.zeros(len(edges), dtype=np.bool_)
    for place in np.flatnonzero(np.bincount(stretches)):
        first, last = int(edges[place]), int(edges[place + 1]) - 1
        step = calendar._day_step(first, days)
        opens[place], closes[place], shifts[place] = step.opens, step.closes, step.moved(first) - first
        bent[place] = step.moved(last) - last != shifts[place]
    marks: Int64s = closes[stretches]
    if end_of_day:
        return marks
    marks = np.minimum(np.maximum(anchors + shifts[stretches], opens[stretches]), marks)
    # The clocks change between the two, so the wall clock is kept by more than one shift.
    for row in np.flatnonzero(bent[stretches]):
        marks[row] = calendar._day_step(int(anchors[row]), days).mark(int(anchors[row]))
    return marks
