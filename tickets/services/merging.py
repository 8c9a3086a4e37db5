"""Two tickets about one thing: the conversation goes on in one of them.

Messages stay where they were written. The merged ticket is closed and leads to the survivor, its open
clocks are cancelled, and a question that waits there for approval is withdrawn; the survivor's are
untouched. A merged ticket takes no other in and a survivor is never merged itself, so that every merged
ticket leads straight to where the conversation goes on.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from tickets import approval_notices, notices
from tickets.lifecycle import Status
from tickets.models import EventKind, Participant, Ticket, TicketEvent
from tickets.notices import reference
from tickets.permissions import can_handle
from tickets.services.approvals import end_waiting
from tickets.services.errors import CannotMerge, NotAllowed
from tickets.services.history import lock_tickets, record_event, refuse_closed, save_ticket


@transaction.atomic
def merge_tickets(*, ticket: Ticket, into: Ticket, by: Membership, at: datetime) -> TicketEvent:
    """Close a ticket for good; its conversation goes on in `into`, a ticket of the same customer.

    Raises TicketClosed, TicketMerged, NotAllowed, CannotMerge.
    """
    ticket, survivor = lock_tickets(ticket, into)
    refuse_closed(ticket)
    if not can_handle(by, ticket):
        raise NotAllowed
    _check_pair(ticket, survivor)
    asked = end_waiting(ticket, by=by, at=at)
    before = ticket.status
    ticket.merged_into, ticket.status = survivor, Status.CLOSED
    ticket.resolved_at, ticket.closed_at = ticket.resolved_at or at, at
    save_ticket(ticket, "merged_into", "status", "resolved_at", "closed_at", at=at)
    data = {"into": survivor.number, "from": before, "to": Status.CLOSED}
    event = record_event(ticket, EventKind.MERGED, at=at, actor=by, data=data)
    save_ticket(survivor, at=at)
    record_event(survivor, EventKind.MERGED_IN, at=at, actor=by, data={"from": ticket.number})
    _bring_along(ticket, survivor, by=by, at=at)
    question = asked.question if asked else ""
    notices.tell_merged(ticket, survivor, event, by=by, at=at, question=question)
    if asked is not None:
        approval_notices.tell_merged(asked, ticket, at=at)
    return event


def _bring_along(ticket: Ticket, survivor: Ticket, *, by: Membership, at: datetime) -> None:
    """Whoever followed the one follows the other, or they could not read where it goes on."""
    people = {ticket.requester_id, *ticket.participants.values_list("person_id", flat=True)}
    Participant.objects.bulk_create(
        (
            Participant(tenant_id=survivor.tenant_id, ticket=survivor, person_id=pk, added_by=by, added_at=at)
            for pk in sorted(people - {survivor.requester_id})
        ),
        ignore_conflicts=True,
    )


def _check_pair(ticket: Ticket, survivor: Ticket) -> None:
    """Raises CannotMerge with the reason."""
    if ticket.pk == survivor.pk:
        raise CannotMerge(_("A ticket cannot be merged into itself. Choose another one."))
    if ticket.tenant_id != survivor.tenant_id or ticket.customer_id != survivor.customer_id:
        raise CannotMerge(_("This ticket is another customer's. Choose one of the same customer."))
    if survivor.merged_into is not None:
        raise CannotMerge(
            _("%(reference)s was itself merged into %(survivor)s. Choose %(survivor)s.")
            % {"reference": reference(survivor), "survivor": reference(survivor.merged_into)}
        )
    if survivor.status == Status.CLOSED:
        raise CannotMerge(
            _("%(reference)s is closed. Choose an open one.") % {"reference": reference(survivor)}
        )
    if ticket.merged_tickets.exists():
        raise CannotMerge(
            _("Other tickets were merged into this one, so it stays. Merge %(reference)s into it instead.")
            % {"reference": reference(survivor)}
        )
