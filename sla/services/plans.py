"""Intentions about plans. A change makes a version for tickets filed from then on; others keep theirs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.uniqueness import once_only
from sla.coverage_terms import CoverageTerms, coverage_said_by, exclusions_said_by
from sla.maintenance_terms import MaintenanceTerms, terms_said_by
from sla.models import Plan, PlanVersion, Rota, SupportCalendar, Target
from sla.services.errors import EditedMeanwhile, NameTaken, NotAllowed, TargetRefused
from sla.services.ladders import StepTerms, check_ladder, ladder_of, usual_ladder, write_ladder
from sla.services.plan_coverage import checked_coverage, checked_exclusions, put_coverage, write_coverage
from sla.services.plan_maintenance import checked_maintenance, put_maintenance, write_backups


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """One promise: `aim` and `limit` in seconds, or in days when the unit is business days."""

    metric: str
    priority: str
    unit: str
    aim: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Head:
    """What a plan is called, for all its versions."""

    name: str
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class _Said:
    """What a version says besides its targets and ladder, checked."""

    maintenance: MaintenanceTerms
    coverage: CoverageTerms


@transaction.atomic
def create_plan(
    *,
    tenant_id: int,
    name: str,
    calendar: SupportCalendar,
    targets: Sequence[TargetTerms],
    at: datetime,
    by: Membership | None = None,
    description: str = "",
    definitions: Mapping[str, str] | None = None,
    exclusions: Sequence[Mapping[str, Any]] | None = None,
    terms: str = "",
    position: int = 0,
    ladder: Sequence[StepTerms] | None = None,
    emergencies_a_month: int | None = None,
    emergency_rota: Rota | None = None,
    maintenance: MaintenanceTerms | None = None,
    coverage: CoverageTerms | None = None,
) -> Plan:
    """A plan with its first version, which counts from the beginning.

    `ladder` None: the usual one for what is promised. `emergencies_a_month` None: customers may declare
    none, 0: any number; `emergency_rota` is called. `maintenance` None: nothing is said of it; `coverage`
    None: every category is covered. Raises NotAllowed (a calendar or rota of another desk), TargetRefused,
    LadderRefused, MaintenanceRefused, CoverageRefused, ExclusionRefused, NameTaken.
    """
    _check_desk(tenant_id, calendar, emergency_rota)
    check_targets(targets)
    steps = usual_ladder(_metrics(targets)) if ladder is None else list(ladder)
    check_ladder(tenant_id, steps)
    said = _Said(
        checked_maintenance(maintenance or MaintenanceTerms()),
        checked_coverage(tenant_id, coverage or CoverageTerms()),
    )
    plan = Plan(tenant_id=tenant_id)
    _name(plan, _Head(one_line(name), description.strip(), position))
    version = PlanVersion(number=1, calendar=calendar, created_by=by, created_at=at)
    _write(version, definitions, exclusions, terms)
    version.emergencies_a_month, version.emergency_rota = emergencies_a_month, emergency_rota
    _save_version(plan, version, targets, steps, said)
    return plan


@transaction.atomic
def change_plan(
    *,
    plan: Plan,
    seen_number: int,
    at: datetime,
    by: Membership,
    name: str,
    calendar: SupportCalendar,
    targets: Sequence[TargetTerms],
    description: str = "",
    definitions: Mapping[str, str] | None = None,
    exclusions: Sequence[Mapping[str, Any]] | None = None,
    terms: str = "",
    position: int = 0,
    ladder: Sequence[StepTerms] | None = None,
    emergencies_a_month: int | None = None,
    emergency_rota: Rota | None = None,
    maintenance: MaintenanceTerms | None = None,
    coverage: CoverageTerms | None = None,
    known_steps: Collection[StepTerms] = frozenset(),
) -> PlanVersion:
    """A new version for tickets filed from `at` on; tickets filed before keep what they were promised.

    `seen_number` is the version that was edited. `ladder` None: as it stands, with the usual steps for what
    is newly promised; `known_steps` may name who is gone; `maintenance`, `coverage` None: as they stand.
    Nothing changed: the version that stands. Raises NotAllowed, EditedMeanwhile, TargetRefused,
    LadderRefused, MaintenanceRefused, CoverageRefused, ExclusionRefused, NameTaken.
    """
    plan, last = _lock(plan, by)
    _check_desk(plan.tenant_id, calendar, emergency_rota)
    if last.number != seen_number:
        raise EditedMeanwhile(last.created_by.name if last.created_by else "", last.created_at)
    check_targets(targets)
    steps = _ladder_after(last, targets) if ladder is None else list(ladder)
    if ladder is not None:
        check_ladder(plan.tenant_id, steps, known_steps)
    standing = _Said(terms_said_by(last), coverage_said_by(last))
    said = _Said(
        standing.maintenance if maintenance is None else checked_maintenance(maintenance),
        standing.coverage if coverage is None else checked_coverage(plan.tenant_id, coverage),
    )
    number = last.number + 1
    version = PlanVersion(number=number, valid_from=at, calendar=calendar, created_by=by, created_at=at)
    _write(version, definitions, exclusions, terms)
    version.emergencies_a_month, version.emergency_rota = emergencies_a_month, emergency_rota
    head = _Head(one_line(name), description.strip(), position)
    same_head = head == _Head(plan.name, plan.description, plan.position)
    same_promises = set(targets) == set(terms_of(last)) and set(steps) == set(ladder_of(last))
    if same_head and same_promises and said == standing and _same_terms(version, last):
        return last
    _name(plan, head)
    return _save_version(plan, version, targets, steps, said)


@transaction.atomic
def archive_plan(*, plan: Plan, by: Membership, at: datetime) -> None:
    """Offer it no more; contracts that name it go on until they end. Raises NotAllowed."""
    plan, _last = _lock(plan, by)
    plan.archived_at = at
    plan.save(update_fields=["archived_at"])


@transaction.atomic
def restore_plan(*, plan: Plan, by: Membership, at: datetime) -> None:
    """Offer an archived plan again. Raises NotAllowed."""
    plan, _last = _lock(plan, by)
    plan.archived_at = None
    plan.save(update_fields=["archived_at"])


def check_targets(targets: Sequence[TargetTerms]) -> None:
    """Refuse what the database would refuse. Raises TargetRefused."""
    seen = set()
    for target in targets:
        place = (target.metric, target.priority)
        if place in seen:
            raise TargetRefused("twice", *place)
        seen.add(place)
        if target.aim <= 0 or target.limit <= 0:
            raise TargetRefused("not_positive", *place)
        if target.aim > target.limit:
            raise TargetRefused("aim_above_limit", *place)


def terms_of(version: PlanVersion) -> list[TargetTerms]:
    """The targets of a version as values."""
    return [TargetTerms(t.metric, t.priority, t.unit, t.aim, t.limit) for t in version.targets.all()]


def _lock(plan: Plan, by: Membership) -> tuple[Plan, PlanVersion]:
    """The plan, locked until the transaction ends, and its latest version."""
    if not by.is_admin or by.tenant_id != plan.tenant_id:
        raise NotAllowed
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    last = plan.versions.select_related("created_by").order_by("number").last()
    if last is None:
        raise PlanVersion.DoesNotExist
    return plan, last


def _write(
    version: PlanVersion,
    definitions: Mapping[str, str] | None,
    exclusions: Sequence[Mapping[str, Any]] | None,
    terms: str,
) -> None:
    version.definitions = dict(definitions or {})
    version.exclusions = checked_exclusions(exclusions or ())
    version.terms = terms.strip()


def _name(plan: Plan, head: _Head) -> None:
    plan.name, plan.description, plan.position = head.name, head.description, head.position
    with once_only(NameTaken):
        plan.save()


def _check_desk(tenant_id: int, calendar: SupportCalendar, rota: Rota | None) -> None:
    if calendar.tenant_id != tenant_id or (rota is not None and rota.tenant_id != tenant_id):
        raise NotAllowed


def _same_terms(one: PlanVersion, other: PlanVersion) -> bool:
    fields = ("calendar_id", "definitions", "terms", "emergencies_a_month", "emergency_rota_id")
    if exclusions_said_by(one) != exclusions_said_by(other):
        return False
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def _metrics(targets: Sequence[TargetTerms]) -> list[str]:
    return list(dict.fromkeys(target.metric for target in targets))


def _ladder_after(last: PlanVersion, targets: Sequence[TargetTerms]) -> list[StepTerms]:
    ladder = ladder_of(last)
    known = {*_metrics(terms_of(last)), *(step.metric for step in ladder)}
    return ladder + usual_ladder([metric for metric in _metrics(targets) if metric not in known])


def _save_version(
    plan: Plan,
    version: PlanVersion,
    targets: Sequence[TargetTerms],
    steps: Sequence[StepTerms],
    said: _Said,
) -> PlanVersion:
    version.tenant_id = plan.tenant_id
    version.plan = plan
    put_maintenance(version, said.maintenance)
    put_coverage(version, said.coverage)
    version.save()
    Target.objects.bulk_create(
        Target(
            tenant_id=plan.tenant_id,
            plan_version=version,
            metric=target.metric,
            priority=target.priority,
            unit=target.unit,
            aim=target.aim,
            limit=target.limit,
        )
        for target in targets
    )
    write_ladder(version, steps)
    write_backups(version, said.maintenance)
    write_coverage(version, said.coverage)
    return version
