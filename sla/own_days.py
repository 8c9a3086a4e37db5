"""A calendar's own days as people enter them: one day, several, once or every year, with a name and hours.

Between the written form of a calendar (`sla.calendar_spec`) and a form, an uploaded file or a page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from sla.calendar_spec import LONGEST_RANGE

Intervals = list[list[str]]


@dataclass(frozen=True)
class OwnDays:
    """Days from `first` to `last`, both included, with their own hours in place of the week's; none: closed.

    Of yearly ones only day and month count; the years are those of one coming round of it."""

    first: date
    last: date
    yearly: bool = False
    name: str = ""
    hours: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The first day as the written form names it: "2026-12-24", or "12-24" of every year."""
        return f"{self.first:%m-%d}" if self.yearly else self.first.isoformat()

    @property
    def when(self) -> tuple[str, str, bool]:
        """The same for two that say when in the same words."""
        return self.key, f"{self.last:%m-%d}" if self.yearly else self.last.isoformat(), self.yearly

    @property
    def is_readable(self) -> bool:
        """First comes first, and a year at most lies between."""
        longest = LONGEST_RANGE - 1 if self.yearly else LONGEST_RANGE
        return 0 <= (self.last - self.first).days < longest

    def clashes_with(self, other: "OwnDays") -> bool:
        """Whether both say something of the same day and neither is the narrower word."""
        if self.yearly or other.yearly:
            return self.yearly and other.yearly and bool(self._days_of_year() & other._days_of_year())
        if (self.first == self.last) != (other.first == other.last):
            return False
        return self.first <= other.last and other.first <= self.last

    def coming(self, today: date) -> "OwnDays":
        """Yearly days with the years of their next round, the one that is under way included."""
        return _next_round(self.when[0], self.when[1], replace(self, yearly=True), today)

    def _days_of_year(self) -> set[tuple[int, int]]:
        count = (self.last - self.first).days + 1
        days = (self.first + timedelta(days=each) for each in range(min(count, LONGEST_RANGE)))
        return {(day.month, day.day) for day in days}


def own_days_in(spec: Mapping[str, Any], today: date) -> list[OwnDays]:
    """The own days of a written calendar: those of one time by date, then the yearly ones by day."""
    found = [_once(day, day, value) for day, value in (spec.get("overrides") or {}).items()]
    found += [_once(value["from"], value["to"], value) for value in spec.get("ranges") or ()]
    yearly = [_yearly(day, value, today) for day, value in (spec.get("yearly") or {}).items()]
    return sorted(found, key=lambda own: own.when) + sorted(yearly, key=lambda own: own.when)


def written(days: Iterable[OwnDays]) -> dict[str, Any]:
    """The parts of the written form that say these days; `ranges` and `yearly` only where there are any."""
    overrides: dict[str, Any] = {}
    ranges: list[dict[str, Any]] = []
    yearly: dict[str, Any] = {}
    for own in days:
        hours = [list(pair) for pair in own.hours]
        said = {"name": own.name, "hours": hours}
        if own.yearly:
            yearly[own.key] = said if own.first == own.last else {"to": own.when[1], **said}
        elif own.first == own.last:
            overrides[own.key] = said if own.name else hours
        else:
            ranges.append({"from": own.key, "to": own.when[1], **said})
    ranges.sort(key=lambda span: span["from"])
    return {
        "overrides": overrides,
        **({"ranges": ranges} if ranges else {}),
        **({"yearly": yearly} if yearly else {}),
    }


def first_clash(days: list[OwnDays]) -> tuple[OwnDays, OwnDays] | None:
    """Two that say something of the same day, neither of them the narrower word."""
    return next((pair for pair in combinations(days, 2) if pair[0].clashes_with(pair[1])), None)


def _once(first: str, last: str, value: Any) -> OwnDays:
    name, hours = _said(value)
    return OwnDays(date.fromisoformat(first), date.fromisoformat(last), name=name, hours=hours)


def _yearly(day: str, value: Any, today: date) -> OwnDays:
    name, hours = _said(value)
    to = (value.get("to") if isinstance(value, Mapping) else None) or day
    return _next_round(day, to, OwnDays(today, today, yearly=True, name=name, hours=hours), today)


def _next_round(day: str, to: str, days: OwnDays, today: date) -> OwnDays:
    """From a day to a day of the year, with the first years in which both exist and that are not over."""
    for year in range(today.year - 1, today.year + 17):
        try:
            first = date.fromisoformat(f"{year}-{day}")
            last = date.fromisoformat(f"{year + 1 if to < day else year}-{to}")
        except ValueError:  # the 29th of February
            continue
        if last >= today:
            return replace(days, first=first, last=last)
    raise ValueError(f"{day} to {to} are no days of a year")


def _said(value: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    detailed = isinstance(value, Mapping)
    hours = value.get("hours") if detailed else value
    name = str(value.get("name") or "") if detailed else ""
    return name, tuple((opens, closes) for opens, closes in hours or ())
