"""Hours and targets of versions as values for the pure core. Versions never change: what was read is kept."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sla.business_time import BusinessCalendar, SplicedCalendar, splice
from sla.clock import Target, Unit
from sla.models import (
    CalendarVersion,
    PlanVersion,
    SupportCalendar,
    TargetUnit,
)
from sla.models import Target as PlanTarget

Hours = BusinessCalendar | SplicedCalendar
Targets = dict[str, dict[str, Target]]
"""Metric, then priority, to target."""


def targets_of(version: PlanVersion) -> Targets:
    """The targets of a plan's version; nobody writes into what is given."""
    return _targets_of(version.tenant_id, version.pk)


@lru_cache(maxsize=512)
def _targets_of(tenant_id: int, version_id: int) -> Targets:
    """A version's targets never change, so what was read is kept (per process)."""
    found: Targets = {}
    for row in PlanTarget.objects.filter(tenant_id=tenant_id, plan_version_id=version_id):
        target = target_value(row.metric, row.unit, row.aim, row.limit)
        found.setdefault(row.metric, {})[row.priority] = target
    return found


def target_value(metric: str, unit: str, aim: int, limit: int) -> Target:
    """The stored form of a target as the core reckons with it."""
    if unit == TargetUnit.BUSINESS_DAYS_END:
        return Target(metric, Unit.BUSINESS_DAYS, aim, limit, end_of_day=True)
    return Target(metric, Unit(unit), aim, limit)


def unit_of(target: Target) -> TargetUnit:
    """The stored unit of a target."""
    return TargetUnit.BUSINESS_DAYS_END if target.end_of_day else TargetUnit(target.unit)


def hours_of(calendar: SupportCalendar) -> Hours:
    """The compiled hours of a calendar through all its versions. Raises CalendarNeverOpens when used."""
    line: list[tuple[datetime | None, BusinessCalendar]] = []
    for version in CalendarVersion.objects.filter(calendar=calendar).order_by("number"):
        since = version.valid_from
        while line and since is not None and line[-1][0] is not None and line[-1][0] >= since:
            line.pop()
        line.append((since, _compiled(version.tenant_id, version.pk, calendar.name)))
    return splice(line)


def hours_of_version(version: CalendarVersion) -> BusinessCalendar:
    """The compiled hours of one version, as if they had always held."""
    return _compiled(version.tenant_id, version.pk, version.calendar.name)


@lru_cache(maxsize=512)
def _compiled(tenant_id: int, version_id: int, name: str) -> BusinessCalendar:
    """A version never changes, so what was compiled from it is kept (per process)."""
    version = CalendarVersion.objects.get(tenant_id=tenant_id, pk=version_id)
    return BusinessCalendar.from_spec(version.spec, name=name)
