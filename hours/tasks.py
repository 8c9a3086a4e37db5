"""Celery shells around prepaid hours."""

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from hours.services import expire_packs


@shared_task
def expire() -> int:
    """Every half hour, because days end at another hour in each desk: let packs expire; returns how many."""
    expired = 0
    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant.pk):
            expired += expire_packs(tenant=tenant, at=timezone.now())
    return expired
