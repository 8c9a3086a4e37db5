"""Intentions about the tickets of a window: those that asked for it and those filed because of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from maintenance.lifecycle import ENDED
from maintenance.models import Tie, Window, WindowEventKind, WindowTicket
from maintenance.services.errors import NotAllowed, TextNeeded
from maintenance.services.history import lock_window, write_event
from maintenance.window_reading import titles_on_tickets
from tickets.models import EventKind, Ticket
from tickets.notices import reference
from tickets.services import record_event, reply_to_ticket
from tickets.services.history import lock_ticket


@transaction.atomic
def link_tickets(
    *, window: Window, tickets: Iterable[Ticket], by: Membership | None, at: datetime, tie: Tie = Tie.REQUEST
) -> list[Ticket]:
    """Tie tickets to a window and write so on both; one that is tied stays tied as it was.

    Returns those that were not tied before. Raises NotAllowed.
    """
    window = lock_window(window, by)
    wanted = sorted(tickets, key=lambda ticket: ticket.pk)
    if any(ticket.tenant_id != window.tenant_id for ticket in wanted):
        raise NotAllowed
    return [locked for ticket in wanted if _tie(window, locked := lock_ticket(ticket), tie, by, at)]


def link_ticket(
    *, window: Window, ticket: Ticket, by: Membership | None, at: datetime, tie: Tie = Tie.REQUEST
) -> bool:
    """`link_tickets` for one; whether it was not tied before. Raises NotAllowed."""
    return bool(link_tickets(window=window, tickets=[ticket], by=by, at=at, tie=tie))


@transaction.atomic
def unlink_ticket(*, window: Window, ticket: Ticket, by: Membership, at: datetime) -> bool:
    """Untie a ticket from a window, and write so on both; whether it was tied. Raises NotAllowed."""
    window = lock_window(window, by)
    locked = lock_ticket(ticket)
    gone, _by_model = WindowTicket.objects.filter(window=window, ticket=locked).delete()
    if gone:
        _write(window, locked, WindowEventKind.UNLINKED, by=by, at=at)
    return gone > 0


@transaction.atomic
def tell_tickets(*, window: Window, text: str, by: Membership, at: datetime) -> int:
    """Answer every tied ticket in public that was not told of the end yet; returns how many were.

    Closed tickets, merged ones too, are left out. Raises NotAllowed, WrongStatus (it has not ended),
    TextNeeded.
    """
    window = lock_window(window, by, ENDED)
    if not text.strip():
        raise TextNeeded
    untold = WindowTicket.objects.filter(window=window).untold()
    told = 0
    # In the order of tickets: two who answer many at once never wait for each other in a ring.
    for tied in untold.select_related("ticket").order_by("ticket_id"):
        reply_to_ticket(ticket=tied.ticket, by=by, body=text, at=at)
        tied.told_at = at
        tied.save(update_fields=["told_at"])
        told += 1
    if told:
        write_event(window, WindowEventKind.TOLD, at=at, by=by, text=text.strip(), data={"tickets": told})
    return told


def _tie(window: Window, ticket: Ticket, tie: Tie, by: Membership | None, at: datetime) -> bool:
    _row, is_new = WindowTicket.objects.get_or_create(
        tenant_id=window.tenant_id, window=window, ticket=ticket, defaults={"tie": tie}
    )
    if is_new:
        _write(window, ticket, WindowEventKind.LINKED, by=by, at=at)
    return is_new


def _write(
    window: Window, ticket: Ticket, kind: WindowEventKind, *, by: Membership | None, at: datetime
) -> None:
    """Into both histories."""
    said = {"ticket": ticket.number, "reference": reference(ticket, window.tenant)}
    write_event(window, kind, at=at, by=by, data=said)
    on_ticket = EventKind.WINDOW_LINKED if kind == WindowEventKind.LINKED else EventKind.WINDOW_UNLINKED
    title = titles_on_tickets([window], window.tenant_id)(window, ticket.customer_id)
    record_event(ticket, on_ticket, at=at, actor=by, data={"window": window.pk, "title": title})
