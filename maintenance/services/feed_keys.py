"""Secret addresses of personal maintenance calendars."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Membership, Tenant
from accounts.services import hash_token
from maintenance.models import FeedKey

USE_NOTED_EVERY = timedelta(minutes=10)


def create_feed_key(*, membership: Membership, at: datetime) -> tuple[FeedKey, str]:
    """A calendar address of one's own; its secret is returned once and never kept."""
    secret = secrets.token_urlsafe(32)
    key = FeedKey.objects.create(
        tenant_id=membership.tenant_id,
        membership=membership,
        token_hash=hash_token(secret),
        start=secret[:6],
        created_at=at,
    )
    return key, secret


def revoke_feed_key(*, key: FeedKey, at: datetime) -> None:
    """The address shows nothing from now on."""
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])


def reader_of(secret: str, *, tenant: Tenant, at: datetime) -> Membership | None:
    """Whose calendar has that secret; None if it was revoked or its person has left."""
    key = (
        FeedKey.objects.select_related("membership__user", "membership__customer")
        .filter(tenant_id=tenant.pk, token_hash=hash_token(secret), revoked_at=None)
        .first()
    )
    if key is None or not key.membership.is_active or not key.membership.user.is_active:
        return None
    if key.last_used_at is None or at - key.last_used_at >= USE_NOTED_EVERY:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
        FeedKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=at)
    person: Membership = key.membership
    return person
