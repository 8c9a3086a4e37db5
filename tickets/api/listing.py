"""The rows behind a list of tickets: parameters to querysets."""

from datetime import datetime
from typing import Any

from accounts.api.pagination import Key, Order
from accounts.models import Membership
from tickets.api.inputs import UNRESOLVED_WORD
from tickets.lifecycle import UNRESOLVED
from tickets.models import DueState, Ticket
from tickets.querysets import TicketQuerySet

ORDERS = {
    "due": Order("due", [Key("due_at", nullable=True), Key("id")]),
    # By number, not by an instant that changes: turning pages then skips nothing.
    "newest": Order("newest", [Key("number", descending=True)]),
    # What changes while somebody reads moves to the end, where it is read again.
    "updated": Order("updated", [Key("updated_at"), Key("id")]),
}


def tickets_for(membership: Membership, query: dict[str, Any], now: datetime) -> TicketQuerySet:
    """The tickets that the caller may see and asked for, with their people."""
    tickets: TicketQuerySet = Ticket.objects.visible_to(membership).with_people().with_services()
    tickets = tickets.with_survivors()
    tickets = _in_view(tickets, query["view"], membership, now)
    tickets = _by_choice(tickets, query)
    if "assignee" in query:
        tickets = _by_assignee(tickets, query["assignee"], membership)
    if "q" in query:
        tickets = tickets.matching(query["q"], membership)
    return tickets


def _in_view(tickets: TicketQuerySet, view: str, membership: Membership, now: datetime) -> TicketQuerySet:
    if view == "mine":
        mine = {"requester": membership} if membership.is_contact else {"assignee": membership}
        return tickets.filter(**mine)
    if view == "unassigned":
        return tickets.filter(assignee=None)
    running = tickets.filter(due_state=DueState.RUNNING)
    if view == "at_risk":
        return running.filter(at_risk_at__lt=now, due_at__gte=now)
    return running.filter(due_at__lt=now) if view == "breached" else tickets


def _by_choice(tickets: TicketQuerySet, query: dict[str, Any]) -> TicketQuerySet:
    if statuses := set(query.get("status", ())):
        if UNRESOLVED_WORD in statuses:
            statuses |= set(UNRESOLVED)
        tickets = tickets.filter(status__in=statuses - {UNRESOLVED_WORD})
    if priorities := query.get("priority"):
        tickets = tickets.filter(priority__in=priorities)
    lookups = {
        "customer": "customer_id",
        "category": "category_id",
        "service": "service_id",
        "due_before": "due_at__lt",
        "updated_since": "updated_at__gte",
    }
    return tickets.filter(**{lookup: query[name] for name, lookup in lookups.items() if name in query})


def _by_assignee(tickets: TicketQuerySet, who: str, membership: Membership) -> TicketQuerySet:
    if who == "none":
        return tickets.filter(assignee=None)
    return tickets.filter(assignee_id=membership.pk if who == "me" else int(who))
