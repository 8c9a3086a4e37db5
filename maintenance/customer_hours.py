"""By which hours customers work: the calendar of their contract, or of its plan, in three queries for all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sla.business_time import BusinessCalendar, splice
from sla.models import CalendarVersion, Contract, PlanVersion
from sla.terms import Hours

MOST_KEPT = 2048
_KEPT: dict[tuple[int, int], BusinessCalendar] = {}
"""Versions of calendars that were compiled, by tenant and id; a version never changes."""


def hours_of_customers(customer_ids: Collection[int], at: datetime) -> dict[int, Hours]:
    """The hours of each customer that has a contract on the day of an instant, through all their versions.

    Customers of one calendar share one object. Who has no contract is left out: nothing is known of it.
    """
    calendars = _calendars_of(customer_ids, at)
    hours = _hours_of(set(calendars.values()))
    return {pk: hours[calendar] for pk, calendar in calendars.items() if calendar in hours}


def _calendars_of(customer_ids: Collection[int], at: datetime) -> dict[int, int]:
    """Customer to calendar. A contract's days are taken in UTC: for a proposal that is near enough."""
    contracts = Contract.objects.filter(customer_id__in=customer_ids, period__contains=at.date())
    found = list(contracts.values_list("customer_id", "plan_id", "calendar_id"))
    plans = {plan for _customer, plan, calendar in found if calendar is None}
    versions = PlanVersion.objects.filter(plan_id__in=plans).exclude(valid_from__gt=at)
    of_plans = dict(versions.order_by("number").values_list("plan_id", "calendar_id"))
    chosen = {customer: calendar or of_plans.get(plan) for customer, plan, calendar in found}
    return {customer: calendar for customer, calendar in chosen.items() if calendar is not None}


def _hours_of(calendar_ids: Collection[int]) -> dict[int, Hours]:
    """The compiled hours of calendars; a later version replaces those that it reaches behind."""
    lines: dict[int, list[tuple[datetime | None, BusinessCalendar]]] = {}
    for version in CalendarVersion.objects.filter(calendar_id__in=calendar_ids).order_by("number"):
        line = lines.setdefault(version.calendar_id, [])
        since = version.valid_from
        while line and since is not None and line[-1][0] is not None and line[-1][0] >= since:
            line.pop()
        line.append((since, _compiled(version)))
    return {pk: splice(line) for pk, line in lines.items()}


def _compiled(version: CalendarVersion) -> BusinessCalendar:
    key = version.tenant_id, version.pk
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = BusinessCalendar.from_spec(version.spec)
    return _KEPT[key]
