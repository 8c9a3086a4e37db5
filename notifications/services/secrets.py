"""The secrets that a desk's webhooks are signed with: one, and for a while after a change the one before."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import NotAllowed
from notifications.models import WebhookSecret
from notifications.webhooks import SECRET_START

MOST_HOURS = 7 * 24
"""The longest time for which calls carry the signatures of both secrets."""


class SecretReplacedMeanwhile(Exception):
    """Somebody else has replaced the secret since it was looked at: another one would drop theirs at once."""

    def words(self) -> str:
        """What stands beside the field."""
        return _(
            "Somebody else has replaced the secret meanwhile. Nothing was changed: look at theirs first."
        )


@transaction.atomic
def rotate_webhook_secret(
    *, by: Membership, at: datetime, seen: datetime | None, hours: int = 0
) -> WebhookSecret:
    """Make the desk's first secret, or a new one that calls are signed with from now on.

    For `hours` more they carry the former one's signature too, 0 for none: it has become known. One that
    was still kept from an earlier change is dropped. `seen` is when the secret that was looked at was made,
    None where there was none. Raises NotAllowed, SecretReplacedMeanwhile, ValueError for too many hours.
    """
    if not by.is_admin:
        raise NotAllowed
    if not 0 <= hours <= MOST_HOURS:
        raise ValueError(f"{hours} hours are not between 0 and {MOST_HOURS}")
    made = _new_secret()
    row, is_new = WebhookSecret.objects.get_or_create(
        tenant_id=by.tenant_id, defaults={"secret": made, "made_at": at, "made_by": by}
    )
    if is_new and seen is None:
        return row
    row = WebhookSecret.objects.select_for_update().get(pk=row.pk)
    if row.made_at != seen:
        raise SecretReplacedMeanwhile
    row.former_secret, row.former_until = (row.secret, at + timedelta(hours=hours)) if hours else ("", None)
    row.secret, row.made_at, row.made_by = made, at, by
    row.save()
    return row


@transaction.atomic
def end_former_webhook_secret(*, by: Membership, at: datetime) -> bool:
    """Sign with the new secret alone; whether the former one was still used. Raises NotAllowed."""
    if not by.is_admin:
        raise NotAllowed
    row = WebhookSecret.objects.select_for_update().filter(tenant_id=by.tenant_id).first()
    if row is None or not row.former_secret:
        return False
    was_used = row.has_former(at)
    row.former_secret, row.former_until = "", None
    row.save()
    return was_used


@transaction.atomic
def webhook_secrets_of(tenant_id: int, *, at: datetime) -> tuple[str, ...]:
    """What calls are signed with at an instant, the newest first; made now if nobody has yet, so that no call
    leaves unsigned."""
    row, _is_new = WebhookSecret.objects.get_or_create(
        tenant_id=tenant_id, defaults={"secret": _new_secret(), "made_at": at}
    )
    return (row.secret, row.former_secret) if row.has_former(at) else (row.secret,)


def _new_secret() -> str:
    return SECRET_START + base64.b64encode(secrets.token_bytes(32)).decode()
