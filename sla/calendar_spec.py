"""The written form of a support calendar, read and checked.

A calendar is kept as plain data, the form that an admin's page, a preset and a test all write:

    {"tz": "Asia/Karachi",
     "week": {"0": [["09:00", "13:00"], ["14:00", "18:00"]]},
     "holidays": {"2026-03-23": "Pakistan Day"},
     "overrides": {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": []},
     "override_names": {"2026-12-31": "Stocktaking"}}

Day 0 is Monday. Holidays may be a bare list of dates. An override replaces what the week and the holidays
say, and an empty one closes the day; it may carry its own name, as {"name": "Stocktaking", "hours": []}.

What cannot be read is refused here, once, with a reason that a form can show beside the right day.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sla.zones import SECOND

Interval = tuple[str, str]
Label = tuple[int, int]
"""Opening and closing in microseconds after the local midnight of the date on which the window opens."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MINUTE = 60 * SECOND
_WHOLE_DAY = 24 * 60 * _MINUTE


class InvalidCalendar(ValueError):
    """A calendar that cannot be read. `reason` is one of `unknown_zone`, `bad_shape`, `bad_weekday`,
    `bad_date`, `bad_time`; `day` is the weekday key or the date concerned, as written, if there is one;
    `value` is the culprit."""

    def __init__(self, reason: str, *, day: str | None = None, value: object = None) -> None:
        self.reason = reason
        self.day = day
        self.value = value
        where = f" on {day}" if day is not None else ""
        super().__init__(f"{reason}{where}: {value!r}")


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A calendar as read: dates are ordinals, windows are labels, names are empty where none was given.

    `closed_days` are the dates shut by a holiday or an empty exception, in order."""

    zone: ZoneInfo
    week: tuple[tuple[Label, ...], ...]
    holidays: Mapping[int, str]
    overrides: Mapping[int, tuple[Label, ...]]
    override_names: Mapping[int, str]
    closed_days: tuple[int, ...]

    def labels_of(self, ordinal: int) -> tuple[Label, ...]:
        """The windows that open on a date: its exception, else none on a holiday, else those of its
        weekday."""
        special = self.overrides.get(ordinal)
        if special is not None:
            return special
        return () if ordinal in self.holidays else self.week[(ordinal + 6) % 7]

    def closed_by(self, ordinal: int) -> str | None:
        """The name of the holiday or of the empty exception that closes a date ("" if it has none), else
        None."""
        if ordinal in self.overrides:
            name = self.override_names.get(ordinal) or self.holidays.get(ordinal, "")
            return None if self.overrides[ordinal] else name
        return self.holidays.get(ordinal)


def parse_spec(spec: Mapping[str, object]) -> CalendarSpec:
    """Reads the written form. Raises InvalidCalendar."""
    if not isinstance(spec, Mapping):
        raise InvalidCalendar("bad_shape", value=spec)
    overrides, names = _overrides(spec.get("overrides") or {}, spec.get("override_names") or {})
    holidays = _holidays(spec.get("holidays") or ())
    closed = {ordinal for ordinal, hours in overrides.items() if not hours} | (
        holidays.keys() - overrides.keys()
    )
    return CalendarSpec(
        zone=find_zone(spec.get("tz")),
        week=_week(spec.get("week") or {}),
        holidays=holidays,
        overrides=overrides,
        override_names=names,
        closed_days=tuple(sorted(closed)),
    )


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


def _overrides(written: object, named: object) -> tuple[dict[int, tuple[Label, ...]], dict[int, str]]:
    if not isinstance(written, Mapping) or not isinstance(named, Mapping):
        raise InvalidCalendar("bad_shape", value=written)
    hours: dict[int, tuple[Label, ...]] = {}
    names = {_ordinal(day): str(name or "") for day, name in named.items()}
    for day, value in written.items():
        ordinal = _ordinal(day)
        detailed = isinstance(value, Mapping)
        if detailed:
            names[ordinal] = str(value.get("name") or "")
        hours[ordinal] = _labels(value.get("hours", ()) if detailed else value, str(day))
    return hours, names


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
