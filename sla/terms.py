"""What a ticket was promised, read out of the database as values for the pure core.

A ticket's terms are those that were in force when it was filed (its contract of that day, the plan's and the
calendar's version of that instant), with the versions that were announced by then for open tickets too. They
are kept as an agreement (`sla.models.Agreement`), a chain that is read from its end: each link says what
holds from its instant on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from sla.business_time import BusinessCalendar, SplicedCalendar, splice
from sla.clock import Target, Unit
from sla.models import (
    Agreement,
    CalendarVersion,
    Contract,
    Plan,
    PlanVersion,
    Reach,
    SupportCalendar,
    TargetUnit,
)
from sla.models import Target as PlanTarget

AnyVersion = TypeVar("AnyVersion", PlanVersion, CalendarVersion)
Hours = BusinessCalendar | SplicedCalendar
Targets = dict[str, dict[str, Target]]
"""Metric, then priority, to target."""
Pausing = tuple[tuple[datetime | None, bool], ...]
"""Whether planned maintenance pauses resolution clocks, each from its instant on (None: from the start)."""
Reading = tuple[Hours, Targets, tuple[tuple[datetime, Targets], ...], Pausing]
"""Hours, targets from the start, and later targets, each from its instant on."""

MOST_KEPT = 4096
_KEPT: dict[tuple[int, int], Agreement] = {}
"""Agreements that were read, by tenant and id."""


@dataclass(frozen=True)
class Terms:
    """What a ticket was promised, by which contract, reckoned on which hours.

    `targets` are those from the start; `changes` are those of later links, each from its instant on, as is
    what `pausing` says; of that only changes are there.
    """

    agreement: Agreement
    hours: Hours
    targets: Targets
    changes: tuple[tuple[datetime, Targets], ...] = ()
    pausing: Pausing = ((None, False),)

    @property
    def contract(self) -> Contract:
        """The contract that holds now."""
        contract: Contract = self.agreement.contract
        return contract

    @property
    def plan_version(self) -> PlanVersion:
        """The version of the plan that holds now."""
        version: PlanVersion = self.agreement.plan_version
        return version

    @property
    def calendar(self) -> SupportCalendar:
        """The calendar that holds now."""
        return self.agreement.calendar

    @property
    def ever_pauses(self) -> bool:
        """Whether planned maintenance pauses resolution clocks at any time under these terms."""
        return any(pauses for _since, pauses in self.pausing)

    def targets_for(self, metric: str) -> dict[str, Target]:
        """Priority to target, for one metric, as promised at the start."""
        return self.targets.get(metric, {})

    def targets_now(self, metric: str) -> dict[str, Target]:
        """Priority to target, for one metric, as promised last."""
        return (self.changes[-1][1] if self.changes else self.targets).get(metric, {})

    def is_business(self, metric: str, priority: str) -> bool:
        """Whether that promise counts open hours, and not the hours around the clock."""
        target = self.targets_now(metric).get(priority)
        return target is not None and target.unit != Unit.ELAPSED_TIME

    @property
    def zone(self) -> ZoneInfo:
        """The contract's time zone."""
        return self.hours.tz


def terms_for(customer_id: int, at: datetime) -> Terms | None:
    """The terms for a ticket that a customer files at that instant; None without a contract.

    The agreement may be a new one that is not saved (`sla.services.agreements.keep`).
    """
    # A contract's days are days in its calendar's zone, which is known only once the contract is: take
    # those of the days around it and look again.
    near = Contract.objects.filter(customer_id=customer_id).select_related("plan", "calendar")
    for contract in near.order_by("-period"):
        agreement = _agree(contract, at)
        if agreement is None:
            continue
        terms = terms_of(agreement)
        if at.astimezone(_first_zone(agreement)).date() in contract.period:
            return terms
    return None


def terms_under(plan: Plan, at: datetime) -> Terms | None:
    """The terms of a ticket filed at an instant by a customer who has that plan and no calendar of its own.

    None before the plan's first version. Nothing of it is saved.
    """
    agreement = _agree(Contract(tenant_id=plan.tenant_id, plan=plan), at)
    return None if agreement is None else terms_of(agreement)


