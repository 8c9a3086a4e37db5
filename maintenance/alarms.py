"""What things that watch do with tickets: file one when trouble begins, resolve it when it is over, once.

Shared by monitors, alert sources and backup jobs. The caller holds the lock of the row that watches. A
contact hears of what its company uses and of nothing else: names of other customers' services stay theirs.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from maintenance.models import Outage
from maintenance.models.watching import Alarm, Filing
from tickets import notices
from tickets.lifecycle import Status
from tickets.models import Channel, EventKind, Purpose, Service, Ticket
from tickets.services import file_ticket, record_event
from tickets.services.conversation import write_message
from tickets.services.history import lock_ticket, save_ticket
from tickets.services.purposes import category_for


def file_alarm(
    alarm: Alarm,
    *,
    subject: str,
    body: str,
    at: datetime,
    service: Service | None = None,
    purpose: str = Purpose.ALARM,
) -> Ticket | None:
    """The ticket of the alarm's trouble: the one that lasts, else a new one as `file_for` says."""
    lasting: Ticket | None = alarm.ticket
    if lasting is not None and not lasting.is_resolved:
        return lasting
    filed = file_for(alarm, subject=subject, body=body, service=service, purpose=purpose, at=at)
    if filed is not None:
        alarm.ticket = filed
        alarm.save(update_fields=["ticket"])
    return filed


def file_for(
    asks: Filing,
    *,
    subject: str,
    body: str,
    at: datetime,
    service: Service | None = None,
    purpose: str = Purpose.ALARM,
    priority: str = "",
) -> Ticket | None:
    """A new ticket in the name of the requester that `asks` names, of its priority if no other is said.

    None where it names nobody, the requester may not enter the desk any more or does not use the service
    (whose name is then none of their business), or the desk has no category.
    """
    requester = asks.requester
    category = category_for(asks.tenant_id, purpose)
    if requester is None or not requester.is_active or category is None:
        return None
    if service is not None and not is_used_by(service, requester):
        return None
    filed: Ticket = file_ticket(
        by=requester,
        subject=subject,
        body=body,
        category=category,
        priority=priority or asks.priority,
        service=service,
        channel=Channel.API,
        at=at,
        is_automatic=True,
    )
    return filed


def settle_alarm(alarm: Alarm, *, text: str, at: datetime) -> Ticket | None:
    """The trouble is over: say so on its ticket and resolve it, unless somebody has; returns the ticket."""
    if alarm.ticket is None:
        return None
    ticket = alarm.ticket
    alarm.ticket = None
    alarm.save(update_fields=["ticket"])
    return settle_ticket(ticket, text=text, at=at)


def settle_outage(outage: Outage, *, text: str, at: datetime) -> None:
    """The trouble is over: settle the tickets that the desk itself has filed about this outage.

    Those are the ones that nobody linked (`linked_by` null); tickets of people are left to people.
    """
    filed = Ticket.objects.filter(outage_tickets__outage=outage, outage_tickets__linked_by=None)
    for ticket in filed.order_by("pk"):
        settle_ticket(ticket, text=text, at=at)


def settle_ticket(ticket: Ticket, *, text: str, at: datetime) -> Ticket:
    """Say on a ticket, in nobody's name, that it is over, and resolve it; a resolved one stays as it is."""
    ticket = lock_ticket(ticket)
    if ticket.is_resolved:
        return ticket
    before = ticket.status
    message = write_message(ticket, by=None, body=text, at=at, is_automatic=True)
    told = {"from_staff": True, "automatic": True, "from": before, "to": before}
    record_event(ticket, EventKind.REPLIED, at=at, actor=None, message=message, data=told)
    ticket.status, ticket.resolved_at = Status.RESOLVED, at
    save_ticket(ticket, "status", "resolved_at", at=at)
    done = {"from": before, "to": Status.RESOLVED}
    event = record_event(ticket, EventKind.RESOLVED, at=at, actor=None, data=done)
    for person in (ticket.requester, ticket.assignee):
        if person is not None:
            notices.tell(
                person,
                ticket,
                kind="resolved",
                key=f"event:{event.pk}",
                title=notices.RESOLVED,
                at=at,
                values={"name": ticket.tenant.name},
            )
    return ticket


def is_used_by(service: Service, requester: Membership) -> bool:
    """Whether the contact's company uses the service: a shared one, or its own."""
    return service.customer_id in (None, requester.customer_id)


def in_desks_words(alarm: Filing, words: str, **values: object) -> str:
    """A text that is kept, and read by many: in the language of the desk. `words` is a gettext message id."""
    with translation.override(alarm.tenant.language):
        return _(words) % values
