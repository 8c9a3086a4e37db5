"""Availability of a month: what was sold to a customer, what the records say, reckoned by `availability`.

A customer may change its contract within a month: each contract, and the time without one, is reckoned for
itself, against what was then promised. Left out, where the plan says so, is planned maintenance as
`downtime` knows it; work that left a customer out was never announced to it, and counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer, Tenant
from maintenance.availability import Reckoning, month_of, reckon, start_of
from maintenance.downtime import down_periods, excused_periods
from maintenance.lifecycle import Status
from maintenance.models import Concern, Impact, OutageService, Window, WindowCustomer, WindowService
from sla.models import Contract
from sla.terms import agreement_under, terms_of
from tickets.models import Service

Row = TypeVar("Row", OutageService, WindowService)
WORKED_ON = (Status.IN_PROGRESS, Status.COMPLETED)


@dataclass(frozen=True)
class Sold:
    """A month, or the part of one, as a customer bought it: its bounds in a zone, the figure, what counts.

    `promised` is per cent, None where the plan names none or there was no contract; all downtime counts then.
    The running one ends now (`is_running`). `customer_id` None: of nobody in particular.
    """

    zone: ZoneInfo
    start: datetime
    end: datetime
    promised: Decimal | None
    counts_planned: bool
    is_running: bool
    plan: str = ""
    customer_id: int | None = None


@dataclass(frozen=True)
class Work:
    """A window that was worked on. Not `is_known`: the customer was left out of it, so it was never told.

    Not `is_in_time`: it came to the window too late for the notice that its plan promises.
    """

    window: Window
    is_known: bool
    is_in_time: bool


@dataclass(frozen=True)
class ServiceMonth:
    """One service over a month, with the rows that its reckoning is made of."""

    service: Service
    reckoning: Reckoning
    promised: Decimal | None
    outages: list[OutageService]
    windows: list[Work]

    @property
    def is_kept(self) -> bool | None:
        """Whether the promise was kept; None where nothing was promised."""
        return None if self.promised is None else self.reckoning.keeps(self.promised)

    @property
    def allowed_seconds(self) -> int | None:
        """How long it may be down; None where nothing was promised."""
        return None if self.promised is None else self.reckoning.allowed_seconds(self.promised)


def sold_to(customer: Customer, month: date, *, now: datetime) -> list[Sold]:
    """What the customer was sold in the month of that day, in order: each contract, and the time without one.

    A new customer's month begins with its first contract.
    A contract counts from its first day to its last by its own zone, with the plan's version at the end of
    that, or now. Parts that have not begun are absent, unless nothing has.
    """
    first = month.replace(day=1)
    parts = _contracts(customer, first, now)
    if not parts:
        return [replace(without_plan(customer.tenant, first, now=now), customer_id=customer.pk)]
    whole = _with_gaps(parts, first, since_ever=_was_customer_before(customer, first))
    begun = [part for part in whole if part.start < now] or whole[:1]
    return [
        replace(part, end=max(part.start, min(part.end, now)), is_running=now < part.end) for part in begun
    ]


def without_plan(tenant: Tenant, month: date, *, now: datetime) -> Sold:
    """A month in the desk's own zone, in which nothing was promised and all counts."""
    zone = ZoneInfo(tenant.time_zone)
    start, end = month_of(month, zone)
    return Sold(zone, start, max(start, min(end, now)), None, counts_planned=True, is_running=now < end)


def months_of_services(services: Iterable[Service], sold: Sold, *, now: datetime) -> list[ServiceMonth]:
    """What was sold, for each service, in two queries."""
    listed = list(services)
    hits = outages_of([service.pk for service in listed], sold.start, sold.end)
    work = work_on([service.pk for service in listed], sold.start, sold.end, customer_id=sold.customer_id)
    return [_reckoned(service, sold, hits[service.pk], work[service.pk], now) for service in listed]


def _reckoned(
    service: Service, sold: Sold, hits: list[OutageService], work: list[Work], now: datetime
) -> ServiceMonth:
    down = down_periods(hits, [one.window for one in work], now)
    known = [] if sold.counts_planned else [one.window for one in work if one.is_known and one.is_in_time]
    planned = excused_periods(known, Impact.DOWN, now)
    reckoning = reckon(down, planned, sold.start, sold.end)
    return ServiceMonth(service, reckoning, sold.promised, hits, work)


