"""What a ticket's page shows of approvals, and the clauses that may be named on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import Truncator

from accounts.models import Membership
from sla.coverage_terms import Exclusion, exclusions_of
from tickets import permissions
from tickets.models import Approval, EventKind, Ticket, TicketEvent
from tickets.services import Clause

TITLE_LENGTH = 120


def approval_panel(ticket: Ticket, me: Membership, events: Sequence[TicketEvent]) -> dict[str, Any]:
    """The questions that were asked, the last one first; no query where none ever was."""
    asked: list[Approval] = []
    if any(event.kind == EventKind.APPROVAL_ASKED for event in events):
        asked = list(Approval.objects.filter(ticket=ticket).select_related("asked_by", "decided_by"))
    waits = next((one for one in asked if one.is_waiting), None) if not ticket.is_resolved else None
    return {
        "approvals": asked,
        "approval_waiting": waits,
        "may_ask_approval": permissions.can_ask_approval(me, ticket) and waits is None,
        "may_decide": waits is not None and permissions.can_decide(me, ticket),
    }


def time_logged(events: Sequence[TicketEvent]) -> int:
    """Minutes that were logged and not taken back, as the history says; no query."""
    way = {EventKind.TIME_LOGGED: 1, EventKind.TIME_VOIDED: -1}
    return sum(way.get(EventKind(event.kind), 0) * event.data.get("minutes", 0) for event in events)


def clauses_for(ticket: Ticket) -> list[Clause]:
    """The exclusions of the plan that the customer had on the day of filing, as customers read them."""
    return [_clause(one) for one in exclusions_of(ticket.customer_id, ticket.filed_at)]


def _clause(one: Exclusion) -> Clause:
    """An old one has no title: its words are their own, as far as a line goes."""
    if one.title:
        return Clause(key=one.key, title=one.title, text=one.text)
    line = Truncator(one.text).chars(TITLE_LENGTH)
    return Clause(key=one.key, title=line, text="" if line == one.text else one.text)
