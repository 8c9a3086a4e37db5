"""Closed days out of an iCalendar file (.ics), as calendars of holidays and schools are published.

Whole days alone are taken: an event with times of day may mean open or closed. What repeats every year on
the same day becomes a yearly day; other yearly rules ("the fourth Thursday in November") and those that end
are written out for the years ahead. Everything else is handed back with the reason, so that a page can say
what was left out. No rule of a stranger's file is run without a bound.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from icalendar import Calendar, Event
from icalendar.error import BrokenCalendarProperty

from sla.own_days import OwnDays

MOST_BYTES = 256 * 1024
MOST_EVENTS = 500
YEARS_AHEAD = 3
"""So far are repeating days written out that are not the same every year."""

_OWN_RULES = {"BYMONTH", "BYMONTHDAY", "BYDAY"}
_PLAIN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, BrokenCalendarProperty)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Reason(StrEnum):
    """Why an event was left out."""

    TIMES = "times"
    OVER = "over"
    CANCELLED = "cancelled"
    OFTEN = "often"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"


class UnreadableFile(ValueError):
    """No iCalendar file; `reason` is `not_a_calendar`, `no_events`, `too_large` or `too_many`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class LeftOut:
    """An event that was not taken."""

    name: str
    day: date | None
    reason: Reason


def read_ics(content: bytes, today: date) -> tuple[list[OwnDays], list[LeftOut]]:
    """The closed days in a file from `today` on, in order, and what was left out. Raises UnreadableFile."""
    found: list[OwnDays] = []
    left_out: list[LeftOut] = []
    for event in _events(content):
        name = " ".join(str(event.get("SUMMARY") or "").split())[:80]
        try:
            days, reason = _days_of(event, name, today)
        except _UNREADABLE:
            days, reason = [], Reason.UNREADABLE
        found += days
        if reason is not None:
            left_out.append(LeftOut(name, _day_of(event), reason))
    return sorted(found, key=lambda own: (own.first, own.last)), left_out


def _events(content: bytes) -> Sequence[Event]:
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_large")
    if content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise UnreadableFile("too_many")
    if b"BEGIN:VCALENDAR" not in content.upper():
        raise UnreadableFile("not_a_calendar")
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        events = [event for calendar in calendars for event in calendar.events]
    except Exception as error:  # whatever a stranger's file makes the parser say
        raise UnreadableFile("not_a_calendar") from error
    if not events:
        raise UnreadableFile("no_events")
    return events


def _days_of(event: Event, name: str, today: date) -> tuple[list[OwnDays], Reason | None]:
    if str(event.get("STATUS") or "").upper() == "CANCELLED":
        return [], Reason.CANCELLED
    span = _whole_days(event)
    if span is None:
        return [], Reason.TIMES
    own = OwnDays(*span, name=name)
    if not own.is_readable:
        return [], Reason.TOO_LONG
    if any(event.get(part) is not None for part in ("RRULE", "RDATE", "RECURRENCE-ID")):
        return _repeated(own, event, today)
    return ([own], None) if own.last >= today else ([], Reason.OVER)


def _whole_days(event: Event) -> tuple[date, date] | None:
    """First and last day; None for an event with times of day. Raises ValueError for one without a start."""
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        raise ValueError("no start")
    if end is None:
        length = event.get("DURATION")
        end = start + length.dt if length is not None else None
    if not isinstance(start, datetime):
        last = (end - timedelta(days=1)) if end is not None and not isinstance(end, datetime) else start
        return _checked(start, max(start, last))
    # Some programs write a whole day as one from midnight to midnight.
    if not isinstance(end, datetime) or start.time() != time(0) or end.time() != time(0) or end <= start:
        return None
    return _checked(start.date(), end.date() - timedelta(days=1))


def _checked(first: date, last: date) -> tuple[date, date]:
    if not 1900 <= first.year <= last.year <= 2200:
        raise ValueError("no such days")
    return first, last


