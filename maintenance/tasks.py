"""Celery shells around services at work."""

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import in_tenant, tenant_scope
from maintenance.backup_sweep import sweep_backups as sweep_backups_of_desk
from maintenance.monitor_sweep import is_anything_due, sweep_monitors
from maintenance.services.subscribers import forget_unconfirmed
from maintenance.sweep import extend_all, sweep_tenant, welcome_newcomers
from notifications.services import beat


@shared_task
def sweep_windows() -> int:
    """Every few seconds: start, end and tell of windows, desk by desk; returns how much was done."""
    done = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            done += sweep_tenant(now=timezone.now())
    beat("maintenance", timezone.now())
    return done


@shared_task
def tell_newcomers() -> int:
    """Every minute: tell of announced windows whoever came since; returns of how many windows."""
    told = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            told += welcome_newcomers(now=timezone.now())
    return told


@shared_task
def extend_series() -> int:
    """A few times a day: make the windows of recurring maintenance that have come into sight."""
    made = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            made += extend_all(now=timezone.now())
    return made


@shared_task
def forget_subscribers() -> int:
    """A few times a day: remove addresses that nobody confirmed in time; returns how many."""
    gone = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            gone += forget_unconfirmed(at=timezone.now())
    return gone


@shared_task
def check_monitors() -> int:
    """Every few seconds: have checks and heartbeats looked at that are due; returns in how many desks."""
    desks = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            is_due = is_anything_due(timezone.now())
        if is_due:
            # Each desk by itself: services that do not answer keep a worker for as long as their timeouts.
            check_monitors_of.delay(tenant_id)
            desks += 1
    beat("monitors", timezone.now())
    return desks


@shared_task
@in_tenant
def check_monitors_of(tenant_id: int) -> int:
    """Look at what is due in one desk; returns at how many monitors."""
    return sweep_monitors(now=timezone.now())


@shared_task
def sweep_backups() -> int:
    """Every minute: say of backups that they are late, desk by desk; returns how many."""
    late = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            late += sweep_backups_of_desk(now=timezone.now())
    beat("backups", timezone.now())
    return late
