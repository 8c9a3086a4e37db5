"""What a desk needs before it can work, in six steps, and what of it is missing: read from the rows alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from accounts.models import Customer, Membership, Tenant
from sla.contract_days import in_force_now
from sla.models import Contract, Coverage, CoverageKind, Plan, PlanVersion, SupportCalendar, Target
from tickets.models import Category

MOST_NAMED = 3
"""So many things are named; of others it is said how many there are."""
ENOUGH_STAFF = 2


@dataclass(frozen=True)
class Thing:
    """A row that something is missing of."""

    pk: int
    name: str


@dataclass(frozen=True)
class Missing:
    """One kind of gap: of so many `things`, the first of which are named; none where it is the desk's own."""

    code: str
    count: int = 1
    things: tuple[Thing, ...] = ()

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.things) if self.things else 0


@dataclass(frozen=True)
class Step:
    """One step of the set-up: how many things stand, the first of them by name, and what is missing."""

    key: str
    count: int
    names: tuple[str, ...]
    missing: tuple[Missing, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def setup_steps(tenant: Tenant, *, now: datetime) -> list[Step]:
    """The steps in their order, within the desk's scope; a dozen queries, however much the desk holds."""
    plans = _plans_in_use(tenant.pk)
    return [
        _hours(tenant.pk),
        _plans(plans),
        _categories(tenant.pk, plans),
        _customers(tenant.pk, now),
        _people(tenant.pk),
        _look(tenant),
    ]


def has_plans(tenant: Tenant) -> bool:
    """Whether the desk has any plan, archived ones too: then no preset is offered any more."""
    return Plan.objects.filter(tenant_id=tenant.pk).exists()


def _hours(tenant_id: int) -> Step:
    calendars = SupportCalendar.objects.filter(tenant_id=tenant_id).in_use().order_by("name")
    return _step("hours", [calendar.name for calendar in calendars], [_none_of(calendars, "no_calendar")])


def _plans_in_use(tenant_id: int) -> list[Any]:
    """Each with what is wrong with the version that new tickets get, whose id is `newest`."""
    versions = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
    plans = Plan.objects.filter(tenant_id=tenant_id).in_use()
    plans = plans.annotate(
        newest=Subquery(versions.values("pk")[:1]), counts_by=Subquery(versions.values("calendar")[:1])
    )
    archived = SupportCalendar.objects.filter(pk=OuterRef("counts_by"), archived_at__isnull=False)
    targets = Target.objects.filter(plan_version=OuterRef("newest"))
    marked = plans.annotate(on_archived=Exists(archived), has_targets=Exists(targets))
    return list(marked.order_by("position", "name"))


def _plans(plans: list[Any]) -> Step:
    bare = [plan for plan in plans if not plan.has_targets]
    adrift = [plan for plan in plans if plan.on_archived]
    gaps = [
        _none_of(plans, "no_plan"),
        _of("plan_without_target", bare),
        _of("plan_on_archived_calendar", adrift),
    ]
    return _step("plans", [plan.name for plan in plans], gaps)


def _categories(tenant_id: int, plans: list[Any]) -> Step:
    categories = list(Category.objects.filter(tenant_id=tenant_id).in_use().order_by("position", "name"))
    refused = Coverage.objects.filter(
        kind=CoverageKind.NOT_COVERED, plan_version__in=[plan.newest for plan in plans]
    )
    times = dict(refused.order_by().values_list("category_id").annotate(Count("pk")))
    left = [category for category in categories if plans and times.get(category.pk, 0) == len(plans)]
    gaps = [_none_of(categories, "no_category"), _of("category_not_covered", left)]
    return _step("categories", [category.name for category in categories], gaps)


def _customers(tenant_id: int, now: datetime) -> Step:
    contracts = Contract.objects.filter(customer=OuterRef("pk"))
    in_force = in_force_now(contracts, tenant_id=tenant_id, now=now)
    people = Membership.objects.filter(customer=OuterRef("pk"), deactivated_at=None)
    customers = Customer.objects.filter(tenant_id=tenant_id).in_business()
    without = {
        "customer_without_contract": ~Q(Exists(in_force)),
        "customer_without_people": ~Q(Exists(people)),
    }
    counted = customers.aggregate(
        all=Count("pk"), **{code: Count("pk", filter=gap) for code, gap in without.items()}
    )
    names = tuple(customers.order_by("name").values_list("name", flat=True)[:MOST_NAMED])
    gaps = [Missing("no_customer")] if not counted["all"] else []
    for code, gap in without.items():
        if counted[code]:
            first = customers.filter(gap).order_by("name", "pk")[:MOST_NAMED]
            gaps.append(Missing(code, counted[code], _things(first)))
    return Step("customers", counted["all"], names, tuple(gaps))


def _people(tenant_id: int) -> Step:
    staff = Membership.objects.filter(tenant_id=tenant_id, deactivated_at=None).staff()
    names = list(staff.order_by("created_at", "pk").values_list("name", flat=True))
    return _step("people", names, [Missing("no_colleague")] if len(names) < ENOUGH_STAFF else [])


def _look(tenant: Tenant) -> Step:
    gaps = [Missing("look_not_confirmed")] if tenant.look_confirmed_at is None else []
    return _step("look", [tenant.name], gaps)


def _step(key: str, names: list[str], gaps: Iterable[Missing | None]) -> Step:
    return Step(key, len(names), tuple(names[:MOST_NAMED]), tuple(gap for gap in gaps if gap))


def _none_of(rows: Any, code: str) -> Missing | None:
    return None if rows else Missing(code)


def _of(code: str, rows: list[Any]) -> Missing | None:
    return Missing(code, len(rows), _things(rows[:MOST_NAMED])) if rows else None


def _things(rows: Iterable[Any]) -> tuple[Thing, ...]:
    return tuple(Thing(row.pk, row.name) for row in rows)
