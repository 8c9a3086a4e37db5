"""What every calendar can be asked, whether it was ever edited or not: the public door and the day rule.

A kind of calendar supplies F (see `sla.business_time`) over whole microseconds; the questions that people
ask, with pauses left out and days counted, are put together here, once.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla.zones import MICROSECOND, midnight, offset_at, to_datetime, to_microseconds

Period = tuple[datetime, datetime]
"""From the first instant up to, not including, the second."""


class CalendarNeverOpens(ValueError):
    """The calendar `name` has no open time after the instant asked about (or none at all)."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the calendar {name!r} never opens again")


class Closure(NamedTuple):
    """A whole local day on which nothing opens: a holiday or an empty exception, "" when it has no name."""

    start: datetime
    end: datetime
    name: str


class BusinessDay(NamedTuple):
    """A date that has hours: from its first opening to its last close, under the calendar then in force."""

    ordinal: int
    opens: int
    closes: int
    zone: ZoneInfo
    instant_of: Callable[[int, int], int]


class DayStep(NamedTuple):
    """From the date of an anchor to the `target`, so many dates later: `to_label` more than an instant of
    the one is what its wall clock reads, for the other."""

    target: BusinessDay
    to_label: int

    @property
    def opens(self) -> int:
        return self.target.opens

    @property
    def closes(self) -> int:
        return self.target.closes

    def moved(self, anchor: int) -> int:
        """The same wall clock on the target's date."""
        return self.target.instant_of(self.target.ordinal, anchor + self.to_label)

    def mark(self, anchor: int) -> int:
        """The same, clamped into the hours of the target."""
        return min(max(self.moved(anchor), self.target.opens), self.target.closes)


class Calendar(ABC):
    """The public door, the same for one calendar and for a spliced one.

    Takes aware datetimes (TypeError for naive ones) and answers in UTC. `excluding` is any set of periods
    to leave out, in any order, overlapping or not; only open time inside them matters. CalendarNeverOpens
    is raised where an opening is needed and none comes; there is no look-ahead cap.
    """

    __slots__ = ()
    name: str

    def add(self, start: datetime, duration: timedelta, excluding: Iterable[Period] = ()) -> datetime:
        """The earliest instant by which the desk has been open for `duration` since `start`.

        `start` itself for a duration of 0. Raises ValueError for a negative one.
        """
        amount = duration // MICROSECOND
        begin = to_microseconds(start)
        if amount > 0:
            gaps = _merged(excluding) if excluding else ()
            due = self._advance_around(begin, amount, gaps) if gaps else self._advance(begin, amount)
            return to_datetime(due)
        if amount < 0:
            raise ValueError("business time runs forwards only")
        return start.astimezone(UTC)

    def add_days(
        self, start: datetime, days: int, excluding: Iterable[Period] = (), *, end_of_day: bool = False
    ) -> datetime:
        """`days` business days after `start`, a unit of its own and never 24 hours.

        From the first open instant, the same wall clock on the `days`-th later date that has hours, clamped
        into that date's hours (or its last close, with `end_of_day`), then the earliest instant with the
        same open time before it. With `excluding`: as much open time as lies before that deadline, counted
        with the periods left out.
        """
        if days <= 0:
            return self.add(start, timedelta(days=days))
        begin = to_microseconds(start)
        amount = self._elapsed(begin, self._day_mark(begin, days, end_of_day=end_of_day))
        return self.add(start, MICROSECOND * amount, excluding)

    def elapsed(self, start: datetime, end: datetime, excluding: Iterable[Period] = ()) -> timedelta:
        """The open time from `start` to `end`, negative when `end` is the earlier one."""
        first, last = to_microseconds(start), to_microseconds(end)
        if last < first:
            return -self.elapsed(end, start, excluding)
        total = self._elapsed(first, last)
        for gap_start, gap_end in _merged(excluding) if excluding else ():
            if gap_start < last and first < gap_end:
                total -= self._elapsed(max(gap_start, first), min(gap_end, last))
        return MICROSECOND * total

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at an instant: at an opening yes, at a close no."""
        instant = to_microseconds(at)
        return self._elapsed(instant, instant + 1) > 0

    def next_open(self, at: datetime) -> datetime:
        """The first instant from `at` on at which the desk is open: `at` itself if it is."""
        return to_datetime(self._next_open(to_microseconds(at)))

    def windows(self, start: datetime, end: datetime) -> list[Period]:
        """The open windows between two instants, merged where they touch, cut at both ends."""
        pairs = self._windows(to_microseconds(start), to_microseconds(end))
        return [(to_datetime(opens), to_datetime(closes)) for opens, closes in pairs]

    @abstractmethod
    def closures(self, start: datetime, end: datetime) -> list[Closure]:
        """The closed days that reach into a period, in order, cut at both ends."""

    def _advance_around(self, begin: int, amount: int, gaps: Sequence[tuple[int, int]]) -> int:
        for gap_start, gap_end in gaps:
            if gap_end <= begin:
                continue
            if gap_start > begin:
                before = self._elapsed(begin, gap_start)
                if before >= amount:
                    break  # a pause that begins at or after the deadline does not move it
                amount -= before
            begin = gap_end
        return self._advance(begin, amount)

    def _day_mark(self, begin: int, days: int, *, end_of_day: bool) -> int:
        anchor = self._next_open(begin)
        step = self._day_step(anchor, days)
        return step.closes if end_of_day else step.mark(anchor)

    def _day_step(self, anchor: int, days: int) -> "DayStep":
        """Where the day rule leads from an open instant; the same between two neighbours of `_turns`."""
        later = self._days_from(anchor)
        first = next(later)
        for day in later:
            if day.opens > anchor:
                break
            first = day
        beyond = (day for day in self._days_from(anchor) if day.ordinal > first.ordinal)
        target = next(islice(beyond, days - 1, None))
        return DayStep(target, offset_at(first.zone, anchor) - midnight(first.ordinal))

    @abstractmethod
    def _advance(self, begin: int, amount: int) -> int: ...

    @abstractmethod
    def _elapsed(self, start: int, end: int) -> int: ...

    @abstractmethod
    def _next_open(self, at: int) -> int: ...

    @abstractmethod
    def _windows(self, start: int, end: int) -> list[tuple[int, int]]: ...

    @abstractmethod
    def _days_from(self, at: int) -> Iterator[BusinessDay]:
        """The dates with hours that close after an instant, in order; CalendarNeverOpens after the last."""

    @abstractmethod
    def _turns(self, start: int, end: int) -> list[int]:
        """The instants at which dates open and close, clocks change, and hours were edited.

        All of a period, in any order, and perhaps some about it.
        """


def _merged(periods: Iterable[Period]) -> list[tuple[int, int]]:
    union: list[tuple[int, int]] = []
    for start, end in sorted((to_microseconds(first), to_microseconds(last)) for first, last in periods):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        elif start < end:
            union.append((start, end))
    return union
