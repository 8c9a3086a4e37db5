"""Who may do what with prepaid hours: asked by views, API and templates alike."""

from __future__ import annotations

from accounts.models import Customer, Membership, Role
from hours.models import TimeEntry
from tickets.models import Ticket


def can_read_hours(membership: Membership, customer: Customer) -> bool:
    """Balance, packs and statements: staff, and those who speak for the company."""
    if membership.tenant_id != customer.tenant_id:
        return False
    if membership.is_staff_member:
        return True
    return membership.role == Role.CUSTOMER_ADMIN and membership.customer_id == customer.pk


def can_sell(membership: Membership, tenant_id: int) -> bool:
    """Sell, change and adjust packs: admins."""
    return membership.is_admin and membership.tenant_id == tenant_id


def can_log_time(membership: Membership, ticket: Ticket) -> bool:
    """Staff, also on tickets that are closed: work is often written down afterwards."""
    return membership.is_staff_member and membership.tenant_id == ticket.tenant_id


def can_void(membership: Membership, entry: TimeEntry) -> bool:
    """Whoever logged it, and supervisors; once."""
    if entry.voided_at is not None or membership.tenant_id != entry.tenant_id:
        return False
    return membership.is_supervisor or (membership.is_staff_member and membership.pk == entry.agent_id)
