"""Business time: how long a support desk has been open, and when it will have been open long enough.

A customer in Lahore is promised an answer in four business hours. It is Friday, 17:00; the desk closes at
18:00 and opens again on Monday, unless Monday is Eid. Everything here follows from one function: F(t), the
time that the desk was open before the instant t. It rises while the desk is open, stands still while it is
closed, and never falls. Elapsed time is a difference of F; a deadline is the *earliest* instant at which F
has risen by what was promised, so a promise that is used up exactly at closing time falls due at closing
time, not at the next opening.

A calendar's windows are turned into instants on the UTC line (`sla.zones`), year by year as they are asked
for, merged and kept beside their running sums; each question is then one or two bisections. Values in,
values out: aware datetimes come in, datetimes in UTC go out, exact to the microsecond; no clock is read. A
calendar may be shared between threads, because a grown table replaces the old one whole.
`docs/sla-clock.md` has the rules and the tests that show them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sla.calendar import BusinessDay, Calendar, CalendarNeverOpens, Closure, Period
from sla.calendar_spec import CalendarSpec, InvalidCalendar, overlaps, parse_spec
from sla.spliced import SplicedCalendar
from sla.windows import FOREVER, Table, compile_year
from sla.zones import (
    DAY,
    TZDATA_VERSION,
    first_instant,
    midnight,
    offsets_of_year,
    ordinal_of,
    to_datetime,
    to_microseconds,
)

__all__ = [
    "TZDATA_VERSION",
    "BusinessCalendar",
    "Calendar",
    "CalendarNeverOpens",
    "Closure",
    "InvalidCalendar",
    "Period",
    "SplicedCalendar",
    "around_the_clock",
    "overlaps",
    "splice",
]


class BusinessCalendar(Calendar):
    """One calendar: a zone, a week, holidays and exceptions. Made by `from_spec`; its answers stay."""

    __slots__ = ("_spec", "_table", "name")

    def __init__(self, spec: CalendarSpec, name: str) -> None:
        self._spec = spec
        self._table: Table | None = None
        self.name = name

    @classmethod
    def from_spec(cls, spec: Mapping[str, object], name: str = "calendar") -> "BusinessCalendar":
        """Reads the written form (`sla.calendar_spec`). Raises InvalidCalendar. Nothing is compiled yet."""
        return cls(parse_spec(spec), name)

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which the calendar's hours are written."""
        return self._spec.zone

    def check(self, at: datetime | None = None) -> None:
        """Raises CalendarNeverOpens if nothing opens at all, or nothing from `at` on. To be asked at save."""
        if self._spec.recurs:
            return
        first = min(self._spec.own, default=date(2000, 1, 1).toordinal())
        self._next_open(midnight(first) - 2 * DAY if at is None else to_microseconds(at))

    def holiday_name(self, day: date) -> str | None:
        """The name of the holiday or empty exception that closes a date, "" if nameless, else None."""
        return self._spec.closed_by(day.toordinal())

    def closures(self, start: datetime, end: datetime) -> list[Closure]:
        first, last = to_microseconds(start), to_microseconds(end)
        found = []
        for ordinal in self._spec.closed_between(ordinal_of(first) - 1, ordinal_of(last) + 1):
            begins = max(self.instant_of(ordinal, 0), first)
            ends = min(self.instant_of(ordinal, DAY), last)
            if begins < ends:
                name = self._spec.closed_by(ordinal) or ""
                found.append(Closure(to_datetime(begins), to_datetime(ends), name))
        return found

    def instant_of(self, ordinal: int, label: int) -> int:
        """The first UTC microsecond at which the local clock reads a label of a date, or later."""
        year = date.fromordinal(ordinal).year
        return first_instant(offsets_of_year(self._spec.zone.key, year), midnight(ordinal) + label)

    def _advance(self, begin: int, amount: int) -> int:
        # Asked more than anything else here, so it makes no call that it can do without.
        table = self._table
        if table is None or begin < table.covers_from or begin >= table.covers_to:
            table = self._table_over(begin, begin)
        while True:
            opens, sums, goal = table.opens, table.sums, amount
            place = bisect_right(opens, begin) - 1
            if place >= 0:
                close = table.closes[place]
                goal += sums[place] - opens[place] + (begin if begin < close else close)
            if goal <= table.total:
                place = bisect_left(sums, goal) - 1
                return opens[place] + goal - sums[place]
            table = self._grow(table)

    def _elapsed(self, start: int, end: int) -> int:
        table = self._table_over(start, end)
        return table.open_before(end) - table.open_before(start)

    def _next_open(self, at: int) -> int:
        table = self._table_over(at, at)
        while (place := bisect_right(table.closes, at)) == len(table.closes):
            table = self._grow(table)
        return max(at, table.opens[place])

    def _windows(self, start: int, end: int) -> list[tuple[int, int]]:
        if end <= start:
            return []
        table = self._table_over(start, end + 2 * DAY)
        first, last = bisect_right(table.closes, start), bisect_left(table.opens, end)
        return [(max(table.opens[i], start), min(table.closes[i], end)) for i in range(first, last)]

    def _days_from(self, at: int) -> Iterator[BusinessDay]:
        table = self._table_over(at, at)
        # A window may reach into the next date, so the date before the last one opened may still be open.
        place = max(bisect_right(table.day_opens, at) - 3, 0)
        ordinal = 0
        while True:
            for i in range(place, len(table.days)):
                ordinal, opens, closes = table.days[i], table.day_opens[i], table.day_closes[i]
                if closes > at:
                    yield BusinessDay(ordinal, opens, closes, self.tz, self.instant_of)
            table = self._grow(table)
            place = bisect_right(table.days, ordinal)

    def _turns(self, start: int, end: int) -> list[int]:
        table = self._table_over(start, end)
        years = range(_year_of(start), _year_of(end) + 1)
        changes = (at for year in years for at in offsets_of_year(self.tz.key, year).starts[1:])
        return [*table.day_opens, *table.day_closes, *changes]

    def _table_over(self, start: int, end: int) -> Table:
        """The compiled table, right at both instants and between them."""
        table = self._table
        if table is not None and table.covers_from <= start and end < table.covers_to:
            return table
        # Two days cover any zone's offset and a window that reaches over New Year.
        return self._compile(_year_of(start - 2 * DAY), _year_of(end + 2 * DAY))

    def _grow(self, table: Table) -> Table:
        if table.covers_to >= FOREVER:
            raise CalendarNeverOpens(self.name)
        ahead = (table.last_year - table.first_year) // 4 + 1
        return self._compile(table.first_year, table.last_year + ahead)

    def _compile(self, first_year: int, last_year: int) -> Table:
        known = self._table.years if self._table is not None else {}
        span = range(min(first_year, *known, last_year), max(last_year, *known, first_year) + 1)
        years = {year: known[year] if year in known else compile_year(self._spec, year) for year in span}
        # One assignment: another thread sees the old table or the new one, both right for what they cover.
        self._table = table = Table(self._spec, years)
        return table


def splice(
    versions: Sequence[tuple[datetime | None, BusinessCalendar]],
) -> BusinessCalendar | SplicedCalendar:
    """The calendar of versions (valid from, or None for always; calendar); one alone stands for itself."""
    return versions[0][1] if len(versions) == 1 else SplicedCalendar(versions)


def around_the_clock(tz: str = "UTC", name: str = "around the clock") -> BusinessCalendar:
    """A calendar that is always open; the zone decides only where its days begin. Raises InvalidCalendar."""
    week = {str(day): [["00:00", "24:00"]] for day in range(7)}
    return BusinessCalendar.from_spec({"tz": tz, "week": week}, name)


def _year_of(at: int) -> int:
    return date.fromordinal(ordinal_of(at)).year
