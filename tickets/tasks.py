"""Celery shells around tickets."""

from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import in_tenant, tenant_scope
from notifications.services import beat
from tickets.lifecycle import Status
from tickets.models import Ticket
from tickets.services import WrongStatus, close_ticket
from tickets.services.handing_over import go_on, under_way
from tickets.services.ratings import mail_questions

CLOSES_AFTER = timedelta(days=7)
BATCH = 500


@shared_task
def close_resolved() -> int:
    """Every hour: close for good what has been resolved for seven days; returns how many."""
    now = timezone.now()
    closed = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            closed += close_resolved_tickets(now=now)
    beat("close_resolved", timezone.now())
    return closed


@shared_task
def ask_for_ratings() -> int:
    """Every five minutes: mail the questions about resolved tickets that are due; returns how many."""
    asked = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            asked += mail_questions(now=timezone.now())
    return asked


@shared_task
def go_on_handing_over() -> int:
    """Every few seconds: see to it that hand-overs that are under way go on; returns in how many desks."""
    desks = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            waiting = bool(under_way())
        if waiting:
            go_on_handing_over_in.delay(tenant_id)
            desks += 1
    return desks


@shared_task
@in_tenant
def go_on_handing_over_in(tenant_id: int) -> int:
    """Carry the hand-overs of one desk through; returns how many batches that took."""
    batches = 0
    for hand_over_id in under_way():
        while go_on(hand_over_id, timezone.now()):
            batches += 1
    return batches


def close_resolved_tickets(*, now: datetime) -> int:
    """Close what has been resolved for seven days in the current desk, as of the instant when it was due."""
    waiting = Ticket.objects.filter(status=Status.RESOLVED, resolved_at__lte=now - CLOSES_AFTER)
    closed = 0
    for ticket in waiting.order_by("resolved_at", "pk")[:BATCH]:
        try:
            close_ticket(ticket=ticket, at=(ticket.resolved_at or now) + CLOSES_AFTER)
        except WrongStatus:
            continue  # Reopened between the list and the lock.
        closed += 1
    return closed
