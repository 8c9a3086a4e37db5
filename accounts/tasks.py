"""Celery shells around people, customers and the host names of desks."""

from zoneinfo import ZoneInfo

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.services import end_forgotten_views
from accounts.services.hosts import keep_claim, look_at_host
from accounts.services.standing import tell_reviews
from accounts.tenancy import in_tenant, tenant_scope


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


@shared_task
def look_at_hosts() -> int:
    """Every minute: look up the names whose turn it is, a confirmed one once a day; returns how many."""
    looked = 0
    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant.pk):
            claim, now = keep_claim(tenant, timezone.now()), timezone.now()
            if claim is not None and claim.next_check_at <= now:
                look_at_host_of.delay(tenant.pk)
                looked += 1
    return looked


@shared_task
@in_tenant
def look_at_host_of(tenant_id: int) -> str:
    """Look up the name of one desk, if that is due; returns what was found."""
    return str(look_at_host(tenant_id=tenant_id, at=timezone.now()) or "")
