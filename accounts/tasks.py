"""Celery shells around people."""

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.services import end_forgotten_views
from accounts.tenancy import tenant_scope


@shared_task
def end_views() -> int:
    """Every five minutes: write down that views as somebody else ran out; returns how many."""
    ended = 0
    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant.pk):
            ended += end_forgotten_views(at=timezone.now())
    return ended
