"""Personal API tokens."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import ApiToken, Membership
from accounts.oneline import one_line

TOKEN_START = "sd_"  # noqa: S105 - how every token begins, so that one is known when found somewhere


@transaction.atomic
def create_token(
    *, membership: Membership, name: str, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A personal API token; the secret is returned once and never kept."""
    secret = TOKEN_START + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        tenant_id=membership.tenant_id,
        membership=membership,
        name=one_line(name),
        start=secret[:9],
        token_hash=hash_token(secret),
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def hash_token(secret: str) -> str:
    """SHA-256 is enough here: the secret has 256 random bits, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke_token(*, token: ApiToken, at: datetime) -> None:
    """The token stops working at once."""
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
