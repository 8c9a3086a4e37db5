"""On which days a series of windows takes place, and at which instants.

Days come from an RRULE (RFC 5545); the clock on the wall of a named zone says when on such a day. A label
that spring skips is the instant of the change, one that autumn repeats its first reading (`sla.zones`). A
window lasts as long as its work does: `minutes` pass whatever clocks do meanwhile, as RFC 5545 has it for
recurring entries with an end. Values in, values out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrule, rrulestr

from sla.zones import SECOND, first_instant, midnight, offsets_of_year, to_datetime

FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST"}
"""No times of day, and no end: the series has its own."""
INTERVAL = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


class UnreadableRule(ValueError):
    """No rule of days."""


@dataclass(frozen=True)
class Recurrence:
    """A series: `rule` without DTSTART and UNTIL, first and last day (both included), the time in `zone`."""

    rule: str
    zone: str
    first_date: date
    last_date: date | None
    starts_at_time: time
    minutes: int


@dataclass(frozen=True)
class Occurrence:
    """One window of a series; `day` is its date in the zone of the series."""

    day: date
    starts_at: datetime
    ends_at: datetime


def occurrences(recurrence: Recurrence, since: date, until: date) -> list[Occurrence]:
    """Those on the days from `since` to `until`, both included, in order. Raises UnreadableRule."""
    until = min(until, recurrence.last_date or until)
    if until < max(since, recurrence.first_date):
        parse_rule(recurrence.rule, recurrence.first_date, until)
        return []
    days = parse_rule(recurrence.rule, recurrence.first_date, until)
    found = days.between(_as_datetime(since), _as_datetime(until), inc=True)
    return [_on(recurrence, moment.date()) for moment in found]


def instant_of(day: date, at: time, zone: str) -> datetime:
    """The first instant at which clocks in that zone read that day and time, or later."""
    since_midnight = (at.hour * 60 + at.minute) * 60 + at.second
    local = midnight(day.toordinal()) + since_midnight * SECOND + at.microsecond
    return to_datetime(first_instant(offsets_of_year(zone, day.year), local))


def parse_rule(rule: str, first: date, until: date) -> rrule:
    """The rule, bounded: one that names no day ends all the same. Raises UnreadableRule."""
    parts = dict(_part(text) for text in rule.strip().upper().split(";"))
    if not parts.keys() <= PARTS or parts.get("FREQ") not in FREQUENCIES:
        raise UnreadableRule(rule)
    if not INTERVAL.fullmatch(parts.get("INTERVAL", "1")):  # 0 would never come to an end
        raise UnreadableRule(rule)
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        parsed = rrulestr(text, dtstart=_as_datetime(first))
        return parsed.replace(until=_as_datetime(max(first, until)))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise UnreadableRule(rule) from error


def _part(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value:
        raise UnreadableRule(text)
    return name, value


def _as_datetime(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _on(recurrence: Recurrence, day: date) -> Occurrence:
    starts_at = instant_of(day, recurrence.starts_at_time, recurrence.zone)
    return Occurrence(day, starts_at, starts_at + timedelta(minutes=recurrence.minutes))
