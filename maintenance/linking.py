"""Tickets that are filed while their service is worked on, or out of order, belong to that story."""

from __future__ import annotations

from datetime import datetime

from maintenance.for_tickets import Happening, happening_on
from maintenance.models import OutageTicket, Tie, WindowTicket
from tickets.models import EventKind, Ticket
from tickets.services import record_event


def link_filed(ticket: Ticket, *, at: datetime) -> None:
    """Group a ticket that was just filed on the running windows and outages of its service.

    Their rows are not locked: who holds one and files a ticket, as an alarm does, would wait for the counter
    of numbers that this transaction holds.
    """
    if ticket.service_id is None:
        return
    for happening in happening_on([ticket.service_id], at, customer_id=ticket.customer_id):
        if happening.is_window:
            _link_window(ticket, happening, at)
        else:
            _link_outage(ticket, happening, at)


def _link_window(ticket: Ticket, happening: Happening, at: datetime) -> None:
    _row, is_new = WindowTicket.objects.get_or_create(
        tenant_id=ticket.tenant_id, window_id=happening.pk, ticket=ticket, defaults={"tie": Tie.FILED}
    )
    if is_new:
        data = {"window": happening.pk, "title": happening.title}
        record_event(ticket, EventKind.WINDOW_LINKED, at=at, actor=None, data=data)


def _link_outage(ticket: Ticket, happening: Happening, at: datetime) -> None:
    _row, is_new = OutageTicket.objects.get_or_create(
        tenant_id=ticket.tenant_id, outage_id=happening.pk, ticket=ticket, defaults={"linked_at": at}
    )
    if is_new:
        data = {"outage": happening.pk, "title": happening.title}
        record_event(ticket, EventKind.OUTAGE_LINKED, at=at, actor=None, data=data)
