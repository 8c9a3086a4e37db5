"""The one door to a ticket's history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max

from accounts.models import Membership
from tickets.models import EventKind, Message, Ticket, TicketEvent
from tickets.services.errors import SentBefore
from tickets.signals import ticket_event_recorded


def record_event(
    ticket: Ticket,
    kind: EventKind,
    *,
    at: datetime,
    actor: Membership | None,
    message: Message | None = None,
    data: dict[str, Any] | None = None,
    submission: UUID | None = None,
) -> TicketEvent:
    """Append to the history and tell those who listen, in the transaction of the change itself.

    An event is never earlier than the one before it. Of two people who act at once one waits for the lock,
    with an instant taken before; and clocks of machines differ. Whoever comes second stands second, or the
    clocks would be reckoned from another order than the one that made the ticket what it is.

    `submission` says which sending of a form this is: of two that arrive at once the second raises
    SentBefore, and with its transaction goes what it had written.
    """
    last = TicketEvent.objects.filter(ticket=ticket).aggregate(at=Max("at"))["at"]
    at = max(at, last) if last else at
    event = TicketEvent(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        kind=kind,
        at=at,
        actor=actor,
        message=message,
        status=ticket.status,
        priority=ticket.priority,
        data=data or {},
        submission=submission,
    )
    try:
        event.save(force_insert=True)
    except IntegrityError as error:
        if "event_submission_once" in str(error):
            raise SentBefore from error
        raise
    ticket_event_recorded.send(sender=Ticket, ticket=ticket, event=event)
    return event


def earlier_event(*, by: Membership, submission: UUID | None) -> TicketEvent | None:
    """What somebody's sending of a form has done already, with its ticket; None if it is the first."""
    if submission is None:
        return None
    events = TicketEvent.objects.select_related("ticket", "message")
    return events.filter(tenant_id=by.tenant_id, actor=by, submission=submission).first()


def lock_ticket(ticket: Ticket) -> Ticket:
    """The ticket's row as it is now, locked until the transaction ends. Always locked before its children."""
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("assignee", "requester")
        .get(pk=ticket.pk)
    )


def save_ticket(ticket: Ticket, *fields: str, at: datetime) -> None:
    """Write the named fields and that something happened."""
    ticket.updated_at = at
    ticket.save(update_fields=[*fields, "updated_at"])
