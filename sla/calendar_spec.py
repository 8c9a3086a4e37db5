"""The written form of a support calendar, read and checked.

A calendar is kept as plain data, the form that an admin's page, a preset and a test all write:

    {"tz": "Asia/Karachi",
     "week": {"0": [["09:00", "13:00"], ["14:00", "18:00"]]},
     "holidays": {"2026-03-23": "Pakistan Day"},
     "overrides": {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": []},
     "override_names": {"2026-12-31": "Stocktaking"},
     "ranges": [{"from": "2027-07-05", "to": "2027-07-16", "name": "Summer break", "hours": []}],
     "yearly": {"12-24": {"to": "12-26", "name": "Christmas", "hours": []}}}

Day 0 is Monday. Holidays may be a bare list of dates. An override replaces what the week and the holidays
say, and an empty one closes the day; it may carry its own name, as {"name": "Stocktaking", "hours": []}. A
range says the same of each of its days, both ends included. A yearly entry says it of a day of every year,
or with "to" of several, which may reach over New Year; the 29th of February is there in leap years alone.
The narrower word holds: an override before a range (of two, the later in the list), that before a yearly
day (as written last), that before a holiday, that before the week.

What cannot be read is refused here, once, with a reason that a form can show beside the right day.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sla.zones import SECOND

Interval = tuple[str, str]
MonthDay = tuple[int, int]
Label = tuple[int, int]
"""Opening and closing in microseconds after the local midnight of the date on which the window opens."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MINUTE = 60 * SECOND
_WHOLE_DAY = 24 * 60 * _MINUTE
_LEAP_YEAR = 2000  # has every day of a year that there is
_BEFORE_LEAP_YEAR = date(_LEAP_YEAR, 1, 1).toordinal() - 1
LONGEST_RANGE = 366
"""In days, both ends included."""


class InvalidCalendar(ValueError):
    """A calendar that cannot be read. `reason` is one of `unknown_zone`, `bad_shape`, `bad_weekday`,
    `bad_date`, `bad_range`, `bad_time`; `day` is the weekday key or the date concerned, as written, if
    there is one; `value` is the culprit."""

    def __init__(self, reason: str, *, day: str | None = None, value: object = None) -> None:
        self.reason = reason
        self.day = day
        self.value = value
        where = f" on {day}" if day is not None else ""
        super().__init__(f"{reason}{where}: {value!r}")


