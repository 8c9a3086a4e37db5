"""What a preset says, read from its TOML file and checked.

A preset is data: every fact of a support policy stands in one readable file beside this module. What is
missing, unknown or impossible is refused here with the file, the key and the reason in one line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Accent, Language
from sla.models import Metric, TargetUnit
from sla.services.plans import TargetTerms
from tickets.lifecycle import Priority

FOLDER = Path(__file__).parent
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY_DAY = "every_day"
_RANGE = re.compile(
    r"(\d+)(?:-(\d+))? (business minute|business hour|business day|minute|hour)s?( around the clock)?"
)
_SECONDS = {"minute": 60, "hour": 3600}
_INTERVAL = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_A_MONTH = re.compile(r"([1-9]\d?) a month")
_WITHOUT_LIMIT = "without limit"
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,9}")


class PresetError(Exception):
    """A preset cannot be used; the text names the file, the key and the reason."""


@dataclass(frozen=True)
class CalendarTerms:
    """Weekly hours in a zone: weekday (0 is Monday) to [open, close] labels; holidays come by country."""

    name: str
    time_zone: str
    week: Mapping[str, list[list[str]]]
    holiday_country: str = ""
    holiday_subdivision: str = ""


@dataclass(frozen=True)
class RotaTerms:
    """An on-call rota; whose turn it is the desk says itself."""

    name: str
    time_zone: str
    minutes: int


@dataclass(frozen=True)
class PlanTerms:
    """A plan: `calendar` is a key of the preset's calendars, `rota` of its rotas or empty.

    `emergencies_a_month` is None where customers may declare none, 0 for any number.
    """

    name: str
    description: str
    calendar: str
    targets: tuple[TargetTerms, ...]
    emergencies_a_month: int | None = None
    rota: str = ""


@dataclass(frozen=True)
class Named:
    """A category (`text` is its description) or an exclusion (`name` is its key)."""

    name: str
    text: str


@dataclass(frozen=True)
class Preset:
    """Everything that a new desk starts with; `definitions` maps each priority to words that explain it."""

    name: str
    language: str
    time_zone: str
    ticket_prefix: str
    accent: str
    terms: str
    calendars: Mapping[str, CalendarTerms]
    definitions: Mapping[str, str]
    plans: Mapping[str, PlanTerms]
    categories: tuple[Named, ...]
    exclusions: tuple[Named, ...]
    rotas: Mapping[str, RotaTerms]


def preset_names() -> list[str]:
    """The presets that there are, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_preset(name: str) -> Preset:
    """The preset of that name. Raises PresetError, also when there is none."""
    if name not in preset_names():
        raise PresetError(f"There is no preset “{name}”. There are: {', '.join(preset_names())}.")
    return read_preset(FOLDER / f"{name}.toml")


