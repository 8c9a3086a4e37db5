"""Who may do what in the knowledge base: asked by services, views, API and templates alike."""

from accounts.models import Membership


def can_write(membership: Membership, tenant_id: int) -> bool:
    """Write and change articles, ask for a review, look through searches in vain: staff of the desk."""
    return membership.tenant_id == tenant_id and membership.is_staff_member


def can_publish(membership: Membership, tenant_id: int) -> bool:
    """Publish, send back, withdraw and archive: supervisors and above."""
    return membership.tenant_id == tenant_id and membership.is_supervisor


def can_arrange(membership: Membership, tenant_id: int) -> bool:
    """Make, rename, order and archive sections: admins of the desk."""
    return membership.tenant_id == tenant_id and membership.is_admin
