"""Celery shells around the outbox."""

import time

from celery import shared_task
from django.utils import timezone

from accounts.tenancy import in_tenant, tenant_scope
from notifications import services
from notifications.waiting import tenants_with_waiting_mail

# Webhooks of all desks together: receivers that hang must not keep a worker from the next sweep for long.
CALLING_SECONDS = 30


@shared_task
def deliver() -> int:
    """Every few seconds: send what waits, desk by desk; the mails of all desks before any webhook."""
    now = timezone.now()
    tenants = tenants_with_waiting_mail(now)
    sent = 0
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            sent += services.deliver_mails(now=now)
    until = time.monotonic() + CALLING_SECONDS
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            sent += services.deliver_webhooks(now=now, until=until)
    services.beat("outbox", timezone.now())
    return sent


@shared_task
@in_tenant
def deliver_tenant(tenant_id: int) -> int:
    """Send what waits in one desk, without waiting for the sweep."""
    return services.deliver_waiting(now=timezone.now())
