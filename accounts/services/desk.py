"""What a desk's own admins decide about it."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Membership, Tenant
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, HostTaken, NotAllowed

FIELDS = ("name", "host", "ticket_prefix", "language", "time_zone", "accent", "quiet_period_minutes")


def desk_state(tenant: Tenant) -> str:
    """A short mark of a desk's settings as they are: two edits at once are told apart by it."""
    values = "\0".join(str(getattr(tenant, field) or "") for field in FIELDS)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


@transaction.atomic
def change_desk(
    *,
    tenant: Tenant,
    seen_state: str,
    by: Membership,
    at: datetime,
    name: str,
    host: str | None,
    ticket_prefix: str,
    language: str,
    time_zone: str,
    accent: str,
    quiet_period_minutes: int,
) -> Tenant:
    """Set name, own host name (None: none), ticket prefix, language and zone for new people, accent, and for
    how long a customer's reply leaves a resolved ticket resolved (0: every reply reopens it).

    `seen_state` is the `desk_state` that was shown. Raises NotAllowed, EditedMeanwhile, HostTaken.
    """
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if desk_state(tenant) != seen_state:
        raise EditedMeanwhile(tenant.name)
    tenant.name, tenant.host = one_line(name), (host or "").lower() or None
    tenant.ticket_prefix, tenant.accent = ticket_prefix, accent
    tenant.language, tenant.time_zone = language, time_zone
    tenant.quiet_period_minutes = quiet_period_minutes
    try:
        with transaction.atomic():
            tenant.save(update_fields=FIELDS)
    except IntegrityError as error:
        raise HostTaken from error
    return tenant
