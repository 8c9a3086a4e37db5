"""Who may take which data home: asked by views, API and templates alike."""

from accounts.models import Membership, Role
from reports.models import Scope


def can_download(membership: Membership, scope: str) -> bool:
    """Contacts their own, admins of a company its data too; nobody who sees as somebody else does.

    Asked again when it is put together: who may no longer enter gets nothing.
    """
    if not membership.is_contact or not membership.is_active or membership.seen_by is not None:
        return False
    return scope == Scope.OWN or membership.role == Role.CUSTOMER_ADMIN
