"""What a ticket's page and the queue show of emergencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import Membership
from sla.emergencies import may_declare, running_on, version_of_clocks
from sla.models import Emergency, EmergencyCall
from sla.terms import terms_for
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.querysets import TicketQuerySet

_BOUNDS = (EventKind.EMERGENCY_DECLARED, EventKind.EMERGENCY_ENDED)


@dataclass(frozen=True)
class ShownEmergency:
    """The emergency that runs on a ticket; `calls` are for staff."""

    row: Emergency
    calls: list[EmergencyCall]

    @property
    def is_acknowledged(self) -> bool:
        return self.row.acknowledged_by_id is not None


def emergency_panel(ticket: Ticket, me: Membership, events: Sequence[TicketEvent]) -> dict[str, Any]:
    """The banner, if one runs, else whether the reader may declare one; `events` are the ticket's history."""
    running = running_on(ticket) if _one_runs(events) else None
    if running is not None:
        calls = (
            running.calls.select_related("person").order_by("called_at", "pk") if me.is_staff_member else []
        )
        return {"emergency": ShownEmergency(running, list(calls)), "may_declare_emergency": False}
    if me.is_staff_member or ticket.is_resolved:
        return {"emergency": None, "may_declare_emergency": may_declare(me, ticket, None)}
    version = version_of_clocks(ticket)
    if version is None and (terms := terms_for(ticket.customer_id, ticket.filed_at)) is not None:
        version = terms.plan_version
    return {"emergency": None, "may_declare_emergency": may_declare(me, ticket, version)}


def _one_runs(events: Sequence[TicketEvent]) -> bool:
    """Whether the history says so: it is there already, and most tickets never had one."""
    kinds = [event.kind for event in events if event.kind in _BOUNDS]
    return bool(kinds) and kinds[-1] == EventKind.EMERGENCY_DECLARED


def with_emergencies(tickets: TicketQuerySet) -> TicketQuerySet:
    """Each with `in_emergency`: one runs on it."""
    return tickets.annotate(
        in_emergency=Exists(Emergency.objects.filter(ticket=OuterRef("pk"), ended_at=None))
    )
