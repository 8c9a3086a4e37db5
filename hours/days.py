"""Days and months of prepaid hours: those of the desk's zone, whoever reads."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Tenant
from accounts.months import month_after


def day_of(tenant: Tenant, at: datetime) -> date:
    """The day that it is at that instant."""
    return at.astimezone(ZoneInfo(tenant.time_zone)).date()


def end_of(tenant: Tenant, day: date) -> datetime:
    """The last instant of a day."""
    after = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(tenant.time_zone))
    return after - timedelta(microseconds=1)


def bounds(tenant: Tenant, month: date) -> tuple[datetime, datetime]:
    """The instants at which a month begins and ends."""
    zone, first = ZoneInfo(tenant.time_zone), month.replace(day=1)
    start, end = (datetime.combine(day, time(), zone) for day in (first, month_after(first)))
    return start, end
