"""The open hours of a calendar laid out for numpy: many questions answered by a few passes over arrays.

The same F as in `sla.business_time`, and its windows: the scalar core supplies them and stays the only
authority on what is open. A question is "in which stretch does this value lie?", twice: on the UTC line and
on the sums of open time. Bisection would miss the processor's guess at every step; a grid of equal cells
says where to begin, and a step or two lead to the place.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sla.calendar import Calendar
from sla.windows import FOREVER

Int64s = NDArray[np.int64]

_CELL = 31
"""A cell of a grid is 2 ** 31 microseconds, 36 minutes: seldom does more than one edge lie in one."""
_MOST_CELLS = 1 << 20
_MOST_STEPS = 4
_CHUNK = 1 << 14
"""Rows that are worked on at once, so that what lies between the passes stays in the processor's cache."""


class Edges:
    """Sorted values that part a range into stretches. All values asked about must lie from `low` to
    `high`."""

    __slots__ = ("_edges", "_grid", "_low", "_steps")

    def __init__(self, edges: Int64s, low: int, high: int) -> None:
        self._edges = np.append(edges, FOREVER)
        self._low = low
        self._grid: Int64s | None = None
        self._steps = 0
        cells = ((high - low) >> _CELL) + 2
        if cells <= _MOST_CELLS:
            begins = low + (np.arange(cells, dtype=np.int64) << _CELL)
            grid = np.searchsorted(edges, begins, side="right").astype(np.int64) - 1
            self._steps = int(np.diff(grid).max())
            self._grid = grid if self._steps <= _MOST_STEPS else None

    def last_before(self, values: Int64s) -> Int64s:
        """The place of the last edge at or before each value, -1 where there is none."""
        if self._grid is None:
            return np.searchsorted(self._edges, values, side="right") - 1
        places: Int64s = self._grid[(values - self._low) >> _CELL]
        for _step in range(self._steps):
            places += self._edges[places + 1] <= values
        return places


class Line:
    """A calendar's open windows as arrays, from `low` to `high`, grown as questions need them.

    One Line may answer for many batches of rows. Not to be shared between threads. All in microseconds.
    """

    __slots__ = ("_calendar", "_closes", "_goals", "_instants", "_opens", "_sums", "high", "low", "total")

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self.low, self.high = FOREVER, -FOREVER

    @property
    def calendar(self) -> Calendar:
        """The calendar whose hours these are."""
        return self._calendar

    @property
    def turns(self) -> Int64s:
        """The instants at which the desk opens or closes."""
        return np.concatenate((self._opens[1:], self._closes[1:]))

    def cover(self, low: int, high: int) -> None:
        """Makes the line right for every instant from `low` to `high`."""
        if low >= self.low and high <= self.high:
            return
        self.low, self.high = min(low, self.low), max(high, self.high)
        windows = np.array(self._calendar._windows(self.low, self.high), dtype=np.int64).reshape(-1, 2)
        # A window of no length before all others spares every question the case of "before the first".
        self._opens = np.concatenate(([-FOREVER], windows[:, 0]))
        self._closes = np.concatenate(([-FOREVER], windows[:, 1]))
        ends = np.cumsum(self._closes - self._opens)
        self.total = int(ends[-1])
        self._sums = np.concatenate(([0], ends[:-1]))
        self._instants = Edges(self._opens, self.low, self.high)
        self._goals = Edges(self._sums, 0, self.total)

    def reach(self, goal: int) -> None:
        """Makes the line long enough to hold so much open time. Raises CalendarNeverOpens."""
        if goal > self.total:
            self.cover(self.low, self._calendar._advance(self.high, goal - self.total))

    def opened(self, instants: Int64s) -> Int64s:
        """F: the open time between `low` and each instant, all of them covered."""
        answers = np.empty(len(instants), dtype=np.int64)
        for chunk in _chunks(len(instants)):
            at = instants[chunk]
            places = self._instants.last_before(at)
            within = np.minimum(at, self._closes[places])
            within -= self._opens[places]
            np.add(within, self._sums[places], out=answers[chunk])
        return answers

    def instants(self, goals: Int64s) -> Int64s:
        """The earliest instant with so much open time before it, for goals from 1 to `total`.

        What a smaller goal gets means nothing.
        """
        answers = np.empty(len(goals), dtype=np.int64)
        for chunk in _chunks(len(goals)):
            goal = np.maximum(goals[chunk], 1)
            places = self._goals.last_before(goal - 1)
            goal -= self._sums[places]
            np.add(goal, self._opens[places], out=answers[chunk])
        return answers

    def next_open(self, instants: Int64s) -> Int64s:
        """The first open instant from each on. Raises CalendarNeverOpens."""
        self.cover(int(instants.min()), self._calendar._next_open(int(instants.max())) + 1)
        places = self._instants.last_before(instants)
        places += self._closes[places] <= instants
        return np.maximum(instants, self._opens[places])


def _chunks(length: int) -> Iterator[slice]:
    return (slice(begin, begin + _CHUNK) for begin in range(0, length, _CHUNK))
