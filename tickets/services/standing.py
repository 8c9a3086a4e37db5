"""What the standing of a customer stops among tickets (policy clause S11), said to whom it stops."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.standing import Stop, stops
from tickets.models import Category, Ticket
from tickets.services.errors import AccountStopped


def check_filing(
    requester: Membership, *, category: Category, priority: str, channel: str, at: datetime
) -> None:
    """Refuse a ticket that its requester's company may not have filed now. Raises AccountStopped."""
    customer = requester.customer
    if customer is None:
        return
    stop = stops(customer, at=at, priority=priority, channel=channel, is_outage=category.is_outage)
    if stop is not None:
        is_other = stop.rule.stops_tickets or channel in stop.rule.channels
        raise AccountStopped(_filing_words(stop, channel=channel), "" if is_other else "priority")


def check_emergency(ticket: Ticket, *, at: datetime) -> None:
    """Refuse a contact's emergency while its company may declare none. Raises AccountStopped."""
    stop = stops(
        ticket.customer,
        at=at,
        priority=ticket.priority,
        is_outage=ticket.category.is_outage,
        is_emergency=True,
    )
    if stop is not None:
        words = _("Emergencies cannot be declared at the moment (%(ground)s). %(way_out)s")
        raise AccountStopped(words % _values(stop))


def _filing_words(stop: Stop, *, channel: str) -> str:
    if stop.rule.stops_tickets:
        words = _("New tickets cannot be filed at the moment (%(ground)s). %(way_out)s")
    elif channel in stop.rule.channels:
        words = _("Tickets cannot be filed in this way at the moment (%(ground)s). %(way_out)s")
    else:
        words = _("Tickets of this priority cannot be filed at the moment (%(ground)s). %(way_out)s")
    return words % _values(stop)


def _values(stop: Stop) -> dict[str, str]:
    return {"ground": stop.standing.get_ground_display(), "way_out": stop.way_out}