def agreement_under(contract: Contract, at: datetime) -> Agreement | None:
    """The agreement for a ticket that is filed under a contract at an instant; it is not saved.

    None before the first version of the contract's plan.
    """
    return _agree(contract, at)


def first_link(agreement: Agreement) -> Agreement:
    """The link of an agreement that holds at the start."""
    return _links(agreement)[0]


def plan_versions_of(agreement: Agreement) -> tuple[tuple[datetime | None, PlanVersion], ...]:
    """The versions of the plan that hold under an agreement, each from its instant on (None: the start)."""
    if agreement.pk is None:
        return _plan_versions_of(agreement)
    return _plan_versions_once(agreement.tenant_id, agreement.pk)


def kept_agreements(tenant_id: int, ids: Iterable[int]) -> dict[int, Agreement]:
    """Saved agreements by their ids, with the rows of their terms; what was read is kept (per process).

    The names in them may be old. One query for all that are new here. Raises Agreement.DoesNotExist.
    """
    wanted = set(ids)
    missing = [pk for pk in wanted if (tenant_id, pk) not in _KEPT]
    if missing:
        if len(_KEPT) > MOST_KEPT:
            _KEPT.clear()
            missing = list(wanted)
        for agreement in Agreement.objects.with_terms().filter(tenant_id=tenant_id, pk__in=missing):
            _KEPT[tenant_id, agreement.pk] = agreement
    try:
        return {pk: _KEPT[tenant_id, pk] for pk in wanted}
    except KeyError as error:
        raise Agreement.DoesNotExist(*error.args) from error


@lru_cache(maxsize=MOST_KEPT)
def _plan_versions_once(tenant_id: int, agreement_id: int) -> tuple[tuple[datetime | None, PlanVersion], ...]:
    return _plan_versions_of(_kept_agreement(tenant_id, agreement_id))


def _plan_versions_of(agreement: Agreement) -> tuple[tuple[datetime | None, PlanVersion], ...]:
    found: list[tuple[datetime | None, PlanVersion]] = []
    for link in _links(agreement):
        if not found or found[-1][1].pk != link.plan_version_id:
            found.append((link.since if found else None, link.plan_version))
    return tuple(found)


def hours_from(calendar: SupportCalendar, at: datetime) -> tuple[Hours, CalendarVersion]:
    """The hours that count for a ticket filed at an instant, and the version in force then."""
    first, *later = _calendar_versions(calendar.pk, at)
    line = [(version.valid_from, hours_of_version(version)) for version in later]
    return splice([(None, hours_of_version(first)), *line]), first


def _first_zone(agreement: Agreement) -> ZoneInfo:
    """The zone of the hours in force at filing: the contract's days are days there."""
    return hours_of_version(_links(agreement)[0].calendar_version).tz


def terms_of(agreement: Agreement) -> Terms:
    """The terms that an agreement stands for, through all its links."""
    reading = _read(agreement) if agreement.pk is None else _read_once(agreement.tenant_id, agreement.pk)
    return Terms(agreement, *reading)


@lru_cache(maxsize=MOST_KEPT)
def _read_once(tenant_id: int, agreement_id: int) -> Reading:
    """An agreement never changes, so what was read from it is kept (per process)."""
    return _read(_kept_agreement(tenant_id, agreement_id))


def _read(agreement: Agreement) -> Reading:
    links = _links(agreement)
    hours = splice([(link.since, hours_of_version(link.calendar_version)) for link in links])
    first, *later = links
    changes = tuple(
        (link.since, targets_of(link.plan_version))
        for before, link in zip(links, later, strict=False)
        if link.since is not None and link.plan_version_id != before.plan_version_id
    )
    return hours, targets_of(first.plan_version), changes, _pausing(links)


def _pausing(links: list[Agreement]) -> Pausing:
    found: list[tuple[datetime | None, bool]] = []
    for link in links:
        pauses = link.plan_version.maintenance_pauses
        if not found or found[-1][1] != pauses:
            found.append((link.since if found else None, pauses))
    return tuple(found)