def _repeated(own: OwnDays, event: Event, today: date) -> tuple[list[OwnDays], Reason | None]:
    rule, without = event.get("RRULE"), _left_out_dates(event)
    # Several rules, further dates, or the one changed round of a repeated event: nobody publishes days so.
    if rule is None or isinstance(rule, list) or event.get("RDATE") is not None:
        return [], Reason.OFTEN
    if _first_of(rule, "FREQ") != "YEARLY" or set(rule) - _PLAIN - _OWN_RULES:
        return [], Reason.OFTEN
    if _is_every_year(own, rule) and not without:
        yearly = replace(own, yearly=True)
        return ([yearly.coming(today)], None) if yearly.is_readable else ([], Reason.TOO_LONG)
    length = own.last - own.first
    found = [
        replace(own, first=day, last=day + length)
        for day in _rounds(own.first, rule, today)
        if day + length >= today and day not in without
    ]
    return (found, None) if found else ([], Reason.OVER)


def _is_every_year(own: OwnDays, rule: Any) -> bool:
    """Whether the rule is the same day of every year, without an end."""
    if (
        rule.get("COUNT")
        or rule.get("UNTIL")
        or rule.get("BYDAY")
        or int(_first_of(rule, "INTERVAL") or 1) != 1
    ):
        return False
    months = [int(month) for month in rule.get("BYMONTH") or [own.first.month]]
    days = [int(day) for day in rule.get("BYMONTHDAY") or [own.first.day]]
    return (months, days) == ([own.first.month], [own.first.day])


def _rounds(start: date, rule: Any, today: date) -> Iterator[date]:
    """The days on which a yearly rule begins, from last year, or if it counts them from its first, on."""
    every, most = int(_first_of(rule, "INTERVAL") or 1), int(_first_of(rule, "COUNT") or 0)
    until = _first_of(rule, "UNTIL")
    end = until.date() if isinstance(until, datetime) else until
    if every < 1:
        raise ValueError("no interval")
    count = 0
    gone = 0 if most else max(0, (today.year - 1 - start.year) // every)
    for year in range(start.year + gone * every, today.year + YEARS_AHEAD + 1, every):
        for day in _in_year(start, rule, year):
            if day < start:
                continue
            count += 1
            if (most and count > most) or (end and day > end):
                return
            yield day


def _in_year(start: date, rule: Any, year: int) -> list[date]:
    months = sorted({int(month) for month in rule.get("BYMONTH") or [start.month]})
    if not rule.get("BYDAY"):
        days = [int(day) for day in rule.get("BYMONTHDAY") or [start.day]]
        return sorted({day for month in months for day in _of_month(year, month, days)})
    if not rule.get("BYMONTH") or rule.get("BYMONTHDAY"):
        raise ValueError("counts weekdays of a whole year")
    return sorted({day for month in months for each in rule["BYDAY"] for day in _weekday(year, month, each)})


def _of_month(year: int, month: int, days: list[int]) -> Iterator[date]:
    length = monthrange(year, month)[1]
    for day in days:
        place = day if day > 0 else length + 1 + day
        if 1 <= place <= length:
            yield date(year, month, place)


def _weekday(year: int, month: int, written: str) -> list[date]:
    """The days of a month that "4TH" (the fourth Thursday), "-1MO" (the last Monday) or "MO" mean."""
    weekday = _WEEKDAYS.index(str(written)[-2:].upper())
    place = int(str(written)[:-2] or 0)
    every = [
        date(year, month, day)
        for day in range(1, monthrange(year, month)[1] + 1)
        if date(year, month, day).weekday() == weekday
    ]
    if place == 0:
        return every
    return every[place - 1 : place] if place > 0 else every[place : place + 1 or None]


def _left_out_dates(event: Event) -> set[date]:
    written = event.get("EXDATE")
    lists = written if isinstance(written, list) else [written] if written is not None else []
    moments = [one.dt for each in lists for one in each.dts]
    return {moment.date() if isinstance(moment, datetime) else moment for moment in moments}


def _first_of(rule: Any, key: str) -> Any:
    values = rule.get(key)
    return values[0] if isinstance(values, list) and values else values


def _moment(event: Event, name: str) -> Any:
    value = event.get(name)
    return value.dt if value is not None else None


def _day_of(event: Event) -> date | None:
    try:
        start = _moment(event, "DTSTART")
    except _UNREADABLE:
        return None
    return start.date() if isinstance(start, datetime) else start if isinstance(start, date) else None
