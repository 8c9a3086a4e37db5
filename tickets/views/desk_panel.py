"""What stands beside the conversation for staff: clocks, and what the customer bought."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from sla.models import Contract, PlanVersion
from tickets.models import Ticket


def desk_panel(ticket: Ticket, *, now: datetime) -> dict[str, Any]:
    """Clocks with their receipts; the contract and the terms of its plan, as on the day of filing."""
    from sla.presentation import clocks_of  # noqa: PLC0415

    contract = (
        Contract.objects.filter(customer_id=ticket.customer_id)
        .on(ticket.filed_at.date())
        .select_related("plan", "calendar")
        .first()
    )
    return {
        "clocks": clocks_of(ticket, now=now),
        "contract": contract,
        "terms": _terms(contract, ticket.filed_at) if contract else None,
    }


def _terms(contract: Contract, at: datetime) -> PlanVersion | None:
    """The version of the plan that a ticket filed at that instant was promised."""
    return (
        PlanVersion.objects.filter(plan_id=contract.plan_id)
        .filter(Q(valid_from=None) | Q(valid_from__lte=at))
        .select_related("calendar")
        .order_by("-number")
        .first()
    )
