"""Celery shells around the clocks."""

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from notifications.services import beat
from sla.audit import audit_tenant
from sla.services.holidays import extend_due_calendars
from sla.sweep import sweep_tenant, take_up_again, tenants_with_due_clocks


@shared_task
def sweep() -> int:
    """Every 15 seconds: take the steps that have fallen due, desk by desk; returns how many."""
    taken = 0
    for tenant_id in tenants_with_due_clocks(timezone.now()):
        with tenant_scope(tenant_id):
            taken += sweep_tenant(now=timezone.now())
    beat("clocks", timezone.now())
    return taken


@shared_task
def retry() -> int:
    """Every ten minutes: give clocks that were set aside with an error to the sweep again."""
    clocks = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            clocks += take_up_again(now=timezone.now())
    return clocks


@shared_task
def extend_holidays() -> int:
    """A few times a day: take over the next public holidays where they end within a year."""
    extended = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            extended += extend_due_calendars(now=timezone.now())
    return extended


@shared_task
def audit() -> int:
    """Every night: reckon open clocks and a sample of ended ones from the record; returns what differed."""
    differences = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            differences += len(audit_tenant(now=timezone.now()).differences)
    return differences
