"""A calendar's written form as a page shows it: the week drawn, holidays and exceptions as lists.

Values in, values out; texts in the active language. Minutes are counted from local midnight.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

Spec = Mapping[str, Any]
DAY = 24 * 60
WHOLE_DAY = [["00:00", "24:00"]]


@dataclass(frozen=True)
class DatedHours:
    """A day with hours of its own; `words` are "Closed" or its hours."""

    day: date
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


def hours_words(intervals: Iterable[Iterable[str]]) -> str:
    """Hours of one day in words: all intervals with what runs into the next day marked, or "Closed"."""
    said = []
    for opens, closes in intervals:
        over = minutes(closes) <= minutes(opens) and minutes(closes) > 0
        text = _("All day") if [opens, closes] in WHOLE_DAY else f"{opens}\u2013{closes}"
        said.append(_("%(hours)s (next day)") % {"hours": text} if over else text)
    return ", ".join(said) or _("Closed")


def holidays_in(spec: Spec, years: Iterable[int]) -> list[DatedHours]:
    """The holidays of some years, in order; an exception on the same day is said instead of the closing."""
    wanted = set(years)
    written = spec.get("holidays") or {}
    named = written.items() if isinstance(written, Mapping) else ((day, "") for day in written)
    overrides = spec.get("overrides") or {}
    found = [(date.fromisoformat(str(day)), str(name or "")) for day, name in named]
    return [
        DatedHours(day, name, hours_words(override_hours(overrides.get(day.isoformat()))))
        for day, name in sorted(found)
        if day.year in wanted
    ]


def exceptions_in(spec: Spec) -> list[DatedHours]:
    """All exceptions, in order."""
    return [
        DatedHours(date.fromisoformat(day), override_name(value), hours_words(override_hours(value)))
        for day, value in sorted((spec.get("overrides") or {}).items())
    ]


def override_hours(value: Any) -> list[list[str]]:
    """The intervals of an exception, in either of its written forms."""
    hours = value.get("hours", []) if isinstance(value, Mapping) else value
    return [list(pair) for pair in hours or []]


def override_name(value: Any) -> str:
    """The name of an exception, "" if it has none."""
    return str(value.get("name") or "") if isinstance(value, Mapping) else ""


def minutes(label: str) -> int:
    """Minutes after midnight of "09:30"; 1440 for "24:00"."""
    hours, _colon, rest = label.partition(":")
    return int(hours) * 60 + int(rest)
