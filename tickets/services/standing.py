"""What the standing of a customer stops among tickets (policy clause S11), and what its closing does; said to
whom it stops."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.standing import Stop, stops
from tickets.models import Category, Ticket
from tickets.services.errors import AccountStopped, CustomerClosed

CHAT = "chat"
"""Beside the channels of tickets, what a rule of a standing may stop."""


def check_open(by: Membership) -> None:
    """Refuse what somebody of a closed customer would begin or go on with. Raises CustomerClosed."""
    if by.is_shut:
        raise CustomerClosed(CustomerClosed.words_for_contacts())


def check_answerable(ticket: Ticket) -> None:
    """Refuse to wait for an answer of a closed customer: its people can give none. Raises CustomerClosed."""
    if not ticket.customer.is_active:
        words = _("%(company)s is closed: its people cannot answer until it is opened again.")
        raise CustomerClosed(words % {"company": ticket.customer.name})


def check_filing(
    requester: Membership, *, by: Membership, category: Category, priority: str, channel: str, at: datetime
) -> None:
    """Refuse a ticket that its requester's company may not have filed now.

    Raises CustomerClosed, AccountStopped.
    """
    customer = requester.customer
    if customer is None:
        return
    if not by.is_contact and requester.is_shut:
        words = _("%(company)s is closed. Open it again in its settings to file tickets for its people.")
        raise CustomerClosed(words % {"company": customer.name})
    check_open(requester)
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


def check_chat(ticket: Ticket, *, at: datetime) -> None:
    """Refuse a chat that the standing of the ticket's customer stops. Raises AccountStopped."""
    stop = chat_stop(ticket, at=at)
    if stop is not None:
        words = _("Nobody can be asked for a chat at the moment (%(ground)s). %(way_out)s")
        raise AccountStopped(words % _values(stop))


def chat_stop(ticket: Ticket, *, at: datetime) -> Stop | None:
    """What stops a chat on that ticket: a rule that names chats, or one that stops everything."""
    stop = stops(
        ticket.customer,
        at=at,
        priority=ticket.priority,
        channel=CHAT,
        is_outage=ticket.category.is_outage,
    )
    return stop if stop and (stop.rule.stops_tickets or CHAT in stop.rule.channels) else None


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
