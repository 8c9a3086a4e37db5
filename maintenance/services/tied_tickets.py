"""Intentions about the tickets of a window: those that asked for it and those filed because of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from maintenance.lifecycle import ENDED
from maintenance.models import Tie, Window, WindowEventKind, WindowTicket
from maintenance.services.errors import NotAllowed, TextNeeded
from maintenance.services.history import lock_window, write_event
from tickets.lifecycle import Status as TicketStatus
from tickets.models import Ticket
from tickets.services import reply_to_ticket


@transaction.atomic
def link_ticket(
    *, window: Window, ticket: Ticket, by: Membership | None, at: datetime, tie: Tie = Tie.REQUEST
) -> WindowTicket:
    """Tie a ticket to a window, once; one that is tied stays tied as it was. Raises NotAllowed."""
    window = lock_window(window, by)
    if ticket.tenant_id != window.tenant_id:
        raise NotAllowed
    tied, _is_new = WindowTicket.objects.get_or_create(
        tenant_id=window.tenant_id, window=window, ticket=ticket, defaults={"tie": tie}
    )
    return tied


@transaction.atomic
def unlink_ticket(*, window: Window, ticket: Ticket, by: Membership, at: datetime) -> None:
    """Untie a ticket from a window. Raises NotAllowed."""
    window = lock_window(window, by)
    WindowTicket.objects.filter(window=window, ticket=ticket).delete()


@transaction.atomic
def tell_tickets(*, window: Window, text: str, by: Membership, at: datetime) -> int:
    """Answer every tied ticket in public that was not told of the end yet; returns how many were.

    Closed tickets, merged ones too, are left out. Raises NotAllowed, WrongStatus (it has not ended),
    TextNeeded.
    """
    window = lock_window(window, by, ENDED)
    if not text.strip():
        raise TextNeeded
    untold = WindowTicket.objects.filter(window=window, told_at__isnull=True)
    open_ones = untold.exclude(ticket__status=TicketStatus.CLOSED).filter(ticket__merged_into__isnull=True)
    told = 0
    # In the order of tickets: two who answer many at once never wait for each other in a ring.
    for tied in open_ones.select_related("ticket").order_by("ticket_id"):
        reply_to_ticket(ticket=tied.ticket, by=by, body=text, at=at)
        tied.told_at = at
        tied.save(update_fields=["told_at"])
        told += 1
    if told:
        write_event(window, WindowEventKind.TOLD, at=at, by=by, text=text.strip(), data={"tickets": told})
    return told
