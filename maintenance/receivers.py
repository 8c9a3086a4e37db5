"""Windows and outages follow what happens to tickets, inside the transaction of the change."""

from typing import Any

from django.dispatch import receiver

from maintenance.linking import link_filed
from maintenance.pauses import follow_ticket
from tickets.lifecycle import ENDED
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.signals import ticket_event_recorded


@receiver(ticket_event_recorded)
def group_filed(sender: Any, *, ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """A ticket that is filed on a service under maintenance, or out of order, is grouped with its like.

    One that was split off was filed when its message was written: what happens today is not what it tells of.
    """
    if event.kind == EventKind.FILED and "split_from" not in event.data:
        link_filed(ticket, at=event.at)


@receiver(ticket_event_recorded)
def follow_windows(sender: Any, *, ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """A ticket that is filed, gets another service or is taken up again hears of announced windows."""
    if event.kind == EventKind.FILED:
        follow_ticket(ticket=ticket, at=event.at, is_new=True)
    elif event.kind == EventKind.SERVICE_CHANGED or _is_taken_up(event):
        follow_ticket(ticket=ticket, at=event.at)


def _is_taken_up(event: TicketEvent) -> bool:
    """It was resolved before: nothing was written on it meanwhile."""
    return event.data.get("from") in ENDED and event.status not in ENDED
