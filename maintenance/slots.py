"""Find a time: the quietest periods for work on services that many customers use.

Each customer works by a calendar of its own, in its own zone. On a grid of quarter hours the open time before
each instant is summed over all of them; what a period costs is then a difference of two sums, for all periods
at once. To that come the tickets that are usually filed at that hour of the week, and other work that goes on
meanwhile. Periods that touch work on the same services are left out, as are those that begin before the
notice that plans promise.

Values in, values out: aware datetimes come in, datetimes in UTC go out; no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sla.calendar import Calendar, Period
from sla.line import Int64s, Line
from sla.zones import DAY, SECOND, midnight, offset_at, ordinal_of, to_datetime, to_microseconds

Floats = NDArray[np.float64]

MINUTE = 60 * SECOND
STEP = 15 * MINUTE
"""Every zone of the world is ahead of UTC by whole steps, so the wall clock shows 0, 15, 30 or 45."""
HOURS_OF_WEEK = 7 * 24
MOST_PROPOSED = 5

# What one thing weighs beside another, in minutes of one customer's business time.
TICKET_WEIGHS = 60
OTHER_WORK_WEIGHS = 120
OVERRUN_WEIGHS = 0.25
"""A minute of business time in as long a period after the end: work that overruns would take it."""

LEVELS = 5


@dataclass(frozen=True)
class Audience:
    """Customers who keep the same hours: the calendar, and how many they are."""

    hours: Calendar
    customers: int


@dataclass(frozen=True)
class Wanted:
    """What is looked for: so many minutes between two instants, not before a third.

    `zone` is the desk's: its wall clock decides what a day and an hour of the week is. `arrivals` says how
    many tickets are filed in an ordinary week in each of its 168 hours, Monday 00:00 first.
    """

    start: datetime
    end: datetime
    not_before: datetime
    minutes: int
    zone: ZoneInfo
    arrivals: Sequence[float]
    taken: Sequence[Period] = ()
    other_work: Sequence[Period] = ()


@dataclass(frozen=True)
class Slot:
    """A proposal with its reasons; `business_minutes` are summed over customers, `tickets` are expected.

    `customers` work during some of it; `overrun_minutes` is what an equally long period after it would take.
    """

    starts_at: datetime
    ends_at: datetime
    business_minutes: int
    customers: int
    overrun_minutes: int
    tickets: float
    other_work: int
    cost: float


@dataclass(frozen=True)
class HourOfWeek:
    """How busy one hour of the week is: customers at work and tickets filed, both as a mean.

    `level` is 0 where nothing happens, then 1 to 4 by its share of the busiest hour.
    """

    customers: float
    tickets: float
    level: int


@dataclass(frozen=True)
class Found:
    """The best slots, the cheapest first, and the week as a heat map: seven days of 24 hours."""

    slots: list[Slot]
    week: list[list[HourOfWeek]]


def find_slots(wanted: Wanted, audiences: Sequence[Audience], *, most: int = MOST_PROPOSED) -> Found:
    """The best slots, at most one on each day of the desk; and how busy the week is."""
    grid = _Grid(wanted)
    load = _Load(grid, audiences)
    tickets = _tickets_before(grid, wanted.arrivals)
    slots = _candidates(wanted, grid, load, tickets)
    return Found(_best(slots, wanted, most), _week(grid, load, wanted.arrivals))


class _Grid:
    """The quarter hours of the period that is looked at, the last included, and their hours of the week."""

    def __init__(self, wanted: Wanted) -> None:
        first = -(-to_microseconds(wanted.start) // STEP) * STEP
        last = to_microseconds(wanted.end) // STEP * STEP
        self.length = wanted.minutes * MINUTE
        self.points = np.arange(first, max(last, first) + 1, STEP, dtype=np.int64)
        offsets = (offset_at(wanted.zone, int(at)) for at in self.points)
        self.local = self.points + np.fromiter(offsets, np.int64, len(self.points))
        monday = midnight(ordinal_of(int(self.local[0]))) - 7 * DAY
        monday -= to_datetime(monday).weekday() * DAY
        self.hours_of_week = (self.local - monday) // (60 * MINUTE) % HOURS_OF_WEEK

    @property
    def count(self) -> int:
        """How many whole steps there are."""
        return len(self.points) - 1


class _Load:
    """Business time over all customers: before each point, and in the periods that begin there."""

    def __init__(self, grid: _Grid, audiences: Sequence[Audience]) -> None:
        size = len(grid.points)
        instants = np.concatenate((grid.points, grid.points + grid.length, grid.points + 2 * grid.length))
        self.before = np.zeros(size, dtype=np.int64)
        self.during = np.zeros(size, dtype=np.int64)
        self.after = np.zeros(size, dtype=np.int64)
        self.customers = np.zeros(size, dtype=np.int64)
        for audience in audiences:
            line = Line(audience.hours)
            line.cover(int(instants[0]), int(instants.max()) + 1)
            begins, ends, later = np.split(line.opened(instants), 3)
            self.before += begins * audience.customers
            self.during += (ends - begins) * audience.customers
            self.after += (later - ends) * audience.customers
            self.customers += (ends > begins) * audience.customers


def _tickets_before(grid: _Grid, arrivals: Sequence[float]) -> Floats:
    """How many tickets are usually filed from the first point of the grid to each."""
    rates = np.asarray(arrivals, dtype=np.float64)[grid.hours_of_week[:-1]] * (STEP / (60 * MINUTE))
    return np.concatenate(([0.0], np.cumsum(rates)))


def _candidates(wanted: Wanted, grid: _Grid, load: _Load, tickets: Floats) -> Iterator[Slot]:
    """Every slot that may be proposed, the best first."""
    starts, ends = grid.points, grid.points + grid.length
    filed = np.interp(ends, grid.points, tickets) - tickets
    other = _touching(starts, ends, wanted.other_work)
    cost = load.during / MINUTE + OVERRUN_WEIGHS * load.after / MINUTE
    cost += TICKET_WEIGHS * filed + OTHER_WORK_WEIGHS * other
    possible = (starts >= to_microseconds(wanted.not_before)) & (ends <= to_microseconds(wanted.end))
    possible &= _touching(starts, ends, wanted.taken) == 0
    places = np.flatnonzero(possible)
    # Of slots that cost the same, those at the full hour, then at the half; then the sooner one.
    oddness = np.array([0, 2, 1, 2])[grid.local[places] // STEP % 4]
    order = places[np.lexsort((places, oddness, np.round(cost[places], 1)))]
    for at in order:
        yield Slot(
            starts_at=to_datetime(int(starts[at])),
            ends_at=to_datetime(int(ends[at])),
            business_minutes=round(int(load.during[at]) / MINUTE),
            customers=int(load.customers[at]),
            overrun_minutes=round(int(load.after[at]) / MINUTE),
            tickets=float(filed[at]),
            other_work=int(other[at]),
            cost=float(cost[at]),
        )


def _touching(starts: Int64s, ends: Int64s, periods: Sequence[Period]) -> Int64s:
    """How many of the periods each slot has an instant in common with."""
    found = np.zeros(len(starts), dtype=np.int64)
    for begin, end in periods:
        found += (starts < to_microseconds(end)) & (to_microseconds(begin) < ends)
    return found


def _best(slots: Iterable[Slot], wanted: Wanted, most: int) -> list[Slot]:
    """The best one of each day of the desk, until there are enough."""
    days: set[date] = set()
    chosen: list[Slot] = []
    for slot in slots:
        day = slot.starts_at.astimezone(wanted.zone).date()
        if day not in days:
            days.add(day)
            chosen.append(slot)
        if len(chosen) == most:
            break
    return chosen


def _week(grid: _Grid, load: _Load, arrivals: Sequence[float]) -> list[list[HourOfWeek]]:
    """The mean of each hour of the week over the whole period."""
    hours = grid.hours_of_week[:-1]
    quarters = np.bincount(hours, minlength=HOURS_OF_WEEK)
    totals = np.bincount(hours, weights=np.diff(load.before) / STEP, minlength=HOURS_OF_WEEK)
    customers = totals / np.maximum(quarters, 1)
    busy = customers * 60 + np.asarray(arrivals, dtype=np.float64) * TICKET_WEIGHS
    busiest = float(busy.max())
    shares = busy / busiest if busiest > 0 else busy
    levels = np.where(shares > 0, np.minimum(1 + shares * (LEVELS - 1), LEVELS - 1), 0).astype(int)
    cells = [
        HourOfWeek(float(working), float(filed), int(level))
        for working, filed, level in zip(customers, arrivals, levels, strict=True)
    ]
    return [cells[day * 24 : day * 24 + 24] for day in range(7)]
