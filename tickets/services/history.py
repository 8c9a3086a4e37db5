"""The one door to a ticket's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Max
from psycopg.types.json import Jsonb

from accounts.models import Membership
from tickets import permissions
from tickets.lifecycle import Status
from tickets.models import EventKind, Message, Ticket, TicketEvent
from tickets.notices import reference
from tickets.services.errors import NotAllowed, SentBefore, TicketClosed, TicketMerged
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
        _append(event)
    except IntegrityError as error:
        if "event_submission_once" in str(error):
            raise SentBefore from error
        raise
    ticket_event_recorded.send(sender=Ticket, ticket=ticket, event=event)
    return event


def _append(event: TicketEvent) -> None:
    """Write an event, at its instant or at that of the last one before it, in one statement."""
    ids = [event.tenant_id, event.ticket_id, event.actor_id, event.message_id, event.submission]
    words = [str(word) for word in (event.kind, event.status, event.priority)]
    values: list[Any] = [*ids, *words, Jsonb(event.data), event.at, event.ticket_id]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, values)
        event.pk, event.at = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias


_APPEND = """
    INSERT INTO tickets_ticketevent
        (tenant_id, ticket_id, actor_id, message_id, submission, kind, status, priority, data, at)
    SELECT %s, %s, %s, %s, %s::uuid, %s, %s, %s, %s, GREATEST(%s, max(at))
    FROM tickets_ticketevent WHERE ticket_id = %s RETURNING id, at"""


@dataclass(frozen=True)
class Happening:
    """What the desk itself has to write into the history of one ticket of many."""

    ticket: Ticket
    kind: EventKind
    data: dict[str, Any]


def record_events(happenings: Sequence[Happening], *, at: datetime, tell_of_last: bool = False) -> None:
    """`record_event` for many tickets in two statements; the caller holds the locks of all of them.

    `tell_of_last`: whoever listens hears of the last event of each ticket alone, for what is one change.
    """
    tickets = {one.ticket.pk for one in happenings}
    last = dict(
        TicketEvent.objects.filter(ticket__in=tickets)
        .order_by()
        .values_list("ticket_id")
        .annotate(last=Max("at"))
    )
    events = TicketEvent.objects.bulk_create(
        TicketEvent(
            tenant_id=one.ticket.tenant_id,
            ticket=one.ticket,
            kind=one.kind,
            at=max(at, last.get(one.ticket.pk, at)),
            status=one.ticket.status,
            priority=one.ticket.priority,
            data=one.data,
        )
        for one in happenings
    )
    told = {event.ticket_id: event for event in events}.values() if tell_of_last else events
    for event in told:
        ticket_event_recorded.send(sender=Ticket, ticket=event.ticket, event=event)


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
        .select_related("tenant", "assignee__user", "requester__user")
        .get(pk=ticket.pk)
    )


def lock_tickets(first: Ticket, second: Ticket) -> tuple[Ticket, Ticket]:
    """Both rows as they are now, locked in the order of their ids: two who lock the same two never wait in a
    ring."""
    rows = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("tenant", "assignee__user", "requester__user")
        .filter(pk__in=(first.pk, second.pk))
    )
    locked = {row.pk: row for row in rows.order_by("pk")}
    return locked[first.pk], locked[second.pk]


def lock_to_handle(ticket: Ticket, by: Membership | None) -> Ticket:
    """The same for what staff do to a ticket, or the desk itself (None).

    Raises TicketClosed, TicketMerged, NotAllowed.
    """
    ticket = lock_ticket(ticket)
    refuse_closed(ticket)
    if by is not None and not permissions.can_handle(by, ticket):
        raise NotAllowed
    return ticket


def refuse_closed(ticket: Ticket) -> None:
    """Raises TicketClosed; TicketMerged where the conversation goes on elsewhere."""
    if ticket.merged_into is not None:
        raise TicketMerged(reference(ticket.merged_into), ticket.merged_into.number)
    if ticket.status == Status.CLOSED:
        raise TicketClosed


def save_ticket(ticket: Ticket, *fields: str, at: datetime) -> None:
    """Write the named fields and that something happened."""
    ticket.updated_at = at
    ticket.save(update_fields=[*fields, "updated_at"])
