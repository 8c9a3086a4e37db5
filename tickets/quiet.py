"""The quiet period: for a while after a ticket was resolved, a word of thanks does not open it again."""

from datetime import datetime, timedelta

from accounts.models import Tenant
from tickets.lifecycle import Status
from tickets.models import Ticket


def quiet_until(ticket: Ticket, tenant: Tenant) -> datetime | None:
    """Until when (that instant not included) a requester's reply leaves the ticket resolved.

    None for a ticket that is not resolved, and where every reply opens it again.
    """
    if ticket.status != Status.RESOLVED or ticket.resolved_at is None or not tenant.quiet_period_minutes:
        return None
    return ticket.resolved_at + timedelta(minutes=tenant.quiet_period_minutes)


def stays_resolved(ticket: Ticket, tenant: Tenant, at: datetime) -> bool:
    """Whether a requester's reply at that instant leaves the ticket resolved."""
    until = quiet_until(ticket, tenant)
    return until is not None and at < until
