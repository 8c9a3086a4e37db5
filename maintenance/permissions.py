"""Who may do what about services at work: asked by services, views, API and templates alike."""

from accounts.models import Membership


def can_handle_outages(membership: Membership, tenant_id: int) -> bool:
    """Open, tell about, change and end outages, answer their tickets: staff of the desk."""
    return membership.tenant_id == tenant_id and membership.is_staff_member


def can_configure(membership: Membership, tenant_id: int) -> bool:
    """Say what is checked and from where alerts come in: admins of the desk."""
    return membership.tenant_id == tenant_id and membership.is_admin


def can_plan_windows(membership: Membership, tenant_id: int) -> bool:
    """Draft, announce, move, run and end maintenance windows and their series: staff of the desk."""
    return membership.tenant_id == tenant_id and membership.is_staff_member


def can_declare_emergency(membership: Membership, tenant_id: int) -> bool:
    """Announce maintenance inside the notice that plans promise: supervisors and above, who say why."""
    return membership.tenant_id == tenant_id and membership.is_supervisor
