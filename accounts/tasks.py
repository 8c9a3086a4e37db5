"""Celery shells around people and customers."""

from zoneinfo import ZoneInfo

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.services import end_forgotten_views
from accounts.services.standing import tell_reviews
from accounts.tenancy import tenant_scope


@shared_task
def end_views() -> int:
    """Every five minutes: write down that views as somebody else ran out; returns how many."""
    ended = 0
    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant.pk):
            ended += end_forgotten_views(at=timezone.now())
    return ended


@shared_task
def review_standings() -> int:
    """Every half hour, because days begin at another hour in each desk: tell of reviews; returns how many."""
    told = 0
    for tenant in Tenant.objects.filter(is_active=True):
        now = timezone.now()
        with tenant_scope(tenant.pk):
            told += tell_reviews(today=now.astimezone(ZoneInfo(tenant.time_zone)).date(), at=now)
    return told
