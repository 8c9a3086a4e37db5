"""What a ticket was promised, read through all links of its agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sla.business_time import splice
from sla.clock import Target, Unit
from sla.contract_days import as_said
from sla.models import (
    Agreement,
    CalendarVersion,
    Contract,
    Plan,
    PlanVersion,
    SupportCalendar,
)
from sla.terms.chain import MOST_KEPT, agreement_under, calendar_versions_at, kept_agreement, links_of
from sla.terms.versions import Hours, Targets, hours_of_version, targets_of

Pausing = tuple[tuple[datetime | None, bool], ...]
"""Whether planned maintenance pauses resolution clocks, each from its instant on (None: from the start)."""
Reading = tuple[Hours, Targets, tuple[tuple[datetime, Targets], ...], Pausing]
"""Hours, targets from the start, and later targets, each from its instant on."""


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
    near: Any = as_said(Contract.objects.filter(customer_id=customer_id), at).select_related(
        "plan", "calendar"
    )
    for contract in near.order_by("-period"):
        agreement = agreement_under(contract, at)
        if agreement is None:
            continue
        terms = terms_of(agreement)
        day = at.astimezone(_first_zone(agreement)).date()
        if contract.period.lower <= day and (contract.said_until is None or day < contract.said_until):
            return terms
    return None


def terms_under(plan: Plan, at: datetime) -> Terms | None:
    """The terms of a ticket filed at an instant by a customer who has that plan and no calendar of its own.

    None before the plan's first version. Nothing of it is saved.
    """
    agreement = agreement_under(Contract(tenant_id=plan.tenant_id, plan=plan), at)
    return None if agreement is None else terms_of(agreement)


def plan_versions_of(agreement: Agreement) -> tuple[tuple[datetime | None, PlanVersion], ...]:
    """The versions of the plan that hold under an agreement, each from its instant on (None: the start)."""
    if agreement.pk is None:
        return _plan_versions_of(agreement)
    return _plan_versions_once(agreement.tenant_id, agreement.pk)


@lru_cache(maxsize=MOST_KEPT)
def _plan_versions_once(tenant_id: int, agreement_id: int) -> tuple[tuple[datetime | None, PlanVersion], ...]:
    return _plan_versions_of(kept_agreement(tenant_id, agreement_id))


def _plan_versions_of(agreement: Agreement) -> tuple[tuple[datetime | None, PlanVersion], ...]:
    found: list[tuple[datetime | None, PlanVersion]] = []
    for link in links_of(agreement):
        if not found or found[-1][1].pk != link.plan_version_id:
            found.append((link.since if found else None, link.plan_version))
    return tuple(found)


def hours_from(calendar: SupportCalendar, at: datetime) -> tuple[Hours, CalendarVersion]:
    """The hours that count for a ticket filed at an instant, and the version in force then."""
    first, *later = calendar_versions_at(calendar.pk, at)
    line = [(version.valid_from, hours_of_version(version)) for version in later]
    return splice([(None, hours_of_version(first)), *line]), first


def _first_zone(agreement: Agreement) -> ZoneInfo:
    """The zone of the hours in force at filing: the contract's days are days there."""
    return hours_of_version(links_of(agreement)[0].calendar_version).tz


def terms_of(agreement: Agreement) -> Terms:
    """The terms that an agreement stands for, through all its links."""
    reading = _read(agreement) if agreement.pk is None else _read_once(agreement.tenant_id, agreement.pk)
    return Terms(agreement, *reading)


@lru_cache(maxsize=MOST_KEPT)
def _read_once(tenant_id: int, agreement_id: int) -> Reading:
    """An agreement never changes, so what was read from it is kept (per process)."""
    return _read(kept_agreement(tenant_id, agreement_id))


def _read(agreement: Agreement) -> Reading:
    links = links_of(agreement)
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
