"""Until when pages have to ask whether there is maintenance or an outage to show (`Tenant.banner_until`).

Most of the time most desks have nothing announced, and their pages then ask nothing at all.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Max, Q

from accounts.models import Tenant
from maintenance.lifecycle import BLOCKING, Status
from maintenance.models import Outage, Window

# Nobody knows when an outage ends, nor a window that is in progress: it may overrun.
OPEN_END = datetime(9000, 1, 1, tzinfo=UTC)


def look_again(*, tenant_id: int, at: datetime) -> datetime | None:
    """Keep `banner_until` up, at the end of what announces, opens or ends something; returns it.

    In the transaction of the change. The desk's row is locked first, so that of two changes at once the
    second one sees what the first one left.
    """
    tenant = Tenant.objects.select_for_update(no_key=True).only("banner_until").get(pk=tenant_id)
    until = _until(tenant_id, at)
    if until != tenant.banner_until:
        Tenant.objects.filter(pk=tenant_id).update(banner_until=until)
    return until


def _until(tenant_id: int, at: datetime) -> datetime | None:
    windows = Window.objects.filter(tenant_id=tenant_id)
    if Outage.objects.filter(tenant_id=tenant_id).running().exists():
        return OPEN_END
    if windows.filter(status=Status.IN_PROGRESS).exists():
        return OPEN_END
    # One that should have started by now may still do so.
    ahead = windows.filter(Q(ends_at__gt=at) | Q(starts_by_itself=True), status__in=BLOCKING)
    latest: datetime | None = ahead.aggregate(latest=Max("ends_at"))["latest"]
    return latest
