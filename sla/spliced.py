"""A calendar that was edited, seen as one.

On the first of October the desk in Lahore begins to open at eight. A ticket filed in September keeps the
hours that it was promised until that instant and has the new ones after it: the time line of open windows
is spliced there.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sla.calendar import BusinessDay, Calendar, CalendarNeverOpens, Closure
from sla.windows import FOREVER
from sla.zones import to_datetime, to_microseconds

if TYPE_CHECKING:
    from sla.business_time import BusinessCalendar


class SplicedCalendar(Calendar):
    """A calendar that was edited: each version counts from its instant up to the next one's, the first one
    always has.

    Time before an edit stays reckoned under the version then in force.
    """

    __slots__ = ("_pieces", "name")

    def __init__(self, versions: Iterable[tuple[datetime | None, "BusinessCalendar"]]) -> None:
        since_when = [(_since(valid_from), calendar) for valid_from, calendar in versions]
        ordered = sorted(since_when, key=lambda version: version[0])
        if not ordered:
            raise ValueError("a spliced calendar needs a version")
        starts = [-FOREVER, *(since for since, _ in ordered[1:])]
        ends = [*starts[1:], FOREVER]
        self._pieces = [
            (s, e, version) for s, e, (_, version) in zip(starts, ends, ordered, strict=True) if s < e
        ]
        self.name = ordered[-1][1].name

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the latest version."""
        return self._pieces[-1][2].tz

    def check(self, at: datetime | None = None) -> None:
        self._pieces[-1][2].check(at)

    def holiday_name(self, day: date) -> str | None:
        for _, end, calendar in self._pieces:
            if calendar.instant_of(day.toordinal(), 0) < end:
                break
        return calendar.holiday_name(day)

    def closures(self, start: datetime, end: datetime) -> list[Closure]:
        first, last = to_microseconds(start), to_microseconds(end)
        return [
            closure
            for since, until, calendar in self._cut(first, last)
            for closure in calendar.closures(to_datetime(since), to_datetime(until))
        ]

    def _advance(self, begin: int, amount: int) -> int:
        for since, until, calendar in self._cut(begin, FOREVER):
            if until < FOREVER:
                inside = calendar._elapsed(since, until)
                if inside < amount:
                    amount -= inside
                    continue
            return calendar._advance(since, amount)
        raise AssertionError("the last version has no end")

    def _elapsed(self, start: int, end: int) -> int:
        return sum(calendar._elapsed(since, until) for since, until, calendar in self._cut(start, end))

    def _next_open(self, at: int) -> int:
        # The instant after the first open microsecond, less that microsecond.
        return self._advance(at, 1) - 1

    def _windows(self, start: int, end: int) -> list[tuple[int, int]]:
        joined: list[tuple[int, int]] = []
        for since, until, calendar in self._cut(start, end):
            for opens, closes in calendar._windows(since, until):
                touches = joined and joined[-1][1] == opens
                joined.append((joined.pop()[0] if touches else opens, closes))
        return joined

    def _days_from(self, at: int) -> Iterator[BusinessDay]:
        held: BusinessDay | None = None
        try:
            for day in self._days_of_versions(at):
                if held is None:
                    held = day
                elif day.ordinal <= held.ordinal:  # edited in the middle of that day
                    held = held._replace(closes=day.closes)
                else:
                    yield held
                    held = day
        except CalendarNeverOpens:
            if held is not None:
                yield held
            raise

    def _days_of_versions(self, at: int) -> Iterator[BusinessDay]:
        for since, until, calendar in self._cut(at, FOREVER):
            try:
                for day in calendar._days_from(since):
                    if day.opens >= until:
                        break
                    opens, closes = max(day.opens, since), min(day.closes, until)
                    if calendar._elapsed(opens, closes):
                        yield day._replace(opens=opens, closes=closes)
            except CalendarNeverOpens:
                if until == FOREVER:
                    raise

    def _turns(self, start: int, end: int) -> list[int]:
        return [
            turn
            for since, until, calendar in self._cut(start, end)
            for turn in (since, *calendar._turns(since, until))
        ]

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int, "BusinessCalendar"]]:
        for since, until, calendar in self._pieces:
            if since < end and start < until:
                yield max(since, start), min(until, end), calendar


def _since(valid_from: datetime | None) -> int:
    return -FOREVER if valid_from is None else to_microseconds(valid_from)
