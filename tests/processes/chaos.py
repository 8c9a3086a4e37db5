"""The desk of the chaos test, made and looked at from other processes, on a database of its own."""

from datetime import datetime, timedelta
from typing import Any

TICKETS, AIM, LIMIT = 100, 10, 20
ANSWERED_AT_A_TIME = 4
SWEEPS = ("sla.tasks.sweep", "notifications.tasks.deliver")
HOUR = 3600
AROUND_THE_CLOCK = {"tz": "UTC", "week": {str(day): [["00:00", "24:00"]] for day in range(7)}}


def make() -> None:
    """Tickets filed a minute ago, to be answered within 10 to 20 seconds: two steps of each are due.

    Besides, tickets that are answered in time while everything falls over: no step of theirs ever falls due.
    """
    from django.utils import timezone

    from accounts.tenancy import tenant_scope
    from sla.services import TargetTerms
    from tests.factories import build_desk, new_ticket

    promise = TargetTerms("first_response", "medium", "business_time", AIM, LIMIT)
    longer = TargetTerms("first_response", "high", "business_time", HOUR, 2 * HOUR)
    desk = build_desk("chaos", spec=AROUND_THE_CLOCK, targets=[promise, longer])
    with tenant_scope(desk.tenant.pk):
        for number in range(TICKETS // 2):
            new_ticket(desk, at=timezone.now(), subject=f"To be answered {number}", priority="high")
        for number in range(TICKETS):
            new_ticket(desk, at=timezone.now() - timedelta(seconds=60), subject=f"Ticket {number}")


def answer() -> None:
    """Answer the next few of the tickets that have time."""
    from django.utils import timezone

    from accounts.models import Membership, Tenant
    from accounts.tenancy import tenant_scope
    from tickets.models import Ticket
    from tickets.services import reply_to_ticket

    with tenant_scope(Tenant.objects.get(slug="chaos").pk):
        agent = Membership.objects.filter(role="agent").order_by("pk")[0]
        for ticket in Ticket.objects.filter(priority="high", status="new").order_by("pk")[
            :ANSWERED_AT_A_TIME
        ]:
            reply_to_ticket(ticket=ticket, by=agent, body="Here is how.", at=timezone.now())


def ask() -> None:
    """Put each sweep into the broker twice, as beat does, only more often."""
    from supportdesk.celery import app

    for name in SWEEPS * 2:
        app.send_task(name)


def look() -> dict[str, Any]:
    """What has happened so far."""
    from django.utils import timezone

    from accounts.models import Tenant
    from accounts.tenancy import tenant_scope
    from notifications.models import Notification, OutboxMessage
    from sla.audit import audit_tenant
    from sla.models import Clock, Escalation
    from tickets.models import TicketEvent

    with tenant_scope(Tenant.objects.get(slug="chaos").pk):
        steps = Escalation.objects.values_list("clock_id", "due_at")
        started = dict(Clock.objects.values_list("pk", "started_at"))
        answers = dict(TicketEvent.objects.filter(kind="replied").values_list("ticket_id", "at"))
        met = dict(Clock.objects.filter(status="met").values_list("ticket_id", "ended_at"))
        places = [(clock, (due_at - started[clock]).total_seconds()) for clock, due_at in steps]
        escalations = Notification.objects.filter(kind="escalation")
        return {
            "steps": len(places),
            "different": len(set(places)),
            "instants": sorted({seconds for _clock, seconds in places}),
            "events": TicketEvent.objects.filter(kind="escalated").count(),
            "bells": escalations.count(),
            "different bells": escalations.values("recipient", "key").distinct().count(),
            "people": escalations.values("recipient").distinct().count(),
            "unsent": OutboxMessage.objects.filter(sent_at=None).count(),
            "letters": sorted(OutboxMessage.objects.values_list("message_id", flat=True)),
            "late by": sorted({(at - started[clock]).total_seconds() for clock, at in _breached()}),
            "breached": len(_breached()),
            "answered": len(answers),
            "met when answered": met == answers,
            "set aside": Clock.objects.exclude(error="").count(),
            "differences": [str(one) for one in audit_tenant(now=timezone.now()).differences],
        }


def _breached() -> "list[tuple[int, datetime]]":
    from sla.models import Clock

    found = Clock.objects.values_list("pk", "breached_at")
    return [(clock, at) for clock, at in found if at is not None]