def _links(agreement: Agreement) -> list[Agreement]:
    """The chain in the order of its instants; a later link takes the place of those it reaches behind."""
    links = [agreement]
    while (earlier := _previous(links[-1])) is not None:
        links.append(earlier)
    standing: list[Agreement] = []
    for link in reversed(links):
        while standing and link.since is not None and (standing[-1].since or link.since) > link.since:
            standing.pop()
        if len(standing) > 1 and standing[-1].since == link.since:
            standing.pop()
        standing.append(link)
    return standing


def _previous(agreement: Agreement) -> Agreement | None:
    if agreement.previous_id is not None:
        return _kept_agreement(agreement.tenant_id, agreement.previous_id)
    unsaved: Agreement | None = agreement.previous
    return unsaved


def _plan_versions(contract: Contract, at: datetime) -> list[PlanVersion]:
    versions = PlanVersion.objects.filter(plan_id=contract.plan_id).select_related("calendar", "plan")
    return _in_force_and_announced(versions.order_by("number"), at)


def _calendar_versions(calendar_id: int, at: datetime) -> list[CalendarVersion]:
    versions = CalendarVersion.objects.filter(calendar_id=calendar_id).select_related("calendar")
    return _in_force_and_announced(versions.order_by("number"), at)


def _in_force_and_announced(versions: Iterable[AnyVersion], at: datetime) -> list[AnyVersion]:
    """The version in force at an instant, then those that were to follow for open tickets too."""
    found: list[AnyVersion] = []
    for version in versions:
        if version.valid_from is None or version.valid_from <= at:
            found = [version]
        elif found and version.reach != Reach.NEW:
            found.append(version)
    return found


def _agree(contract: Contract, at: datetime) -> Agreement | None:
    """The contract's agreement for a ticket filed at an instant; None before its plan's first version."""
    plan_versions = _plan_versions(contract, at)
    if not plan_versions:
        return None
    first = plan_versions[0]
    hours = _calendar_versions(contract.calendar_id or first.calendar_id, at)
    agreement = Agreement(
        tenant_id=contract.tenant_id, contract=contract, plan_version=first, calendar_version=hours[0]
    )
    announced: list[PlanVersion | CalendarVersion] = [*plan_versions[1:], *hours[1:]]
    for version in sorted(announced, key=lambda version: (version.valid_from or at, version.number)):
        agreement = follow(agreement, version, since=version.valid_from or at)
    return agreement


def follow(
    agreement: Agreement, version: PlanVersion | CalendarVersion, *, since: datetime | None
) -> Agreement:
    """The agreement after an edit: another version from an instant on, or (None) from the start.

    It is not saved (`sla.services.agreements.keep`).
    """
    plan_version, calendar_version = agreement.plan_version, agreement.calendar_version
    if isinstance(version, CalendarVersion):
        calendar_version = version
    else:
        plan_version = version
        moves = agreement.contract.calendar_id is None and version.calendar_id != calendar_version.calendar_id
        if moves:
            calendar_version = _calendar_versions(version.calendar_id, since or version.created_at)[0]
    return Agreement(
        tenant_id=agreement.tenant_id,
        contract=agreement.contract,
        plan_version=plan_version,
        calendar_version=calendar_version,
        previous=None if since is None else agreement,
        since=since,
    )


def follow_into(
    agreement: Agreement, contract: Contract, *, since: datetime | None, at: datetime
) -> Agreement | None:
    """The agreement after a customer was given another contract: its terms from an instant on, or (None)
    from the start. It is not saved. None before the first version of the contract's plan.
    """
    own = _agree(contract, since or at)
    if own is None:
        return None
    first, *later = _links(own)
    moved = Agreement(
        tenant_id=agreement.tenant_id,
        contract=contract,
        plan_version=first.plan_version,
        calendar_version=first.calendar_version,
        previous=None if since is None else agreement,
        since=since,
    )
    for link in later:
        link.previous = moved
        moved = link
    return moved


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


def _kept_agreement(tenant_id: int, agreement_id: int) -> Agreement:
    """Agreements never change either; the names in these may be old, and are not shown."""
    return kept_agreements(tenant_id, [agreement_id])[agreement_id]