def read_preset(path: Path) -> Preset:
    """The preset in that file. Raises PresetError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PresetError(f"{path.name}: {error}") from error
    table = _Table(path.name, "", data)
    calendars = {key: _calendar(part) for key, part in table.tables("calendars")}
    rotas = {key: _rota(part) for key, part in table.tables("rotas", needed=False)}
    preset = Preset(
        name=path.stem,
        language=table.choice("language", Language.values),
        time_zone=table.zone("time_zone"),
        ticket_prefix=table.matching("ticket_prefix", _PREFIX, "2 to 10 capital letters and digits"),
        accent=table.choice("accent", Accent.values),
        terms=table.text("terms", default="").strip(),
        calendars=calendars,
        definitions=_definitions(table.table("definitions")),
        plans={key: _plan(part, calendars, rotas) for key, part in table.tables("plans")},
        categories=tuple(_named(part, "name", "description") for part in table.rows("categories")),
        exclusions=tuple(_named(part, "key", "text") for part in table.rows("exclusions", needed=False)),
        rotas=rotas,
    )
    table.refuse_rest()
    return preset


def _calendar(table: _Table) -> CalendarTerms:
    week = table.table("week")
    days: dict[str, list[list[str]]] = {}
    everyday = week.intervals(_EVERY_DAY)
    for number, day in enumerate(_DAYS):
        hours = week.intervals(day) or everyday
        if hours:
            days[str(number)] = hours
    week.refuse_rest()
    if not days:
        raise week.error("", "a calendar needs at least one day with hours")
    terms = CalendarTerms(
        name=table.text("name"),
        time_zone=table.zone("time_zone"),
        week=days,
        holiday_country=table.text("holiday_country", default=""),
        holiday_subdivision=table.text("holiday_subdivision", default=""),
    )
    table.refuse_rest()
    return terms


def _definitions(table: _Table) -> dict[str, str]:
    words = {priority.value: table.text(priority.value) for priority in Priority}
    table.refuse_rest()
    return words


def _rota(table: _Table) -> RotaTerms:
    terms = RotaTerms(
        name=table.text("name"), time_zone=table.zone("time_zone"), minutes=table.count("minutes")
    )
    table.refuse_rest()
    return terms


def _plan(table: _Table, calendars: Mapping[str, CalendarTerms], rotas: Mapping[str, RotaTerms]) -> PlanTerms:
    targets: list[TargetTerms] = []
    for metric, ranges in table.tables("targets"):
        if metric not in Metric.values:
            raise ranges.error("", f"is not one of {', '.join(Metric.values)}")
        targets += [ranges.target(metric, priority) for priority in Priority.values if ranges.has(priority)]
        ranges.refuse_rest()
    plan = PlanTerms(
        name=table.text("name"),
        description=table.text("description", default=""),
        calendar=table.choice("calendar", list(calendars)),
        targets=tuple(targets),
        emergencies_a_month=table.emergencies(),
        rota=table.choice("rota", list(rotas)) if table.has("rota") else "",
    )
    table.refuse_rest()
    return plan


def _named(table: _Table, name: str, text: str) -> Named:
    named = Named(name=table.text(name), text=table.text(text))
    table.refuse_rest()
    return named


class _Table:
    """One table of a preset's file: takes values out by key and complains with file and key."""

    def __init__(self, file: str, path: str, data: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(data, dict):
            raise self.error("", "has to be a table")
        self.data: dict[str, Any] = dict(data)

    def error(self, key: str, reason: str) -> PresetError:
        where = ".".join(part for part in (self.path, key) if part) or "the file"
        return PresetError(f"{self.file}: {where}: {reason}.")

    def has(self, key: str) -> bool:
        return key in self.data

    def refuse_rest(self) -> None:
        """Every key has been taken, or somebody has misspelt one."""
        for key in self.data:
            raise self.error(key, "is not known here")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.pop(key, default)
        if value is None:
            raise self.error(key, "is missing")
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.error(key, "has to be a text that is not empty")
        return value

    def choice(self, key: str, choices: list[str]) -> str:
        value = self.text(key)
        if value not in choices:
            raise self.error(key, f"“{value}” is not one of {', '.join(choices)}")
        return value

    def matching(self, key: str, pattern: re.Pattern[str], description: str) -> str:
        value = self.text(key)
        if pattern.fullmatch(value) is None:
            raise self.error(key, f"“{value}” has to be {description}")
        return value

    def zone(self, key: str) -> str:
        value = self.text(key)
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):
            raise self.error(key, f"“{value}” is not a time zone") from None
        return value

    def table(self, key: str) -> _Table:
        if key not in self.data:
            raise self.error(key, "is missing")
        return _Table(self.file, self._below(key), self.data.pop(key))

    def tables(self, key: str, *, needed: bool = True) -> list[tuple[str, _Table]]:
        """The tables inside a table that has to have some, unless it is not `needed`."""
        if not needed and key not in self.data:
            return []
        outer = self.table(key)
        if not outer.data:
            raise self.error(key, "is empty")
        return [(name, _Table(self.file, outer._below(name), data)) for name, data in outer.data.items()]

    def rows(self, key: str, *, needed: bool = True) -> list[_Table]:
        """The tables of an array of tables."""
        value = self.data.pop(key, [])
        if not isinstance(value, list) or (needed and not value):
            raise self.error(key, "has to be a list that is not empty")
        return [_Table(self.file, f"{self._below(key)}[{number}]", row) for number, row in enumerate(value)]

    def count(self, key: str) -> int:
        """A whole number above zero."""
        value = self.data.pop(key, None)
        if not isinstance(value, int) or value < 1:
            raise self.error(key, "has to be a whole number above 0")
        return value

    def emergencies(self) -> int | None:
        """ "2 a month", "without limit", or not there: how many emergencies customers may declare."""
        value = self.text("emergencies", default="")
        if not value:
            return None
        match = _A_MONTH.fullmatch(value)
        if match is None and value != _WITHOUT_LIMIT:
            raise self.error("emergencies", f"“{value}” has to read like 2 a month, or {_WITHOUT_LIMIT}")
        return int(match[1]) if match else 0

    def intervals(self, key: str) -> list[list[str]]:
        """["09:00-13:00", "14:00-18:00"] as [open, close] pairs; none if the key is not there."""
        pairs: list[list[str]] = []
        for value in self.data.pop(key, []):
            match = _INTERVAL.fullmatch(str(value))
            if match is None:
                raise self.error(key, f"“{value}” has to read like 09:00-18:00")
            pairs.append([match[1], match[2]])
        return pairs

    def target(self, metric: str, priority: str) -> TargetTerms:
        """ "2-4 business hours" and the like, of this priority."""
        value = self.text(priority)
        match = _RANGE.fullmatch(value)
        if match is None or match[3].startswith("business") == bool(match[4]):
            hint = "2-4 business hours, 1 business day, 1-2 hours around the clock"
            raise self.error(priority, f"“{value}” has to read like {hint}")
        aim, limit = int(match[1]), int(match[2] or match[1])
        if not 0 < aim <= limit:
            raise self.error(
                priority, f"“{value}”: the first figure has to be above 0 and not above the second"
            )
        if match[3] == "business day":
            return TargetTerms(metric, priority, TargetUnit.BUSINESS_DAYS, aim, limit)
        unit = TargetUnit.ELAPSED_TIME if match[4] else TargetUnit.BUSINESS_TIME
        seconds = _SECONDS[match[3].removeprefix("business ")]
        return TargetTerms(metric, priority, unit, aim * seconds, limit * seconds)

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
