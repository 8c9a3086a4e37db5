"""The maintenance windows that a ticket belongs to, beside its conversation."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts.models import Membership
from maintenance.models import Window, WindowTicket
from maintenance.window_reading import to_be_read
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet


def with_sign_of_windows(tickets: TicketQuerySet) -> TicketQuerySet:
    """Each with `has_windows`: most belong to none, and their pages need not ask for any."""
    return tickets.annotate(has_windows=Exists(WindowTicket.objects.filter(ticket=OuterRef("pk"))))


def windows_of(ticket: Ticket, reader: Membership) -> list[Window]:
    """Those that the reader may see, by their start; no query for a ticket without `has_windows`."""
    if not ticket.has_windows:  # type: ignore[attr-defined]  # annotated above
        return []
    seen = Window.objects.visible_to(reader).filter(window_tickets__ticket=ticket)
    return to_be_read(seen.order_by("starts_at", "pk"), reader)
