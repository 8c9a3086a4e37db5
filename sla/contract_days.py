"""Which day it is under a contract: a day of the calendar that it is served by, wherever its reader is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.tenancy import current_tenant_id
from sla.calendar_spec import InvalidCalendar, find_zone
from sla.models import CalendarVersion, Contract, ContractVersion, PlanVersion, Reach


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


def as_said(contracts: QuerySet[Contract], at: datetime) -> QuerySet[Contract]:
    """The contracts, each with `said_until`: the first day without it as was said at an instant, None for no
    end. What was corrected later, as if from the start, counts as said then."""
    mine = ContractVersion.objects.filter(contract=OuterRef("pk"))
    then = mine.filter(Q(valid_from=None) | Q(valid_from__lte=at) | Q(reach=Reach.FROM_START))
    last = Subquery(then.order_by("-number").values("ends_on")[:1])
    return contracts.annotate(
        said_until=Case(
            When(Exists(mine), then=last), default=F("period__endswith"), output_field=DateField()
        )
    )


def in_force_now(contracts: QuerySet[Contract], *, tenant_id: int, now: datetime) -> QuerySet[Contract]:
    """Those of the contracts of a tenant whose days hold `now`."""
    return with_own_day(contracts, tenant_id=tenant_id, now=now).filter(period__contains=F("own_day"))


def versions_in_force(customer_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """The ids of the plan versions that hold for customers of the current desk, by their ids: the version in
    force at that instant of the plan of their contract on that day, as its days were said then. Two queries;
    without contract: absent."""
    tenant_id = current_tenant_id()
    wanted = set(customer_ids)
    if tenant_id is None or not wanted:
        return {}
    in_force = Q(valid_from=None) | Q(valid_from__lte=at)
    versions = PlanVersion.objects.filter(in_force, plan=OuterRef("plan")).order_by("-number")
    of_customers = as_said(Contract.objects.filter(customer_id__in=wanted), at)
    begun = with_own_day(of_customers, tenant_id=tenant_id, now=at).filter(
        period__startswith__lte=F("own_day")
    )
    # Where two were said to cover that day, the later one does.
    contracts: Any = begun.filter(Q(said_until=None) | Q(said_until__gt=F("own_day"))).order_by("period")
    chosen = contracts.annotate(version_in_force=Subquery(versions.values("pk")[:1]))
    found = chosen.values_list("customer_id", "version_in_force")
    return {customer: version for customer, version in found if version is not None}


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
