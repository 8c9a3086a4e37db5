"""A customer's admin sees the portal as one of its own people: when that begins, and when it is over.

Rows say so, not the session: what has begun is written down, and so is its end, also when the session or
the half hour ran out and nobody pressed a button.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership, Role, ViewAs
from accounts.services.errors import NotAllowed

LASTS = timedelta(minutes=30)


def may_view_as(by: Membership, person: Membership) -> bool:
    """A customer's admin, for somebody of its own company who may enter and is no admin.

    Whoever has more to see than the admin is nobody at a company; a second admin would show nothing new.
    """
    is_boss = by.role == Role.CUSTOMER_ADMIN and by.is_active and by.seen_by is None
    is_theirs = by.tenant_id == person.tenant_id and by.customer_id == person.customer_id
    return is_boss and is_theirs and person.role == Role.MEMBER and person.is_active


@transaction.atomic
def begin_view_as(*, person: Membership, by: Membership, at: datetime) -> ViewAs:
    """Let `by` see the portal as that person for half an hour. Raises NotAllowed."""
    if not may_view_as(by, person):
        raise NotAllowed
    return ViewAs.objects.create(
        tenant_id=by.tenant_id, admin=by, person=person, began_at=at, until=at + LASTS
    )


@transaction.atomic
def end_view_as(*, viewing: ViewAs, at: datetime) -> bool:
    """Be oneself again; over is over, so says whether it was still open. Never later than `until`."""
    found = ViewAs.objects.select_for_update().filter(pk=viewing.pk, ended_at=None).first()
    if found is None:
        return False
    found.ended_at = min(at, found.until)
    found.save(update_fields=["ended_at"])
    return True


def end_forgotten_views(*, at: datetime) -> int:
    """End what ran out without anybody noticing, in the desk of the current scope; returns how many."""
    over = ViewAs.objects.filter(ended_at=None, until__lte=at).order_by("pk")
    return sum(end_view_as(viewing=viewing, at=at) for viewing in over)
