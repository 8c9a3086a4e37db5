"""What happens to a ticket moves its clocks, inside the transaction of the change."""

from typing import Any

from django.dispatch import receiver

from sla.services.clocks import reckon_ticket
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.signals import ticket_event_recorded

# These change nothing that a clock is reckoned from.
_NO_MATTER = {EventKind.ASSIGNED, EventKind.NOTED, EventKind.ESCALATED}


@receiver(ticket_event_recorded)
def reckon_clocks(sender: Any, *, ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """Reckon again; an error here undoes the change rather than letting a clock drift."""
    if event.kind not in _NO_MATTER:
        reckon_ticket(ticket, now=event.at)
