"""The secret that a desk's webhooks are signed with."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from accounts.services import NotAllowed
from notifications.models import WebhookSecret
from notifications.webhooks import SECRET_START


def rotate_webhook_secret(*, by: Membership, at: datetime) -> WebhookSecret:
    """Make the desk's first secret, or a new one; calls are signed with it from now on. Raises NotAllowed."""
    if not by.is_admin:
        raise NotAllowed
    values = {"secret": _new_secret(), "made_at": at, "made_by": by}
    made, _is_new = WebhookSecret.objects.update_or_create(tenant_id=by.tenant_id, defaults=values)
    return made


@transaction.atomic
def webhook_secret_of(tenant_id: int, *, at: datetime) -> str:
    """The desk's secret; made now if nobody has yet, so that no call leaves unsigned."""
    row, _is_new = WebhookSecret.objects.get_or_create(
        tenant_id=tenant_id, defaults={"secret": _new_secret(), "made_at": at}
    )
    return row.secret


def _new_secret() -> str:
    return SECRET_START + base64.b64encode(secrets.token_bytes(32)).decode()
