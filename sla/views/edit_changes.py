"""What an edit changes, line by line: what stands beside what is proposed, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts.humantime import short_day
from sla.coverage_terms import coverage_said_by
from sla.drawn import hours_words, own_days_shown
from sla.ladder_words import Names, names_in, step_words
from sla.maintenance_terms import terms_said_by
from sla.models import CalendarVersion, Contract, Edit, Metric, Plan, PlanVersion, SupportCalendar
from sla.public_holidays import country_choices, subdivision_choices
from sla.services.edits import values_of
from sla.services.ladders import StepTerms, ladder_of
from sla.services.proposals import read
from sla.views.coverage_words import coverage_changes, exclusion_words
from sla.views.emergency_words import allowance_words
from sla.views.maintenance_words import maintenance_words
from sla.views.promised import target_table
from tickets.lifecycle import Priority


@dataclass(frozen=True)
class Change:
    """One line: what it is about, as it stands, as proposed. Empty words stand for nothing."""

    label: str
    before: str
    after: str


def changes_of(edit: Edit, language: str) -> list[Change]:
    """The lines that differ; for an applied edit, between the version before and the one that it made."""
    if edit.calendar_id is not None:
        return _differing(_calendar_lines(edit, language))
    if edit.plan_id is not None:
        return _differing(_plan_lines(edit))
    return _differing(_contract_lines(edit))


def _differing(lines: Iterable[tuple[str, str, str]]) -> list[Change]:
    return [Change(*line) for line in lines if line[1] != line[2]]


def _calendar_lines(edit: Edit, language: str) -> Iterable[tuple[str, str, str]]:
    values = values_of(edit)
    calendar: SupportCalendar = edit.calendar
    before = calendar.versions.get(number=edit.seen_number)
    old, new = before.spec, values["spec"]
    name = edit.proposed["head"]["name"] if edit.calendar_version else calendar.name
    yield _("Name"), name, values["name"]
    yield _("Time zone"), _zone(old), _zone(new)
    for day in range(7):
        label = str(WEEKDAYS[day]).capitalize()
        yield label, _hours(old, day), _hours(new, day)
    yield (
        _("Public holidays of"),
        _place(before.holiday_country, before.holiday_subdivision, language),
        _place(values.get("holiday_country", ""), values.get("holiday_subdivision", ""), language),
    )
    was, will = (_own_days(spec, timezone.localdate()) for spec in (_without_public(before), new))
    for when in sorted(was.keys() | will.keys()):
        yield when[1], was.get(when, ""), will.get(when, "")


def _zone(spec: Mapping[str, Any]) -> str:
    return str(spec["tz"]).replace("_", " ")


def _hours(spec: Mapping[str, Any], day: int) -> str:
    return hours_words((spec.get("week") or {}).get(str(day), []))


def _place(country: str, part: str, language: str) -> str:
    names, parts = dict(country_choices(language)), dict(subdivision_choices(country))
    return ", ".join(filter(None, [names.get(country, country), parts.get(part, part)]))


def _without_public(version: CalendarVersion) -> Mapping[str, Any]:
    return {key: value for key, value in version.spec.items() if key != "holidays"}


def _own_days(spec: Mapping[str, Any], today: date) -> dict[tuple[int, str], str]:
    """When to what, in the order of a list; the number keeps that order."""
    shown = own_days_shown(spec, today)
    return {(0, own.when): " \u00b7 ".join(filter(None, [own.name, own.words])) for own in shown}


def _plan_lines(edit: Edit) -> Iterable[tuple[str, str, str]]:
    values = values_of(edit)
    plan: Plan = edit.plan
    before: PlanVersion = plan.versions.select_related("calendar", "emergency_rota").get(
        number=edit.seen_number
    )
    head = edit.proposed["head"]
    yield _("Name"), head["name"], values["name"]
    yield _("Description"), head["description"], values.get("description", "")
    yield _("Place in lists"), str(head["position"]), str(values.get("position", 0))
    yield _("Calendar"), before.calendar.name, values["calendar"].name
    for metric in target_table([before.targets.all(), values["targets"]]):
        for row in metric["rows"]:
            was, will = row["cells"]
            yield f"{metric['metric']}, {row['label']}", was, will
    yield from _ladder_lines(before, values)
    definitions = values.get("definitions") or {}
    for priority in Priority:
        label = _("Definition of %(priority)s") % {"priority": priority.label}
        yield label, before.definitions.get(priority, ""), definitions.get(priority, "")
    exclusions = values.get("exclusions") or []
    yield _("Not included"), exclusion_words(before.exclusions), exclusion_words(exclusions)
    yield _("Written limits"), before.terms, values.get("terms", "").strip()
    a_month = before.emergencies_a_month, values.get("emergencies_a_month")
    yield _("Emergency escalation"), allowance_words(a_month[0]), allowance_words(a_month[1])
    yield _("On-call rota"), str(before.emergency_rota or ""), str(values.get("emergency_rota") or "")
    if "coverage" in values:
        yield from coverage_changes(plan.tenant_id, coverage_said_by(before), values["coverage"])
    if "maintenance" in values:
        was_said = maintenance_words(terms_said_by(before))
        will_be = maintenance_words(values["maintenance"])
        for (label, was), (_label, will) in zip(was_said, will_be, strict=True):
            yield label, was, will


def _ladder_lines(before: PlanVersion, values: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    if "ladder" not in values:
        return
    was, will = ladder_of(before), values["ladder"]
    names = names_in([*was, *will])
    for metric in Metric:
        label = _("Ladder of %(metric)s") % {"metric": metric.label}
        yield label, _steps(was, metric, names), _steps(will, metric, names)


def _steps(ladder: Iterable[StepTerms], metric: str, names: Names) -> str:
    return "\n".join(step_words(step, names) for step in ladder if step.metric == metric)


def _contract_lines(edit: Edit) -> Iterable[tuple[str, str, str]]:
    values = values_of(edit)
    contract: Contract = edit.contract
    yield _("Last day"), _last_day(read(edit.proposed["head"]["ends_on"])), _last_day(values["ends_on"])
    if edit.is_of_end:
        return
    yield _("First day of what changes"), "", short_day(values["starts_on"], today=timezone.localdate())
    calendar = values.get("calendar")
    as_in_plan = _("as in the plan")
    yield _("Plan"), contract.plan.name, values["plan"].name
    yield (
        _("Calendar"),
        contract.calendar.name if contract.calendar else as_in_plan,
        calendar.name if calendar else as_in_plan,
    )


def _last_day(ends_on: date | None) -> str:
    """What is said of an end: the last day, from the first without."""
    if ends_on is None:
        return _("no end")
    return short_day(ends_on - timedelta(days=1), today=timezone.localdate())
