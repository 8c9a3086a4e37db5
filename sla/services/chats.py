"""Chat: the ticket's page with an agent at the other end at once, where the plan has it, in support hours.

Whoever is there first takes it: all staff have it under their bells; the queue marks it until one answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.humantime import short_moment
from accounts.models import Membership
from sla.coverage_terms import coverage_terms_of
from sla.terms import terms_for
from tickets import notices, permissions
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import NotAllowed, WrongStatus, record_event
from tickets.services.errors import Explained
from tickets.services.history import lock_ticket, refuse_closed, save_ticket
from tickets.services.standing import chat_stop, check_chat, check_open

KEPT = 60
"""Seconds for which a page may show what was so a moment ago; asking for a chat always looks anew."""


class NoChat(Explained):
    """The plan has no chat, or nobody is there now; the words say when somebody is."""

    code = "no_chat"


@dataclass(frozen=True)
class Chat:
    """Whether a customer's plan has chat, whether support is open, and when that changes (None: not soon)."""

    is_in_plan: bool = False
    is_open: bool = False
    changes_at: datetime | None = None


def chat_of(customer_id: int, at: datetime) -> Chat:
    """How chat stands for a customer at an instant."""
    coverage, terms = coverage_terms_of(customer_id, at), terms_for(customer_id, at)
    if coverage is None or terms is None or "chat" not in coverage.channels:
        return Chat()
    if not terms.hours.is_open(at):
        return Chat(is_in_plan=True, changes_at=terms.hours.next_open(at))
    until = at + timedelta(days=1)
    closes_at = terms.hours.windows(at, until)[0][1]
    return Chat(is_in_plan=True, is_open=True, changes_at=closes_at if closes_at < until else None)


def chat_shown(tenant_id: int, customer_id: int, at: datetime) -> Chat:
    """The same for a page that is drawn often: at most a minute old, no query while it is known."""
    key = f"chat:{tenant_id}:{customer_id}"
    found: Chat | None = cache.get(key)
    if found is None:
        found = chat_of(customer_id, at)
        cache.set(key, found, timeout=KEPT)
    return found


def offered_on(ticket: Ticket, by: Membership, at: datetime) -> Chat | None:
    """What a contact's page of the ticket says of chat; None where nothing can be asked for."""
    if ticket.is_resolved or not permissions.can_reply(by, ticket) or chat_stop(ticket, at=at):
        return None
    return chat_shown(ticket.tenant_id, ticket.customer_id, at)


@transaction.atomic
def ask_for_chat(*, ticket: Ticket, by: Membership, at: datetime) -> TicketEvent | None:
    """Offer the conversation to all staff at once. None if it is offered already.

    Raises TicketClosed, TicketMerged, CustomerClosed, NotAllowed, WrongStatus (it is resolved),
    AccountStopped, NoChat.
    """
    ticket = lock_ticket(ticket)
    refuse_closed(ticket)
    check_open(by)
    if not by.is_contact or not permissions.can_reply(by, ticket):
        raise NotAllowed
    if ticket.is_resolved:
        raise WrongStatus
    if ticket.chat_since is not None:
        return None
    check_chat(ticket, at=at)
    chat = chat_of(ticket.customer_id, at)
    if not chat.is_in_plan:
        raise NoChat(_("Your plan has no chat. Write a reply: it is answered as promised."))
    if not chat.is_open:
        when = short_moment(chat.changes_at, now=at) if chat.changes_at else ""
        raise NoChat(_("Nobody is there now. Support opens %(when)s.") % {"when": when})
    ticket.chat_since = at
    save_ticket(ticket, "chat_since", at=at)
    event = record_event(ticket, EventKind.CHAT_ASKED, at=at, actor=by)
    notices.tell_chat(ticket, event, by=by, at=at)
    return event
