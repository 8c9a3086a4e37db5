"""Celery shells around the clocks."""

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import in_tenant, tenant_scope
from notifications.services import beat
from sla.audit import audit_tenant
from sla.emergency_sweep import call_next, tenants_with_due_calls
from sla.services.edit_work import carry_out, edits_to_work_on
from sla.services.holidays import extend_due_calendars
from sla.sweep import sweep_tenant, take_up_again, tenants_with_due_clocks
from sla.zone_rules import follow_zone_rules


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
def apply_edits() -> int:
    """Every few seconds: see to it that edits that are under way go on; returns in how many desks."""
    desks = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            waiting = bool(edits_to_work_on())
        if waiting:
            apply_edits_of.delay(tenant_id)
            desks += 1
    return desks


@shared_task
@in_tenant
def apply_edits_of(tenant_id: int) -> int:
    """Move open tickets to what was edited in one desk, for a while; returns how many were moved."""
    moved, is_done = carry_out(tenant_id)
    if not is_done:
        apply_edits_of.delay(tenant_id)
    return moved


@shared_task
def follow_rules() -> int:
    """Every half minute: let open clocks be reckoned again that older rules of time zones reckoned."""
    clocks = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            clocks += follow_zone_rules(tenant_id, now=timezone.now())
    return clocks


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


@shared_task
def call() -> int:
    """Every few seconds: call the next person of each emergency that nobody has acknowledged."""
    called = 0
    for tenant_id in tenants_with_due_calls(timezone.now()):
        with tenant_scope(tenant_id):
            called += call_next(now=timezone.now())
    beat("emergencies", timezone.now())
    return called
