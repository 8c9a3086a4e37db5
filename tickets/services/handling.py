"""What agents do to a ticket besides talking: assign, prioritise, say what it is about, set status, resolve.

`seen` is the value that the person saw when deciding. If the ticket has another one by now, nothing is
overwritten: EditedMeanwhile tells what it is.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from tickets import notices, permissions
from tickets.lifecycle import WAITING, Priority, Status, may_become
from tickets.models import Category, EventKind, Service, Ticket, TicketEvent
from tickets.services.catalogue import is_used_by
from tickets.services.errors import EditedMeanwhile, NotAllowed, WrongStatus
from tickets.services.history import (
    lock_ticket,
    lock_to_handle,
    record_event,
    refuse_closed,
    save_ticket,
)
from tickets.services.ratings import ask_for_rating
from tickets.services.standing import check_open


@transaction.atomic
def assign_ticket(
    *,
    ticket: Ticket,
    assignee: Membership | None,
    by: Membership | None,
    at: datetime,
    seen: int | str | None = "",
    because: dict[str, Any] | None = None,
    mail_at: datetime | None = None,
    tells: bool = True,
) -> TicketEvent | None:
    """Give the ticket to somebody of the staff, or to nobody. `seen` is the id that was shown, "" to not ask.

    `by` None: the desk itself does, `because` goes into the event and says why. Mail to the new assignee
    waits until `mail_at`, if given. Without `tells` the caller tells them, of many tickets at once.
    None if nothing changed. Raises TicketClosed, NotAllowed, EditedMeanwhile.
    """
    ticket = lock_to_handle(ticket, by)
    if assignee is not None and not (assignee.is_staff_member and assignee.is_active):
        raise NotAllowed
    before = ticket.assignee
    if (before.pk if before else None) == (assignee.pk if assignee else None):
        return None
    if seen not in ("", ticket.assignee_id):
        raise EditedMeanwhile(before.name if before else _("unassigned"))
    ticket.assignee = assignee
    save_ticket(ticket, "assignee", at=at)
    data = {"from": before.name if before else "", "to": assignee.name if assignee else "", **(because or {})}
    event = record_event(ticket, EventKind.ASSIGNED, at=at, actor=by, data=data)
    if tells:
        notices.tell_assigned(ticket, event, by=by, at=at, mail_at=mail_at)
    return event


@transaction.atomic
def change_priority(
    *,
    ticket: Ticket,
    priority: str,
    by: Membership | None,
    at: datetime,
    seen: str = "",
    because: dict[str, Any] | None = None,
) -> TicketEvent | None:
    """Set another priority; the clocks go on from their own start with the new targets.

    `by` None: the desk itself does, `because` goes into the event and says why.
    None if nothing changed. Raises TicketClosed, NotAllowed, EditedMeanwhile.
    """
    ticket = lock_to_handle(ticket, by)
    before, after = Priority(ticket.priority), Priority(priority)
    if before == after:
        return None
    if seen and seen != before:
        raise EditedMeanwhile(str(before.label))
    ticket.priority = after
    save_ticket(ticket, "priority", at=at)
    data = {"from": before, "to": after, **(because or {})}
    return record_event(ticket, EventKind.PRIORITY_CHANGED, at=at, actor=by, data=data)


@transaction.atomic
def change_category(
    *, ticket: Ticket, category: Category, by: Membership, at: datetime, seen: int | None = None
) -> TicketEvent | None:
    """Say that the ticket is about something else; the restore clock follows whether that is an outage.

    `seen` is the id that was shown, None to not ask. None if nothing changed. Raises TicketClosed,
    NotAllowed, EditedMeanwhile.
    """
    ticket = lock_to_handle(ticket, by)
    if category.tenant_id != ticket.tenant_id:
        raise NotAllowed
    before = ticket.category
    if before.pk == category.pk:
        return None
    if seen not in (None, before.pk):
        raise EditedMeanwhile(before.name)
    ticket.category = category
    save_ticket(ticket, "category", at=at)
    data = {"from": before.name, "to": category.name, "is_outage": category.is_outage}
    return record_event(ticket, EventKind.CATEGORY_CHANGED, at=at, actor=by, data=data)


@transaction.atomic
def change_service(
    *, ticket: Ticket, service: Service | None, by: Membership, at: datetime, seen: int | str | None = ""
) -> TicketEvent | None:
    """Say which service the ticket is about, None for none in particular; one that its customer uses.

    `seen` is the id that was shown, "" to not ask. None if nothing changed. Raises TicketClosed, NotAllowed,
    EditedMeanwhile.
    """
    ticket = lock_to_handle(ticket, by)
    if service is not None and not is_used_by(service, ticket.tenant_id, ticket.customer_id):
        raise NotAllowed
    before = ticket.service
    if (before.pk if before else None) == (service.pk if service else None):
        return None
    if seen not in ("", ticket.service_id):
        raise EditedMeanwhile(before.name if before else _("none"))
    ticket.service = service
    save_ticket(ticket, "service", at=at)
    data = {"from": before.name if before else "", "to": service.name if service else ""}
    return record_event(ticket, EventKind.SERVICE_CHANGED, at=at, actor=by, data=data)


@transaction.atomic
def change_status(
    *, ticket: Ticket, status: str, by: Membership, at: datetime, seen: str = ""
) -> TicketEvent | None:
    """Set open, pending, on hold or awaiting approval; resolving and reopening are intentions of their own.

    None if nothing changed. Raises TicketClosed, NotAllowed, WrongStatus, EditedMeanwhile.
    """
    ticket = lock_to_handle(ticket, by)
    before, after = Status(ticket.status), Status(status)
    if before == after:
        return None
    if seen and seen != before:
        raise EditedMeanwhile(str(before.label))
    if after not in (Status.OPEN, *WAITING) or before == Status.RESOLVED or not may_become(before, after):
        raise WrongStatus
    ticket.status = after
    save_ticket(ticket, "status", at=at)
    return record_event(ticket, EventKind.STATUS_CHANGED, at=at, actor=by, data={"from": before, "to": after})


@transaction.atomic
def resolve_ticket(*, ticket: Ticket, by: Membership, at: datetime) -> TicketEvent:
    """Declare it done. Raises NotAllowed, TicketClosed, WrongStatus (it was resolved already)."""
    ticket = lock_ticket(ticket)
    before = ticket.status
    refuse_closed(ticket)
    if not may_become(before, Status.RESOLVED):
        raise WrongStatus
    if not permissions.can_resolve(by, ticket):
        raise NotAllowed
    ticket.status, ticket.resolved_at = Status.RESOLVED, at
    save_ticket(ticket, "status", "resolved_at", at=at)
    event = record_event(
        ticket, EventKind.RESOLVED, at=at, actor=by, data={"from": before, "to": Status.RESOLVED}
    )
    ask_for_rating(ticket, at=at)
    notices.tell_resolved(ticket, event, by=by, at=at)
    return event


@transaction.atomic
def reopen_ticket(*, ticket: Ticket, by: Membership, at: datetime) -> TicketEvent:
    """Take a resolved ticket up again. Raises TicketClosed, WrongStatus, CustomerClosed, NotAllowed."""
    ticket = lock_ticket(ticket)
    refuse_closed(ticket)
    if ticket.status != Status.RESOLVED:
        raise WrongStatus
    check_open(by)
    if not permissions.can_reopen(by, ticket):
        raise NotAllowed
    ticket.status, ticket.resolved_at = Status.OPEN, None
    save_ticket(ticket, "status", "resolved_at", at=at)
    event = record_event(
        ticket, EventKind.REOPENED, at=at, actor=by, data={"from": Status.RESOLVED, "to": Status.OPEN}
    )
    notices.tell_reopened(ticket, event, by=by, at=at)
    return event


@transaction.atomic
def close_ticket(*, ticket: Ticket, at: datetime, by: Membership | None = None) -> TicketEvent:
    """Close a resolved ticket for good: by its customer, or by the desk itself some days after (None).

    Raises WrongStatus, NotAllowed.
    """
    ticket = lock_ticket(ticket)
    if ticket.status != Status.RESOLVED:
        raise WrongStatus
    if by is not None and not permissions.can_close(by, ticket):
        raise NotAllowed
    ticket.status, ticket.closed_at = Status.CLOSED, at
    save_ticket(ticket, "status", "closed_at", at=at)
    return record_event(
        ticket, EventKind.CLOSED, at=at, actor=by, data={"from": Status.RESOLVED, "to": Status.CLOSED}
    )
