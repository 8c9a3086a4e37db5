"""Plans side by side as a table: one for the settings, for the public, and with one column for customers.

It says what customers were promised and nothing of how the desk keeps it: no ladder, no rota, no written
limits for agents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from sla.amounts import day_rule
from sla.coverage_terms import CoverageTerms, coverage_said_by, exclusions_said_by
from sla.drawn import week_words
from sla.maintenance_terms import terms_said_by
from sla.models import CalendarVersion, PlanVersion
from sla.views.coverage_words import coverage_facts
from sla.views.emergency_words import allowance_words
from sla.views.maintenance_words import maintenance_table
from sla.views.promised import target_table
from tickets.models import Category

EXCLUSIONS = "exclusions"


@dataclass(frozen=True)
class PlanRow:
    """One line: its words for each plan, "" where nothing is said. `priority` and `kinds` (how a category is
    covered) let pages draw more than words."""

    label: str
    cells: Sequence[str]
    priority: str = ""
    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class PlanGroup:
    """Lines about one subject; `key` tells those that a page draws in its own way."""

    title: str
    rows: Sequence[PlanRow]
    key: str = ""


def plan_table(versions: Sequence[PlanVersion], categories: Sequence[Category]) -> list[PlanGroup]:
    """The lines of these versions, a cell for each; `calendar`, `targets`, `backup_terms` and `coverage` of
    the versions ought to be there. One query more, for the hours of their calendars."""
    said = [coverage_said_by(version) for version in versions]
    groups = [
        PlanGroup(_("Support hours"), [*_hours(versions), _business_day(versions)]),
        *(
            PlanGroup(
                metric["metric"],
                [PlanRow(row["label"], row["cells"], priority=row["priority"]) for row in metric["rows"]],
            )
            for metric in target_table([version.targets.all() for version in versions])
        ),
        PlanGroup(_("Coverage"), [_category(category, said) for category in categories]),
        PlanGroup(_("How to reach support"), _ways(versions, said)),
        PlanGroup(_("Maintenance and backups"), _maintenance(versions)),
        PlanGroup(_("Not included"), _exclusions(versions), EXCLUSIONS),
    ]
    return [group for group in groups if any(any(row.cells) for row in group.rows)]


def _hours(versions: Sequence[PlanVersion]) -> list[PlanRow]:
    rows = CalendarVersion.objects.filter(calendar_id__in={version.calendar_id for version in versions})
    in_force = rows.filter(valid_from=None) | rows.filter(valid_from__lte=timezone.now())
    specs = {row.calendar_id: row.spec for row in in_force.order_by("number")}
    return [
        PlanRow(_("Hours"), [week_words(specs[version.calendar_id]) for version in versions]),
        PlanRow(_("Time zone"), [specs[version.calendar_id]["tz"].replace("_", " ") for version in versions]),
    ]


def _business_day(versions: Sequence[PlanVersion]) -> PlanRow:
    return PlanRow(_("Business day"), [day_rule(*version.targets.all()) for version in versions])


def _category(category: Category, said: Sequence[CoverageTerms]) -> PlanRow:
    kinds = [terms.of(category.pk) for terms in said]
    return PlanRow(category.name, [str(kind.label) for kind in kinds], kinds=[kind.value for kind in kinds])


def _ways(versions: Sequence[PlanVersion], said: Sequence[CoverageTerms]) -> list[PlanRow]:
    facts = [coverage_facts(terms) for terms in said]
    rows = [PlanRow(lines[0][0], [words for _label, words in lines]) for lines in zip(*facts, strict=True)]
    allowed = [
        "" if version.emergencies_a_month is None else allowance_words(version.emergencies_a_month)
        for version in versions
    ]
    return [*rows, PlanRow(_("Emergency escalation"), allowed)]


def _maintenance(versions: Sequence[PlanVersion]) -> list[PlanRow]:
    table = maintenance_table([terms_said_by(version) for version in versions])
    return [PlanRow(label, cells) for label, cells in table]


def _exclusions(versions: Sequence[PlanVersion]) -> list[PlanRow]:
    """A line for each thing that any of them leaves out."""
    by_plan = [{line.key: line for line in exclusions_said_by(version)} for version in versions]
    lines = {key: line for found in by_plan for key, line in found.items()}
    return [
        PlanRow(line.heading, [found[key].text if key in found else "" for found in by_plan])
        for key, line in lines.items()
    ]