class OwnHours(NamedTuple):
    """The hours of a day of its own, in place of the week's; none: closed."""

    labels: tuple[Label, ...]
    name: str


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A calendar as read: dates are ordinals, windows are labels, names are empty where none was given.

    `own` has single days and those of ranges, `yearly` those of every year. `closed_days` are the dates that
    a holiday or a day in `own` closes, in order; `recurs` says that there will be openings for ever."""

    zone: ZoneInfo
    week: tuple[tuple[Label, ...], ...]
    holidays: Mapping[int, str]
    own: Mapping[int, OwnHours]
    yearly: Mapping[MonthDay, OwnHours]
    closed_days: tuple[int, ...]
    recurs: bool

    def labels_of(self, ordinal: int) -> tuple[Label, ...]:
        """The windows that open on a date: its own, else none on a holiday, else those of its weekday."""
        special = self.own_hours(ordinal)
        if special is not None:
            return special.labels
        return () if ordinal in self.holidays else self.week[(ordinal + 6) % 7]

    def own_hours(self, ordinal: int) -> OwnHours | None:
        """What is said of this date alone or of its day in every year, if anything is."""
        special = self.own.get(ordinal)
        if special is None and self.yearly:
            day = date.fromordinal(ordinal)
            return self.yearly.get((day.month, day.day))
        return special

    def closed_by(self, ordinal: int) -> str | None:
        """The name of the holiday or of the empty exception that closes a date ("" if it has none), else
        None."""
        special = self.own_hours(ordinal)
        if special is not None:
            return None if special.labels else special.name or self.holidays.get(ordinal, "")
        return self.holidays.get(ordinal)

    def closed_between(self, first: int, last: int) -> list[int]:
        """The dates from `first` to `last` that a holiday or an own day closes, in order."""
        known = self.closed_days
        found = list(known[bisect_left(known, first) : bisect_right(known, last)])
        shut = [day for day, own in self.yearly.items() if not own.labels]
        if not shut:
            return found
        years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
        each = (_day_of_year(year, *day) for year in years for day in shut)
        found += [day for day in each if day and first <= day <= last and day not in self.own]
        return sorted(found)


def parse_spec(spec: Mapping[str, object]) -> CalendarSpec:
    """Reads the written form. Raises InvalidCalendar."""
    if not isinstance(spec, Mapping):
        raise InvalidCalendar("bad_shape", value=spec)
    own = _ranges(spec.get("ranges") or ()) | _overrides(
        spec.get("overrides") or {}, spec.get("override_names") or {}
    )
    yearly = _yearly(spec.get("yearly") or {})
    holidays = _holidays(spec.get("holidays") or ())
    week = _week(spec.get("week") or {})
    closed = {day for day, hours in own.items() if not hours.labels}
    closed |= {day for day in holidays.keys() - own.keys() if month_day(day) not in yearly}
    return CalendarSpec(
        zone=find_zone(spec.get("tz")),
        week=week,
        holidays=holidays,
        own=own,
        yearly=yearly,
        closed_days=tuple(sorted(closed)),
        # Holidays and own days run out, and every day of the year comes to every day of the week.
        recurs=any(hours.labels for hours in yearly.values()) or (any(week) and len(yearly) < LONGEST_RANGE),
    )


def month_day(ordinal: int) -> MonthDay:
    """The day of the year on which a date lies."""
    day = date.fromordinal(ordinal)
    return day.month, day.day


def _day_of_year(year: int, month: int, day: int) -> int:
    """The date of a day of the year, 0 in a year that does not have it."""
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return 0


def find_zone(key: object) -> ZoneInfo:
    """The zone of an IANA name. Raises InvalidCalendar with `unknown_zone`."""
    if not isinstance(key, str) or not key:
        raise InvalidCalendar("unknown_zone", value=key)
    try:
        return ZoneInfo(key)
    except (LookupError, ValueError, OSError) as error:  # missing, malformed, a folder of zones
        raise InvalidCalendar("unknown_zone", value=key) from error


def overlaps(intervals: Iterable[Sequence[str]]) -> list[tuple[Interval, Interval]]:
    """The pairs of one day's [open, close] intervals that overlap, in order of opening; touching ones do
    not.

    The calendar would merge them; a form asks here first, because a person who writes both meant something
    else. Raises InvalidCalendar for a time that cannot be read.
    """
    read = sorted((*_label(pair, None), (pair[0], pair[1])) for pair in intervals)
    return [
        (first[2], second[2])
        for place, first in enumerate(read)
        for second in read[place + 1 :]
        if second[0] < first[1]
    ]


def _week(written: object) -> tuple[tuple[Label, ...], ...]:
    if not isinstance(written, Mapping):
        raise InvalidCalendar("bad_shape", value=written)
    days: list[tuple[Label, ...]] = [()] * 7
    for key, intervals in written.items():
        if str(key) not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise InvalidCalendar("bad_weekday", day=str(key), value=key)
        days[int(key)] = _labels(intervals, str(key))
    return tuple(days)


def _holidays(written: object) -> dict[int, str]:
    if isinstance(written, Mapping):
        return {_ordinal(day): str(name or "") for day, name in written.items()}
    if isinstance(written, str) or not isinstance(written, Iterable):
        raise InvalidCalendar("bad_shape", value=written)
    return {_ordinal(day): "" for day in written}


def _overrides(written: object, named: object) -> dict[int, OwnHours]:
    if not isinstance(written, Mapping) or not isinstance(named, Mapping):
        raise InvalidCalendar("bad_shape", value=written)
    names = {_ordinal(day): str(name or "") for day, name in named.items()}
    found: dict[int, OwnHours] = {}
    for day, value in written.items():
        ordinal = _ordinal(day)
        if isinstance(value, Mapping):
            found[ordinal] = _own_hours(value, str(day))
        else:
            found[ordinal] = OwnHours(_labels(value, str(day)), names.get(ordinal, ""))
    return found


def _ranges(written: object) -> dict[int, OwnHours]:
    if isinstance(written, str | Mapping) or not isinstance(written, Iterable):
        raise InvalidCalendar("bad_shape", value=written)
    found: dict[int, OwnHours] = {}
    for value in written:
        if not isinstance(value, Mapping):
            raise InvalidCalendar("bad_shape", value=value)
        start = str(value.get("from"))
        first, last = _ordinal(value.get("from")), _ordinal(value.get("to"))
        if not 0 <= last - first < LONGEST_RANGE:
            raise InvalidCalendar("bad_range", day=start, value=value.get("to"))
        found.update(dict.fromkeys(range(first, last + 1), _own_hours(value, start)))
    return found


def _yearly(written: object) -> dict[MonthDay, OwnHours]:
    if not isinstance(written, Mapping):
        raise InvalidCalendar("bad_shape", value=written)
    found: dict[MonthDay, OwnHours] = {}
    for day, value in written.items():
        detailed = value if isinstance(value, Mapping) else {"hours": value}
        first = _leap_ordinal(day)
        last = _leap_ordinal(detailed["to"]) if detailed.get("to") else first
        last += LONGEST_RANGE if last < first else 0
        own = _own_hours(detailed, str(day))
        found |= {
            month_day((each - 1) % LONGEST_RANGE + 1 + _BEFORE_LEAP_YEAR): own
            for each in range(first, last + 1)
        }
    return found


def _own_hours(value: Mapping[Any, Any], day: str) -> OwnHours:
    return OwnHours(_labels(value.get("hours", ()), day), str(value.get("name") or ""))


def _leap_ordinal(written: object) -> int:
    """The place in a leap year, from 1, of a day written as 12-24."""
    try:
        if len(str(written)) != 5:
            raise ValueError(written)
        return date.fromisoformat(f"{_LEAP_YEAR}-{written}").toordinal() - _BEFORE_LEAP_YEAR
    except ValueError as error:
        raise InvalidCalendar("bad_date", day=str(written), value=written) from error


def _ordinal(written: object) -> int:
    if isinstance(written, date):
        return date(written.year, written.month, written.day).toordinal()
    try:
        day = date.fromisoformat(str(written))
    except ValueError as error:
        raise InvalidCalendar("bad_date", day=str(written), value=written) from error
    if day.isoformat() != written:  # week dates and the like, which a person would not find again
        raise InvalidCalendar("bad_date", day=str(written), value=written)
    return day.toordinal()


def _labels(intervals: object, day: str) -> tuple[Label, ...]:
    if isinstance(intervals, str) or not isinstance(intervals, Sequence):
        raise InvalidCalendar("bad_shape", day=day, value=intervals)
    return tuple(sorted(_label(pair, day) for pair in intervals))


def _label(pair: object, day: str | None) -> Label:
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise InvalidCalendar("bad_shape", day=day, value=pair)
    opening = _time_of_day(pair[0], day)
    closing = _WHOLE_DAY if pair[1] == "24:00" else _time_of_day(pair[1], day)
    return opening, closing if closing > opening else closing + _WHOLE_DAY


def _time_of_day(written: object, day: str | None) -> int:
    match = _TIME.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise InvalidCalendar("bad_time", day=day, value=written)
    return (int(match[1]) * 60 + int(match[2])) * _MINUTE
