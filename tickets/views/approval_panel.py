"""What a ticket's page shows of approvals, and the clauses that may be named on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.models import Membership
from sla.coverage_terms import exclusions_of
from tickets import permissions
from tickets.models import Approval, EventKind, Ticket, TicketEvent
from tickets.services import Clause


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


def clauses_for(ticket: Ticket) -> list[Clause]:
    """The exclusions of the plan that the customer had on the day of filing, as customers read them."""
    return [
        Clause(key=one.key, title=one.heading, text=one.text if one.title else "")
        for one in exclusions_of(ticket.customer_id, ticket.filed_at)
    ]
