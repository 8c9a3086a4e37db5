"""The ticket of an alarm: filed once for as long as the trouble lasts, resolved when it is over.

It is filed in the name of the alarm's requester, a contact; where there is none, no ticket is filed.
"""

from __future__ import annotations

from datetime import datetime

from maintenance.models.outages import Alarm
from tickets.models import Category, Channel, Service, Ticket
from tickets.services import TicketRuleBroken, file_ticket, reply_to_ticket, resolve_ticket


def alarm_category(tenant_id: int) -> Category | None:
    """Where alarms are filed: the first category about outages, else the first of all."""
    categories = Category.objects.filter(tenant_id=tenant_id, archived_at=None)
    found: Category | None = categories.order_by("-is_outage", "position", "name").first()
    return found


def file_alarm_ticket(
    alarm: Alarm, *, subject: str, body: str, service: Service | None, at: datetime
) -> Ticket | None:
    """The ticket of a trouble that begins; None where nobody files it or one is there already.

    The caller holds the alarm's lock.
    """
    requester, category = alarm.requester, alarm_category(alarm.tenant_id)
    if alarm.ticket_id is not None or requester is None or category is None:
        return None
    ticket = file_ticket(
        by=requester,
        subject=subject,
        body=body,
        category=category,
        priority=alarm.priority,
        service=service,
        channel=Channel.API,
        at=at,
    )
    alarm.ticket = ticket
    alarm.save(update_fields=["ticket"])
    return ticket


def close_alarm_ticket(alarm: Alarm, *, body: str, at: datetime) -> None:
    """The trouble is over: say so on its ticket and resolve it, as far as that is open still.

    The caller holds the alarm's lock.
    """
    ticket, requester = alarm.ticket, alarm.requester
    if ticket is None:
        return
    alarm.ticket = None
    alarm.save(update_fields=["ticket"])
    if requester is None or ticket.is_resolved:
        return
    try:
        reply_to_ticket(ticket=ticket, by=requester, body=body, at=at)
        resolve_ticket(ticket=ticket, by=requester, at=at)
    except TicketRuleBroken:
        # Merged or closed meanwhile: whoever did that has said what there was to say.
        return
