"""Celery shells around the outbox."""

from celery import shared_task
from django.utils import timezone

from accounts.tenancy import in_tenant, tenant_scope
from notifications import services
from notifications.waiting import tenants_with_waiting_mail


@shared_task
def deliver() -> int:
    """Every few seconds: send what waits, desk by desk."""
    now = timezone.now()
    sent = 0
    for tenant_id in tenants_with_waiting_mail(now):
        with tenant_scope(tenant_id):
            sent += services.deliver_waiting(now=now)
    services.beat("outbox", timezone.now())
    return sent


@shared_task
@in_tenant
def deliver_tenant(tenant_id: int) -> int:
    """Send what waits in one desk, without waiting for the sweep."""
    return services.deliver_waiting(now=timezone.now())
