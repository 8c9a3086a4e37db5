"""Months of a calendar as a page draws them: a table of weeks, each day with its open hours.

Values in, values out; texts in the active language. Dates and hours are those of the calendar's own zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from django.utils import formats
from django.utils.translation import ngettext

from accounts import humantime
from sla.business_time import BusinessCalendar
from sla.calendar_spec import CalendarSpec, Label
from sla.drawn import labels_words
from sla.zones import SECOND, to_datetime

MONTHS = 3


@dataclass(frozen=True)
class DrawnDay:
    """A day of a month. `kind` is open, off (the week has no hours), closed (by a holiday or an own day) or
    changed (hours of its own); `hours` are those of the windows that open on it: "9", "7:45", "" for none."""

    day: date
    kind: str
    hours: str
    name: str
    words: str
    is_today: bool


@dataclass(frozen=True)
class NamedDays:
    """Days in a row of which the same is to be said."""

    days: str
    name: str
    words: str


@dataclass(frozen=True)
class DrawnMonth:
    """A month: weeks from Monday on with None outside of it, its total in words, the days to speak of."""

    title: str
    weeks: list[list[DrawnDay | None]]
    total: str
    named: list[NamedDays]


def drawn_months(spec: CalendarSpec, today: date, count: int = MONTHS) -> list[DrawnMonth]:
    """The month of `today` and those that follow it."""
    desk = BusinessCalendar(spec, "")
    months = [_later(today.replace(day=1), number) for number in range(count + 1)]
    return [_drawn(desk, spec, first, after, today) for first, after in pairwise(months)]


def _drawn(desk: BusinessCalendar, spec: CalendarSpec, first: date, after: date, today: date) -> DrawnMonth:
    days = [_day(spec, first + timedelta(days=n), today) for n in range((after - first).days)]
    cells: list[DrawnDay | None] = [None] * first.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    start, end = (to_datetime(desk.instant_of(day.toordinal(), 0)) for day in (first, after))
    open_days = sum(1 for day in days if day.hours)
    total = ngettext("%(hours)s on %(num)s day", "%(hours)s on %(num)s days", open_days) % {
        "hours": humantime.duration(desk.elapsed(start, end).total_seconds(), business=True),
        "num": open_days,
    }
    return DrawnMonth(
        title=formats.date_format(first, "YEAR_MONTH_FORMAT"),
        weeks=[cells[place : place + 7] for place in range(0, len(cells), 7)],
        total=total,
        named=list(_named(days)),
    )


def _named(days: list[DrawnDay]) -> Iterator[NamedDays]:
    for (kind, name, words), grouped in groupby(days, lambda day: (day.kind, day.name, day.words)):
        if kind in {"closed", "changed"}:
            run = [formats.date_format(day.day, "MONTH_DAY_FORMAT") for day in grouped]
            yield NamedDays(run[0] if len(run) == 1 else f"{run[0]} \u2013 {run[-1]}", name, words)


def _day(spec: CalendarSpec, day: date, today: date) -> DrawnDay:
    ordinal = day.toordinal()
    labels, own = spec.labels_of(ordinal), spec.own_hours(ordinal)
    closed_by = spec.closed_by(ordinal)
    if closed_by is not None:
        kind, name = "closed", closed_by
    elif own is not None:
        kind, name = "changed", own.name
    else:
        kind, name = ("open" if labels else "off"), ""
    return DrawnDay(day, kind, _hours(labels), name, labels_words(labels), day == today)


def _hours(labels: tuple[Label, ...]) -> str:
    """The length of a day's windows: "9", "7:45"."""
    minutes = sum(closes - opens for opens, closes in labels) // (60 * SECOND)
    return "" if not labels else f"{minutes // 60}:{minutes % 60:02}".removesuffix(":00")


def _later(first: date, months: int) -> date:
    """The first of a month that many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
