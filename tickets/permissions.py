"""Who may do what to a ticket that they can see: asked by views, API and templates alike."""

from accounts.models import Membership, Role
from tickets.lifecycle import Status
from tickets.models import Ticket


def _may_see(membership: Membership, ticket: Ticket) -> bool:
    if membership.tenant_id != ticket.tenant_id:
        return False
    return membership.is_staff_member or membership.customer_id == ticket.customer_id


def _may_go_on(membership: Membership, ticket: Ticket) -> bool:
    return _may_see(membership, ticket) and not membership.is_shut


def can_reply(membership: Membership, ticket: Ticket) -> bool:
    """Everybody who sees the ticket may answer, until it is closed or their company is."""
    return _may_go_on(membership, ticket) and ticket.status != Status.CLOSED


def can_note(membership: Membership, ticket: Ticket) -> bool:
    """Notes are staff's, also on closed tickets."""
    return _may_see(membership, ticket) and membership.is_staff_member


def can_handle(membership: Membership, ticket: Ticket) -> bool:
    """Assign, change priority, change status: staff, until the ticket is closed."""
    return _may_see(membership, ticket) and membership.is_staff_member and ticket.status != Status.CLOSED


def can_hand_over(membership: Membership, person: Membership) -> bool:
    """Give the tickets of somebody of the staff to others: supervisors."""
    return membership.tenant_id == person.tenant_id and membership.is_supervisor and person.is_staff_member


def can_set_due(membership: Membership, ticket: Ticket) -> bool:
    """Set a due time by hand: staff, while something is still to be done."""
    return can_handle(membership, ticket) and not ticket.is_resolved


def can_resolve(membership: Membership, ticket: Ticket) -> bool:
    """Staff, and the requester's company: "it works again" is theirs to say."""
    return _may_see(membership, ticket) and not ticket.is_resolved


def can_reopen(membership: Membership, ticket: Ticket) -> bool:
    """Everybody who sees it, while it is resolved and not closed; not for a company that is."""
    return _may_go_on(membership, ticket) and ticket.status == Status.RESOLVED


def can_rate(membership: Membership, ticket: Ticket) -> bool:
    """Its requester or an admin of the company, once it is resolved; not what was merged or withdrawn."""
    is_done = ticket.is_resolved and ticket.merged_into_id is None and ticket.withdrawn_at is None
    return membership.is_contact and _is_theirs(membership, ticket) and is_done


def _is_theirs(membership: Membership, ticket: Ticket) -> bool:
    """The requester, or an admin of its company who sees it."""
    is_admin = membership.role == Role.CUSTOMER_ADMIN
    return _may_see(membership, ticket) and (membership.pk == ticket.requester_id or is_admin)


def can_change_people(membership: Membership, ticket: Ticket) -> bool:
    """Everybody who sees the ticket may add its requester's colleagues, until it or the company is closed."""
    return _may_go_on(membership, ticket) and ticket.status != Status.CLOSED


def can_change_privacy(membership: Membership, ticket: Ticket) -> bool:
    """The requester; and staff, who notice what should not be read by everybody."""
    is_staff = _may_see(membership, ticket) and membership.is_staff_member
    return is_staff or membership.pk == ticket.requester_id


def can_withdraw(membership: Membership, ticket: Ticket) -> bool:
    """The requester or its company's admin, while nothing is solved."""
    return _is_theirs(membership, ticket) and not ticket.is_resolved


def can_close(membership: Membership, ticket: Ticket) -> bool:
    """The requester or its company's admin, once it is resolved; else the desk does it some days later."""
    return _is_theirs(membership, ticket) and ticket.status == Status.RESOLVED


def can_file_for_others(membership: Membership) -> bool:
    """Staff log requests that arrived by telephone or in a meeting."""
    return membership.is_staff_member


def can_ask_approval(membership: Membership, ticket: Ticket) -> bool:
    """Ask the customer for a yes before going on: staff, while something is to be done and somebody can
    answer."""
    return can_handle(membership, ticket) and not ticket.is_resolved and ticket.customer.is_active


def can_decide(membership: Membership, ticket: Ticket) -> bool:
    """Approve or decline: the requester, and those who speak for the company."""
    if not membership.is_contact or not _may_go_on(membership, ticket):
        return False
    return membership.role == Role.CUSTOMER_ADMIN or membership.pk == ticket.requester_id
