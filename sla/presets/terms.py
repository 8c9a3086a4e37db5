"""What a preset says, read from its TOML file and checked.

A preset is data: every fact of a support policy stands in one readable file beside this module. What is
missing, unknown or impossible is refused here with the file, the key and the reason in one line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from accounts.models import Accent, Language
from sla.maintenance_terms import MaintenanceTerms
from sla.models import Metric
from sla.presets.coverage import PresetCoverage, coverage_in
from sla.presets.guides import SectionTerms, sections_in
from sla.presets.intake import QuestionSets, asked_by, question_sets_in
from sla.presets.ladders import PresetLadder, ladder_in
from sla.presets.maintenance import maintenance_in
from sla.presets.table import PresetError, Table
from sla.services.plans import TargetTerms
from tickets.intake import Question
from tickets.lifecycle import Priority
from tickets.models import Purpose

FOLDER = Path(__file__).parent
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY_DAY = "every_day"
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,9}")


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

    `emergencies_a_month` is None where customers may declare none, 0 for any number; `ladder` None for the
    usual steps.
    """

    name: str
    description: str
    calendar: str
    targets: tuple[TargetTerms, ...]
    emergencies_a_month: int | None = None
    rota: str = ""
    maintenance: MaintenanceTerms = field(default_factory=MaintenanceTerms)
    coverage: PresetCoverage = field(default_factory=PresetCoverage)
    ladder: PresetLadder | None = None


@dataclass(frozen=True)
class Named:
    """A category (`text` is its description) or an exclusion (`name` is its key, with its `title`)."""

    name: str
    text: str
    title: str = ""
    is_outage: bool = False
    purposes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Preset:
    """Everything that a new desk starts with; `definitions` maps each priority to words that explain it."""

    name: str
    title: str
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
    sections: tuple[SectionTerms, ...] = ()


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
    table = Table(path.name, "", data)
    calendars = {key: _calendar(part) for key, part in table.tables("calendars")}
    rotas = {key: _rota(part) for key, part in table.tables("rotas", needed=False)}
    sets = question_sets_in(table)
    categories = tuple(_category(part, sets) for part in table.rows("categories"))
    names = [category.name for category in categories]
    preset = Preset(
        name=path.stem,
        title=table.text("title"),
        language=table.choice("language", Language.values),
        time_zone=table.zone("time_zone"),
        ticket_prefix=table.matching("ticket_prefix", _PREFIX, "2 to 10 capital letters and digits"),
        accent=table.choice("accent", Accent.values),
        terms=table.text("terms", default="").strip(),
        calendars=calendars,
        definitions=_definitions(table.table("definitions")),
        plans={key: _plan(part, calendars, rotas, names) for key, part in table.tables("plans")},
        categories=categories,
        exclusions=tuple(_exclusion(part) for part in table.rows("exclusions", needed=False)),
        rotas=rotas,
        sections=sections_in(table),
    )
    table.refuse_rest()
    return preset


def _calendar(table: Table) -> CalendarTerms:
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


def _definitions(table: Table) -> dict[str, str]:
    words = {priority.value: table.text(priority.value) for priority in Priority}
    table.refuse_rest()
    return words


def _rota(table: Table) -> RotaTerms:
    terms = RotaTerms(
        name=table.text("name"), time_zone=table.zone("time_zone"), minutes=table.count("minutes")
    )
    table.refuse_rest()
    return terms


def _plan(
    table: Table,
    calendars: Mapping[str, CalendarTerms],
    rotas: Mapping[str, RotaTerms],
    categories: Sequence[str],
) -> PlanTerms:
    targets: list[TargetTerms] = []
    for metric, ranges in table.tables("targets"):
        if metric not in Metric.values:
            raise ranges.error("", f"is not one of {', '.join(Metric.values)}")
        targets += [ranges.target(metric, priority) for priority in Priority.values if ranges.has(priority)]
        ranges.refuse_rest()
    ladder = ladder_in(table, targets)
    plan = PlanTerms(
        name=table.text("name"),
        description=table.text("description", default=""),
        calendar=table.choice("calendar", list(calendars)),
        targets=tuple(targets),
        emergencies_a_month=table.emergencies(),
        rota=table.choice("rota", list(rotas)) if table.has("rota") else "",
        maintenance=maintenance_in(table),
        coverage=coverage_in(table, categories),
        ladder=ladder,
    )
    table.refuse_rest()
    return plan


def _category(table: Table, sets: QuestionSets) -> Named:
    questions = asked_by(table, sets)
    is_outage = table.flag("is_outage")
    purposes = tuple(table.texts("purposes", Purpose.values)) if table.has("purposes") else ()
    # The restore clock runs on restores, and not on a backup in trouble: then nothing is down.
    if (is_outage and Purpose.BACKUP in purposes) or (not is_outage and Purpose.RESTORE in purposes):
        raise table.error("purposes", "do not fit is_outage")
    return replace(
        _named(table, "name", "description"), is_outage=is_outage, purposes=purposes, questions=questions
    )


def _exclusion(table: Table) -> Named:
    title = table.text("title")
    return replace(_named(table, "key", "text"), title=title)


def _named(table: Table, name: str, text: str) -> Named:
    named = Named(name=table.text(name), text=table.text(text))
    table.refuse_rest()
    return named