def outages_of(service_ids: Sequence[int], start: datetime, end: datetime) -> dict[int, list[OutageService]]:
    """Service to how outages hit it between two instants, degraded ones too, with their outage."""
    rows = OutageService.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=start), service__in=service_ids, started_at__lt=end
    )
    return _by_service(rows.select_related("outage").order_by("started_at", "pk"))


def work_on(
    service_ids: Sequence[int], start: datetime, end: datetime, *, customer_id: int | None
) -> dict[int, list[Work]]:
    """Service to windows with the impact "down" that were worked on between two instants."""
    listed = WindowCustomer.objects.filter(window=OuterRef("window"))
    listed = listed.none() if customer_id is None else listed.filter(customer_id=customer_id)
    left_out = Exists(listed.filter(concern=Concern.LEFT_OUT))
    late = Exists(listed.exclude(emergency_reason=""))
    rows = WindowService.objects.filter(
        Q(window__ended_at=None) | Q(window__ended_at__gt=start),
        service__in=service_ids,
        window__status__in=WORKED_ON,
        window__impact=Impact.DOWN,
        window__started_at__lt=end,
    ).annotate(is_known=~left_out, is_in_time=~late)
    found = _by_service(rows.select_related("window").order_by("window__started_at", "pk"))
    work: dict[int, list[Work]] = defaultdict(list)
    for service_id, worked in found.items():
        work[service_id] = [
            Work(row.window, row.is_known, row.is_in_time)  # type: ignore[attr-defined]
            for row in worked
        ]
    return work


def _contracts(customer: Customer, first: date, now: datetime) -> list[Sold]:
    """The contracts that touch the month that begins on a day, in order; their bounds as if it were over."""
    following = _following(first)
    touching = Contract.objects.filter(customer=customer, period__overlap=DateRange(first, following))
    found: list[Sold] = []
    for contract in touching.select_related("plan", "calendar").order_by("period"):
        upper = min(following, contract.period.upper or following)
        agreement = agreement_under(contract, min(now, _noon(upper - timedelta(days=1))))
        if agreement is None:  # Its plan had no terms yet.
            continue
        version, zone = agreement.plan_version, terms_of(agreement).zone
        start, end = month_of(first, zone)
        if contract.period.lower is not None:
            start = max(start, start_of(contract.period.lower, zone))
        if contract.period.upper is not None:
            end = min(end, start_of(contract.period.upper, zone))
        if found and found[-1].end > start:  # In zones apart, days that follow each other overlap.
            found[-1] = replace(found[-1], end=start)
        found.append(
            Sold(
                zone=zone,
                start=start,
                end=end,
                promised=version.availability,
                counts_planned=version.availability is None or version.availability_counts_planned,
                is_running=False,
                plan=contract.plan.name,
                customer_id=customer.pk,
            )
        )
    return found


def _was_customer_before(customer: Customer, first: date) -> bool:
    return Contract.objects.filter(
        customer=customer, period__fully_lt=DateRange(first, _following(first))
    ).exists()


def _with_gaps(parts: list[Sold], first: date, *, since_ever: bool) -> list[Sold]:
    """The parts of a month and what lies before (`since_ever`), between and after them, without a contract.

    Such a gap is told by the clock of a neighbour.
    """
    whole: list[Sold] = []
    until = month_of(first, parts[0].zone)[0] if since_ever else parts[0].start
    for part in parts:
        if until < part.start:
            whole.append(_nothing_sold(part, until, part.start))
        whole.append(part)
        until = part.end
    last = month_of(first, parts[-1].zone)[1]
    return [*whole, _nothing_sold(parts[-1], until, last)] if until < last else whole


def _nothing_sold(beside: Sold, start: datetime, end: datetime) -> Sold:
    return replace(beside, start=start, end=end, promised=None, counts_planned=True, plan="")


def _noon(day: date) -> datetime:
    # Noon in UTC is of that day in nearly every zone; where it is the next one, the contract says so itself.
    return datetime.combine(day, time(12), UTC)


def _following(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _by_service(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.service_id].append(row)
    return found
