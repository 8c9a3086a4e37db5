"""Celery shells around downloads of own data."""

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import in_tenant, tenant_scope
from reports.services import expire_downloads, make_next_download, sweep_strays, waits_for_work


@shared_task
def make_downloads() -> int:
    """Every few seconds: see to it that downloads are put together; returns in how many desks."""
    desks = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            waiting = waits_for_work(timezone.now())
        if waiting:
            make_downloads_of.delay(tenant_id)
            desks += 1
    return desks


# Longer than other tasks, and shorter than a message of the broker waits for its answer.
@shared_task(time_limit=540)
@in_tenant
def make_downloads_of(tenant_id: int) -> bool:
    """Put one download of a desk together; the schedule comes back for the next."""
    return make_next_download(now=timezone.now())


@shared_task
def expire() -> int:
    """Every hour: delete files of downloads that have expired, and those that no row knows, of closed desks
    too; returns how many."""
    expired = 0
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            expired += expire_downloads(now=timezone.now())
            expired += sweep_strays(tenant_id=tenant_id, now=timezone.now())
    return expired
