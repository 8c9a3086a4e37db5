"""Secret addresses of personal maintenance calendars."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Tenant
from accounts.services import hash_token
from maintenance.models import FeedKey
from maintenance.services.errors import MaintenanceRuleBroken

USE_NOTED_EVERY = timedelta(minutes=10)
MOST_KEYS = 10


class TooManyKeys(MaintenanceRuleBroken):
    """A person has so many addresses that one has to be revoked first."""

    def words(self) -> str:
        return _("You have %(most)s addresses already. Revoke one that you no longer use.") % {
            "most": MOST_KEYS
        }


def feed_keys_of(membership: Membership) -> QuerySet[FeedKey]:
    """A person's own addresses that work, the newest first."""
    return FeedKey.objects.filter(membership=membership, revoked_at=None)


@transaction.atomic
def create_feed_key(*, membership: Membership, at: datetime) -> tuple[FeedKey, str]:
    """A calendar address of one's own; its secret is returned once and never kept. Raises TooManyKeys."""
    # The lock counts people who ask twice at once one after the other.
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=membership.pk)
    if feed_keys_of(membership).count() >= MOST_KEYS:
        raise TooManyKeys
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
