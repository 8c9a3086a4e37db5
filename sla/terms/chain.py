"""Agreements: chains that are read from their end, each link saying what holds from its instant on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from sla.models import (
    Agreement,
    CalendarVersion,
    Contract,
    PlanVersion,
    Reach,
)

AnyVersion = TypeVar("AnyVersion", PlanVersion, CalendarVersion)

MOST_KEPT = 4096
_KEPT: dict[tuple[int, int], Agreement] = {}
"""Agreements that were read, by tenant and id."""


def first_link(agreement: Agreement) -> Agreement:
    """The link of an agreement that holds at the start."""
    return links_of(agreement)[0]


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


def links_of(agreement: Agreement) -> list[Agreement]:
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
        return kept_agreement(agreement.tenant_id, agreement.previous_id)
    unsaved: Agreement | None = agreement.previous
    return unsaved


def plan_versions_at(contract: Contract, at: datetime) -> list[PlanVersion]:
    versions = PlanVersion.objects.filter(plan_id=contract.plan_id).select_related("calendar", "plan")
    return _in_force_and_announced(versions.order_by("number"), at)


def calendar_versions_at(calendar_id: int, at: datetime) -> list[CalendarVersion]:
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


def agreement_under(contract: Contract, at: datetime) -> Agreement | None:
    """The agreement for a ticket that is filed under a contract at an instant; it is not saved.

    None before the first version of the contract's plan.
    """
    plan_versions = plan_versions_at(contract, at)
    if not plan_versions:
        return None
    first = plan_versions[0]
    hours = calendar_versions_at(contract.calendar_id or first.calendar_id, at)
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
            calendar_version = calendar_versions_at(version.calendar_id, since or version.created_at)[0]
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
    own = agreement_under(contract, since or at)
    if own is None:
        return None
    first, *later = links_of(own)
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


def kept_agreement(tenant_id: int, agreement_id: int) -> Agreement:
    """Agreements never change either; the names in these may be old, and are not shown."""
    return kept_agreements(tenant_id, [agreement_id])[agreement_id]
