"""Who of the customer follows a ticket, who may see it, and how the customer ends it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from tickets import notices, permissions
from tickets.lifecycle import ENDED, Status
from tickets.models import EventKind, Participant, Ticket, TicketEvent
from tickets.services.errors import NotAllowed, WrongStatus
from tickets.services.history import lock_ticket, record_event, refuse_closed, save_ticket
from tickets.services.standing import check_open


@transaction.atomic
def add_person(*, ticket: Ticket, person: Membership, by: Membership, at: datetime) -> TicketEvent | None:
    """Add somebody of the ticket's company: they see it and are told of it from now on.

    None if they follow it already. Raises TicketClosed, TicketMerged, CustomerClosed, NotAllowed.
    """
    ticket = lock_ticket(ticket)
    refuse_closed(ticket)
    check_open(by)
    is_colleague = person.customer_id == ticket.customer_id and person.tenant_id == ticket.tenant_id
    if not permissions.can_change_people(by, ticket) or not is_colleague or not person.is_active:
        raise NotAllowed
    if person.pk == ticket.requester_id:
        return None
    row = {"tenant_id": ticket.tenant_id, "added_by": by, "added_at": at}
    _row, is_new = Participant.objects.get_or_create(ticket=ticket, person=person, defaults=row)
    if not is_new:
        return None
    save_ticket(ticket, at=at)
    data = {"person": person.pk, "name": person.name}
    event = record_event(ticket, EventKind.PERSON_ADDED, at=at, actor=by, data=data)
    notices.tell_added(ticket, person, event, by=by, at=at)
    return event


@transaction.atomic
def remove_person(*, ticket: Ticket, person: Membership, by: Membership, at: datetime) -> TicketEvent | None:
    """Take somebody off again; everybody may take themselves off. None if they do not follow it.

    Raises NotAllowed.
    """
    ticket = lock_ticket(ticket)
    if by.pk != person.pk and not permissions.can_change_people(by, ticket):
        raise NotAllowed
    gone, _kinds = Participant.objects.filter(ticket=ticket, person=person).delete()
    if not gone:
        return None
    save_ticket(ticket, at=at)
    data = {"person": person.pk, "name": person.name}
    return record_event(ticket, EventKind.PERSON_REMOVED, at=at, actor=by, data=data)


@transaction.atomic
def change_privacy(*, ticket: Ticket, private: bool, by: Membership, at: datetime) -> TicketEvent | None:
    """Hide a ticket from the requester's colleagues, admins of the company included, or show it again.

    None if nothing changed. Raises NotAllowed.
    """
    ticket = lock_ticket(ticket)
    if not permissions.can_change_privacy(by, ticket):
        raise NotAllowed
    if ticket.is_private == private:
        return None
    ticket.is_private = private
    save_ticket(ticket, "is_private", at=at)
    return record_event(ticket, EventKind.PRIVACY_CHANGED, at=at, actor=by, data={"private": private})


@transaction.atomic
def withdraw_ticket(*, ticket: Ticket, by: Membership, at: datetime) -> TicketEvent:
    """The customer does not need it any more: it is closed for good, and its promises end unjudged.

    Raises TicketClosed, TicketMerged, WrongStatus (it is resolved: close it), NotAllowed.
    """
    ticket = lock_ticket(ticket)
    refuse_closed(ticket)
    before = ticket.status
    if before in ENDED:
        raise WrongStatus
    if not permissions.can_withdraw(by, ticket):
        raise NotAllowed
    ticket.status = Status.CLOSED
    ticket.resolved_at = ticket.closed_at = ticket.withdrawn_at = at
    save_ticket(ticket, "status", "resolved_at", "closed_at", "withdrawn_at", at=at)
    data = {"from": before, "to": Status.CLOSED}
    event = record_event(ticket, EventKind.WITHDRAWN, at=at, actor=by, data=data)
    notices.tell_withdrawn(ticket, event, by=by, at=at)
    return event
