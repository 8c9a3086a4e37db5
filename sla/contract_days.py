"""Which day it is under a contract: a day of the calendar that it is served by, wherever its reader is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from sla.calendar_spec import InvalidCalendar, find_zone
from sla.models import CalendarVersion, Contract, PlanVersion


def with_own_day(contracts: QuerySet[Contract], *, tenant_id: int, now: datetime) -> QuerySet[Contract]:
    """The contracts of a tenant, each with `own_day`: the date at `now` in the zone of its calendar."""
    in_force = Q(valid_from=None) | Q(valid_from__lte=now)
    versions = PlanVersion.objects.filter(in_force, plan=OuterRef("plan")).order_by("-number")
    served_by = Coalesce(
        F("calendar"), Subquery(versions.values("calendar")[:1]), output_field=BigIntegerField()
    )
    days = [When(served_by=pk, then=Value(day)) for pk, day in _days(tenant_id, in_force, now).items()]
    own_day = Case(*days, default=Value(now.astimezone(UTC).date()), output_field=DateField())
    return contracts.annotate(served_by=served_by).annotate(own_day=own_day)


def in_force_now(contracts: QuerySet[Contract], *, tenant_id: int, now: datetime) -> QuerySet[Contract]:
    """Those of the contracts of a tenant whose days hold `now`."""
    return with_own_day(contracts, tenant_id=tenant_id, now=now).filter(period__contains=F("own_day"))


def day_in(spec: Mapping[str, Any], now: datetime) -> date:
    """The date at `now` in the zone of a written calendar; in UTC where it names none that can be read."""
    try:
        return now.astimezone(find_zone(spec.get("tz"))).date()
    except InvalidCalendar:
        return now.astimezone(UTC).date()


def count_by_plan(*, tenant_id: int, now: datetime) -> dict[int, int]:
    """How many contracts of a tenant are in force at `now`, by the id of their plan."""
    contracts = in_force_now(Contract.objects.filter(tenant_id=tenant_id), tenant_id=tenant_id, now=now)
    return dict(contracts.order_by().values_list("plan_id").annotate(Count("pk")))


def _days(tenant_id: int, in_force: Q, now: datetime) -> dict[int, date]:
    """The date in each calendar of the tenant. In Python: PostgreSQL has time zones of its own."""
    versions: Any = CalendarVersion.objects.filter(in_force, tenant_id=tenant_id).order_by("number")
    zones = versions.values_list("calendar_id", "spec__tz")
    return {calendar: day_in({"tz": zone}, now) for calendar, zone in zones}
