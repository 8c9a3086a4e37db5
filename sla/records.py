"""From rows to values: what the pure core reckons from, read out of the database.

A ticket's terms are those that were in force when it was filed: its contract of that day, the plan version
of that instant. The calendar goes with all its versions, each from its own instant on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Q

from sla.business_time import BusinessCalendar, SplicedCalendar, splice
from sla.clock import Kind, Target, TimelineEntry, Unit
from sla.models import CalendarVersion, Contract, PlanVersion, SupportCalendar
from sla.models import Target as PlanTarget
from tickets.models import EventKind, Ticket, TicketEvent

Hours = BusinessCalendar | SplicedCalendar


@dataclass(frozen=True)
class Terms:
    """What a ticket was promised, by which contract, reckoned on which calendar."""

    contract: Contract
    plan_version: PlanVersion
    calendar: SupportCalendar
    hours: Hours
    targets: dict[str, dict[str, Target]]

    def targets_for(self, metric: str) -> dict[str, Target]:
        """Priority to target, for one metric."""
        return self.targets.get(metric, {})

    def is_business(self, metric: str, priority: str) -> bool:
        """Whether that promise counts open hours, and not the hours around the clock."""
        target = self.targets_for(metric).get(priority)
        return target is not None and target.unit != Unit.ELAPSED_TIME

    @property
    def zone(self) -> ZoneInfo:
        """The contract's time zone."""
        return self.hours.tz


def terms_for(customer_id: int, at: datetime) -> Terms | None:
    """The terms for a ticket that a customer files at that instant; None without a contract."""
    # A contract's days are days in its calendar's zone, which is known only once the contract is: take
    # those of the days around it and look again.
    near = Contract.objects.filter(customer_id=customer_id).select_related("plan", "calendar")
    for contract in near.order_by("-period"):
        version = _plan_version(contract, at)
        if version is None:
            continue
        calendar = contract.calendar or version.calendar
        hours = hours_of(calendar)
        if at.astimezone(hours.tz).date() in contract.period:
            return Terms(contract, version, calendar, hours, _targets(version))
    return None


def terms_of(contract: Contract, plan_version: PlanVersion, calendar: SupportCalendar) -> Terms:
    """The terms that a clock was begun with."""
    return Terms(contract, plan_version, calendar, hours_of(calendar), _targets(plan_version))


def _plan_version(contract: Contract, at: datetime) -> PlanVersion | None:
    return (
        PlanVersion.objects.filter(Q(valid_from=None) | Q(valid_from__lte=at), plan_id=contract.plan_id)
        .select_related("calendar")
        .order_by("-number")
        .first()
    )


def _targets(version: PlanVersion) -> dict[str, dict[str, Target]]:
    return _targets_of(version.tenant_id, version.pk)


@lru_cache(maxsize=512)
def _targets_of(tenant_id: int, version_id: int) -> dict[str, dict[str, Target]]:
    """A version's targets never change either; nobody writes into what is kept here."""
    found: dict[str, dict[str, Target]] = {}
    for row in PlanTarget.objects.filter(tenant_id=tenant_id, plan_version_id=version_id):
        target = Target(metric=row.metric, unit=row.unit, aim=row.aim, limit=row.limit)
        found.setdefault(row.metric, {})[row.priority] = target
    return found


def hours_of(calendar: SupportCalendar) -> Hours:
    """The compiled hours of a calendar through all its versions. Raises CalendarNeverOpens when used."""
    versions = CalendarVersion.objects.filter(calendar=calendar).order_by("number")
    parts = [(row.valid_from, _compiled(row.tenant_id, row.pk, calendar.name)) for row in versions]
    return parts[0][1] if len(parts) == 1 else splice(parts)


@lru_cache(maxsize=512)
def _compiled(tenant_id: int, version_id: int, name: str) -> BusinessCalendar:
    """A version never changes, so what was compiled from it is kept (per process)."""
    version = CalendarVersion.objects.get(tenant_id=tenant_id, pk=version_id)
    return BusinessCalendar.from_spec(version.spec, name=name)


_KINDS = {
    EventKind.FILED: Kind.FILED,
    EventKind.NOTED: Kind.NOTE,
    EventKind.PRIORITY_CHANGED: Kind.PRIORITY,
    EventKind.STATUS_CHANGED: Kind.STATUS,
    EventKind.RESOLVED: Kind.STATUS,
    EventKind.REOPENED: Kind.STATUS,
    EventKind.CLOSED: Kind.STATUS,
}


def timeline_of(ticket: Ticket, events: Iterable[TicketEvent] | None = None) -> list[TimelineEntry]:
    """The history of a ticket as the core reads it; one query, none with all its `events` in order."""
    if events is None:
        events = TicketEvent.objects.filter(ticket=ticket).select_related("actor").order_by("at", "id")
    return list(_entries(events))


def _entries(events: Iterable[TicketEvent]) -> Iterable[TimelineEntry]:
    for event in events:
        kind = _kind_of(event)
        if kind is not None:
            yield TimelineEntry(
                at=event.at,
                kind=kind,
                status=event.status,
                priority=event.priority,
                by=event.actor.name if event.actor else "",
            )


def _kind_of(event: TicketEvent) -> Kind | None:
    if event.kind != EventKind.REPLIED:
        return _KINDS.get(EventKind(event.kind))
    if not event.data.get("from_staff"):
        return Kind.REQUESTER_MESSAGE
    return Kind.AUTOMATIC_REPLY if event.data.get("automatic") else Kind.STAFF_REPLY
