"""Find a time: what `maintenance.slots` needs, read for some services of a desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from accounts.models import Customer, Tenant
from maintenance.audience import customers_concerned
from maintenance.customer_hours import hours_of_customers
from maintenance.lifecycle import Status
from maintenance.models import Window
from maintenance.slots import Audience, Found, Wanted, find_slots
from sla.calendar import Period
from sla.maintenance_terms import maintenance_terms_of_all
from tickets.models import Service, Ticket

LOOKED_BACK = timedelta(days=90)
WEEKS = LOOKED_BACK / timedelta(days=7)


@dataclass(frozen=True)
class Proposals:
    """What was found, and what it rests on.

    `notice_hours` is the longest that a plan promises, None: none does; `unknown` customers have no contract
    and so no known hours; `tickets` were filed in the days looked back on.
    """

    found: Found
    zone: ZoneInfo
    customers: list[Customer]
    unknown: int
    notice_hours: int | None
    not_before: datetime
    tickets: int


def find_time(
    *,
    tenant: Tenant,
    services: Collection[Service],
    minutes: int,
    days: int,
    at: datetime,
    added: Collection[Customer] = (),
    left_out: Collection[Customer] = (),
    instead_of: Window | None = None,
) -> Proposals:
    """The best times for work on the services, `days` ahead; `instead_of` is a window to be moved."""
    ids = [service.pk for service in services]
    customers = customers_concerned(ids, added, left_out)
    hours = hours_of_customers([customer.pk for customer in customers], at)
    notice = _longest_notice([customer.pk for customer in customers], at)
    not_before = at + timedelta(hours=notice or 0)
    zone, end = ZoneInfo(tenant.time_zone), at + timedelta(days=days)
    arrivals = arrivals_of(tenant, zone, at)
    taken, other_work = _work_between(tenant, ids, at, end, instead_of)
    wanted = Wanted(
        start=at,
        end=end,
        not_before=not_before,
        minutes=minutes,
        zone=zone,
        arrivals=[count / WEEKS for count in arrivals],
        taken=taken,
        other_work=other_work,
    )
    shared = Counter(id(its) for its in hours.values())
    calendars = {id(its): its for its in hours.values()}
    audiences = [Audience(calendars[key], number) for key, number in shared.items()]
    return Proposals(
        found=find_slots(wanted, audiences),
        zone=zone,
        customers=customers,
        unknown=len(customers) - len(hours),
        notice_hours=notice,
        not_before=not_before,
        tickets=sum(arrivals),
    )


def arrivals_of(tenant: Tenant, zone: ZoneInfo, at: datetime) -> list[int]:
    """How many tickets were filed in each hour of the week lately, by the clock of the desk."""
    filed = Ticket.objects.filter(tenant=tenant, filed_at__gt=at - LOOKED_BACK, filed_at__lte=at)
    counted = (
        filed.annotate(
            day=ExtractIsoWeekDay("filed_at", tzinfo=zone), hour=ExtractHour("filed_at", tzinfo=zone)
        )
        .values_list("day", "hour")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found = [0] * 168
    for day, hour, number in counted:
        found[(day - 1) * 24 + hour] = number
    return found


def _longest_notice(customer_ids: list[int], at: datetime) -> int | None:
    terms = maintenance_terms_of_all(customer_ids, at).values()
    return max((its.notice_hours for its in terms if its.notice_hours is not None), default=None)


def _work_between(
    tenant: Tenant, service_ids: list[int], start: datetime, end: datetime, instead_of: Window | None
) -> tuple[list[Period], list[Period]]:
    """The periods of other windows: those on the same services, then those on others.

    Nobody knows when one that overruns ends: it is taken to need as long again as was planned.
    """
    running = Q(status=Status.IN_PROGRESS)
    windows = Window.objects.filter(Q(ends_at__gt=start) | running, tenant=tenant, starts_at__lt=end)
    windows = windows.coming_or_running()
    if instead_of is not None:
        windows = windows.exclude(pk=instead_of.pk)
    same = set(windows.filter(window_services__service_id__in=service_ids).values_list("pk", flat=True))
    taken: list[Period] = []
    other: list[Period] = []
    for pk, starts_at, ends_at in windows.values_list("pk", "starts_at", "ends_at"):
        ends = ends_at if ends_at > start else start + (ends_at - starts_at)
        (taken if pk in same else other).append((starts_at, ends))
    return taken, other
