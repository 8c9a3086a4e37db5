"""One ticket about two things: a message of the requester becomes a ticket of its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.oneline import one_line
from tickets import notices
from tickets.lifecycle import Status
from tickets.models import Attachment, EventKind, Message, MessageKind, Ticket, TicketEvent
from tickets.services.conversation import write_message
from tickets.services.errors import CannotSplit
from tickets.services.filing import next_number
from tickets.services.history import lock_to_handle, record_event, save_ticket


@transaction.atomic
def split_ticket(*, ticket: Ticket, message: Message, subject: str, by: Membership, at: datetime) -> Ticket:
    """File what a requester wrote on a ticket as a ticket of its own; returns that one.

    It counts as filed when the message was written, so its promises run from when the customer asked. The
    message stays where it is and is copied, its files with it; priority, category, service and assignee are
    taken over. Raises TicketClosed, NotAllowed, CannotSplit.
    """
    ticket = lock_to_handle(ticket, by)
    author = _check_message(ticket, message)
    split = Ticket.objects.create(
        tenant_id=ticket.tenant_id,
        number=next_number(ticket.tenant_id),
        subject=one_line(subject),
        customer_id=ticket.customer_id,
        requester=author,
        category=ticket.category,
        service=ticket.service,
        affected_service=ticket.affected_service,
        priority=ticket.priority,
        status=Status.NEW,
        assignee=ticket.assignee,
        channel=ticket.channel,
        is_private=ticket.is_private,
        filed_at=message.created_at,
        updated_at=at,
    )
    _tell_history(ticket, split, message, author=author, by=by, at=at)
    notices.tell_split(ticket, split, by=by, at=at)
    return split


def _check_message(ticket: Ticket, message: Message) -> Membership:
    """The person who wrote it. Raises CannotSplit with the reason."""
    author: Membership | None = message.author
    is_theirs = message.kind == MessageKind.REPLY and not message.from_staff
    if message.ticket_id != ticket.pk or not is_theirs or author is None:
        raise CannotSplit(_("Only a message of the customer can become a ticket of its own."))
    if TicketEvent.objects.filter(ticket=ticket, kind=EventKind.FILED, message=message).exists():
        raise CannotSplit(_("This message is what the ticket is about. Split off a later one."))
    splits = TicketEvent.objects.filter(ticket=ticket, kind=EventKind.SPLIT)
    earlier = splits.filter(data__message=message.pk).first()
    if earlier is not None:
        tenant = ticket.tenant
        said = {"reference": f"{tenant.ticket_prefix}-{earlier.data['to']}"}
        raise CannotSplit(_("This message has become %(reference)s already.") % said)
    return author


def _tell_history(
    ticket: Ticket, split: Ticket, message: Message, *, author: Membership, by: Membership, at: datetime
) -> None:
    """Copy the message, and say on both tickets where the other one is."""
    copy = write_message(split, by=author, body=message.body, at=message.created_at)
    _copy_files(message, copy)
    data = {
        "channel": split.channel,
        "is_outage": split.category.is_outage,
        "split_from": ticket.number,
    }
    record_event(split, EventKind.FILED, at=message.created_at, actor=author, message=copy, data=data)
    record_event(split, EventKind.SPLIT, at=at, actor=by, data={"from": ticket.number})
    if split.assignee is not None:
        moved = {"from": "", "to": split.assignee.name}
        record_event(split, EventKind.ASSIGNED, at=at, actor=by, data=moved)
    save_ticket(ticket, at=at)
    gone = {"to": split.number, "message": message.pk}
    record_event(ticket, EventKind.SPLIT, at=at, actor=by, data=gone)


def _copy_files(message: Message, copy: Message) -> None:
    """Rows of their own that lead to the same stored files."""
    for attachment in message.attachments.all():
        Attachment.objects.create(
            tenant_id=copy.tenant_id,
            message=copy,
            file=attachment.file.name,
            name=attachment.name,
            size=attachment.size,
            content_type=attachment.content_type,
            created_at=attachment.created_at,
        )
