"""A calendar's written form as a page shows it: the week drawn, holidays and own days as lists.

Values in, values out; texts in the active language. Minutes are counted from local midnight.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from sla.calendar_spec import Label, parse_spec
from sla.own_days import OwnDays, own_days_in
from sla.zones import SECOND

Spec = Mapping[str, Any]
DAY = 24 * 60
WHOLE_DAY = [["00:00", "24:00"]]


@dataclass(frozen=True)
class DatedHours:
    """A holiday; `words` are "Closed" or the hours that hold instead."""

    day: date
    name: str
    words: str


@dataclass(frozen=True)
class OwnDaysShown:
    """Own days as a list has them: when, and "Closed" or their hours."""

    when: str
    name: str
    words: str


def drawn_week(spec: Spec) -> list[dict[str, Any]]:
    """The seven days from Monday on, as the macro `week` draws them; late hours reach into the next day."""
    week = spec.get("week") or {}
    bars: list[list[dict[str, int]]] = [[] for _day in range(7)]
    for day in range(7):
        for opens, closes in week.get(str(day), []):
            start, end = minutes(opens), minutes(closes)
            if end > start:
                bars[day].append({"start": start, "end": end})
                continue
            bars[day].append({"start": start, "end": DAY})
            if end:
                bars[(day + 1) % 7].append({"start": 0, "end": end})
    return [
        {
            "label": str(WEEKDAYS_ABBR[day]).capitalize(),
            "name": str(WEEKDAYS[day]).capitalize(),
            "open": sorted(bars[day], key=lambda bar: bar["start"]),
            "words": hours_words(week.get(str(day), []) or _carried_over(week, day)),
        }
        for day in range(7)
    ]


def _carried_over(week: Mapping[str, Any], day: int) -> list[list[str]]:
    """What the evening before leaves open on a day without hours of its own."""
    before = week.get(str((day - 1) % 7), [])
    return [["00:00", closes] for opens, closes in before if 0 < minutes(closes) <= minutes(opens)]


def is_always_open(spec: Spec) -> bool:
    """Whether every day of the week is open from midnight to midnight."""
    week = spec.get("week") or {}
    return all(list(map(list, week.get(str(day), []))) == WHOLE_DAY for day in range(7))


def week_words(spec: Spec) -> str:
    """The week in a line: days with the same hours together, days without any left away."""
    if is_always_open(spec):
        return _("Around the clock, every day")
    days = drawn_week(spec)
    runs: list[list[int]] = []
    for day in range(7):
        if runs and days[runs[-1][-1]]["words"] == days[day]["words"]:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = []
    for run in runs:
        if not days[run[0]]["open"]:
            continue
        first, last = days[run[0]]["name"], days[run[-1]]["name"]
        values = {"first": first, "last": last}
        name = first if len(run) == 1 else _("%(first)s to %(last)s") % values
        said.append(f"{name} {days[run[0]]['words']}")
    return "; ".join(said)


def hours_words(intervals: Iterable[Iterable[str]]) -> str:
    """Hours of one day in words: all intervals with what runs into the next day marked, or "Closed"."""
    said = []
    for opens, closes in intervals:
        over = minutes(closes) <= minutes(opens) and minutes(closes) > 0
        text = _("All day") if [opens, closes] in WHOLE_DAY else f"{opens}\u2013{closes}"
        said.append(_("%(hours)s (next day)") % {"hours": text} if over else text)
    return ", ".join(said) or _("Closed")


def holidays_in(spec: Spec, years: Iterable[int]) -> list[DatedHours]:
    """The holidays of some years, in order; own hours of the same day are said instead of the closing."""
    wanted = set(years)
    written = spec.get("holidays") or {}
    named = written.items() if isinstance(written, Mapping) else ((day, "") for day in written)
    found = [(date.fromisoformat(str(day)), str(name or "")) for day, name in named]
    read = parse_spec(spec)
    return [
        DatedHours(day, name, labels_words(read.labels_of(day.toordinal())))
        for day, name in sorted(found)
        if day.year in wanted
    ]


def own_days_shown(spec: Spec, today: date) -> list[OwnDaysShown]:
    """All own days: those of one time in order, then those of every year."""
    return [
        OwnDaysShown(days_words(own), own.name, hours_words(own.hours)) for own in own_days_in(spec, today)
    ]


def days_words(own: OwnDays) -> str:
    """When own days are: a date, from one to another, or a day of every year."""
    style = "MONTH_DAY_FORMAT" if own.yearly else "DATE_FORMAT"
    first, last = formats.date_format(own.first, style), formats.date_format(own.last, style)
    said = first if own.first == own.last else f"{first} \u2013 {last}"
    if not own.yearly:
        return said
    leap = own.first == own.last and own.when[0] == "02-29"
    return (
        _("%(days)s, in leap years") % {"days": said} if leap else _("%(days)s, every year") % {"days": said}
    )


def labels_words(labels: Iterable[Label]) -> str:
    """The hours of a date in words, from the windows that open on it."""
    return hours_words((_label(opens), _label(closes)) for opens, closes in labels)


def _label(at: int) -> str:
    minute = at // (60 * SECOND)
    return "24:00" if minute == DAY else f"{minute % DAY // 60:02}:{minute % 60:02}"


def minutes(label: str) -> int:
    """Minutes after midnight of "09:30"; 1440 for "24:00"."""
    hours, _colon, rest = label.partition(":")
    return int(hours) * 60 + int(rest)
