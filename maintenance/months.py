"""Availability of a month: what was sold to a customer, what the records say, reckoned by `availability`.

A service is down while an outage says so, and while a window with that impact is worked on. Left out, where
the plan says so, is planned maintenance: work on a window that was announced as down, within its announced
period. What overruns that period counts as downtime, and so does an emergency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from accounts.models import Customer, Tenant
from maintenance.availability import Period, Reckoning, month_of, reckon, start_of
from maintenance.lifecycle import Status
from maintenance.models import Impact, OutageService, WindowService
from sla.models import Contract
from sla.terms import Terms, terms_for
from tickets.models import Service

Row = TypeVar("Row", OutageService, WindowService)
WORKED_ON = (Status.IN_PROGRESS, Status.COMPLETED)


@dataclass(frozen=True)
class Sold:
    """A month as a customer bought it: its bounds in the contract's zone, the figure, what counts.

    `promised` is per cent, None where the plan names none or there was no contract; all downtime counts then.
    The month ends with the contract, and begins with it; the running one ends now (`is_running`).
    """

    zone: ZoneInfo
    start: datetime
    end: datetime
    promised: Decimal | None
    counts_planned: bool
    is_running: bool
    plan: str = ""


@dataclass(frozen=True)
class ServiceMonth:
    """One service over a month, with the rows that its reckoning is made of."""

    service: Service
    reckoning: Reckoning
    promised: Decimal | None
    outages: list[OutageService]
    windows: list[WindowService]

    @property
    def is_kept(self) -> bool | None:
        """Whether the promise was kept; None where nothing was promised."""
        return None if self.promised is None else self.reckoning.keeps(self.promised)

    @property
    def allowed_seconds(self) -> int | None:
        """How long it may be down; None where nothing was promised."""
        return None if self.promised is None else self.reckoning.allowed_seconds(self.promised)


def sold_to(customer: Customer, month: date, *, now: datetime) -> Sold:
    """What the customer was sold for the month of that day: the plan's version at its end, or now."""
    first, following = _bounds(month)
    terms = _last_terms(customer, first, following, now)
    if terms is None:
        return without_plan(customer.tenant, month, now=now)
    version, period = terms.plan_version, terms.contract.period
    start, end = month_of(first, terms.zone)
    if period.lower is not None:
        start = max(start, start_of(period.lower, terms.zone))
    if period.upper is not None:
        end = min(end, start_of(period.upper, terms.zone))
    return Sold(
        zone=terms.zone,
        start=start,
        end=max(start, min(end, now)),
        promised=version.availability,
        counts_planned=version.availability is None or version.availability_counts_planned,
        is_running=now < end,
        plan=terms.contract.plan.name,
    )


def without_plan(tenant: Tenant, month: date, *, now: datetime) -> Sold:
    """A month in the desk's own zone, in which nothing was promised and all counts."""
    zone = ZoneInfo(tenant.time_zone)
    start, end = month_of(month, zone)
    return Sold(zone, start, max(start, min(end, now)), None, counts_planned=True, is_running=now < end)


def months_of_services(services: Iterable[Service], sold: Sold, *, now: datetime) -> list[ServiceMonth]:
    """Each service's month, in two queries."""
    listed = list(services)
    hits = outages_of([service.pk for service in listed], sold.start, sold.end)
    work = windows_of([service.pk for service in listed], sold.start, sold.end)
    return [
        ServiceMonth(
            service,
            reckon(
                down_periods(hits[service.pk], work[service.pk], now),
                [] if sold.counts_planned else planned_periods(work[service.pk], now),
                sold.start,
                sold.end,
            ),
            sold.promised,
            hits[service.pk],
            work[service.pk],
        )
        for service in listed
    ]


def outages_of(service_ids: Sequence[int], start: datetime, end: datetime) -> dict[int, list[OutageService]]:
    """Service to how outages hit it between two instants, degraded ones too, with their outage."""
    rows = OutageService.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=start), service__in=service_ids, started_at__lt=end
    )
    return _by_service(rows.select_related("outage").order_by("started_at", "pk"))


def windows_of(service_ids: Sequence[int], start: datetime, end: datetime) -> dict[int, list[WindowService]]:
    """Service to windows with the impact "down" that were worked on between two instants."""
    rows = WindowService.objects.filter(
        Q(window__ended_at=None) | Q(window__ended_at__gt=start),
        service__in=service_ids,
        window__status__in=WORKED_ON,
        window__impact=Impact.DOWN,
        window__started_at__lt=end,
    )
    return _by_service(rows.select_related("window").order_by("window__started_at", "pk"))


def down_periods(
    outages: Iterable[OutageService], windows: Iterable[WindowService], now: datetime
) -> list[Period]:
    """When a service was down, overlapping as it comes; what lasts, lasts until now."""
    hit = [(row.started_at, row.ended_at or now) for row in outages if row.impact == Impact.DOWN]
    work = [
        (row.window.started_at, row.window.ended_at or now)
        for row in windows
        if row.window.started_at is not None
    ]
    return hit + work


def planned_periods(windows: Iterable[WindowService], now: datetime) -> list[Period]:
    """When announced work went on within its announced period; emergencies were not announced."""
    return [
        (max(window.starts_at, window.started_at), min(window.ends_at, window.ended_at or now))
        for window in (row.window for row in windows)
        if window.started_at is not None and not window.is_emergency
    ]


def _last_terms(customer: Customer, first: date, following: date, now: datetime) -> Terms | None:
    """The terms at the end of the month, or now, or at the end of the contract that ended in it."""
    last = min(now, _noon(following - timedelta(days=1)))
    terms = terms_for(customer.pk, last)
    if terms is not None:
        return terms
    ended = Contract.objects.filter(customer=customer, period__overlap=DateRange(first, following))
    contract = ended.order_by("-period").first()
    if contract is None or contract.period.upper is None:
        return None
    return terms_for(customer.pk, min(now, _noon(contract.period.upper - timedelta(days=1))))


def _noon(day: date) -> datetime:
    # Noon in UTC is of that day in nearly every zone; where it is the next one, the contract says so itself.
    return datetime.combine(day, time(12), UTC)


def _bounds(month: date) -> tuple[date, date]:
    return month.replace(day=1), date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _by_service(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.service_id].append(row)
    return found
