"""What a desk's own admins decide about it."""

import hashlib
from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, NotAllowed

FIELDS = ("name", "ticket_prefix", "time_zone", "quiet_period_minutes")


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
    ticket_prefix: str,
    time_zone: str,
    quiet_period_minutes: int,
) -> Tenant:
    """Set name, ticket prefix, zone for new people, and for how long a customer's reply leaves a resolved
    ticket resolved (0: every reply reopens it).

    `seen_state` is the `desk_state` that was shown. Raises NotAllowed, EditedMeanwhile.
    """
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if desk_state(tenant) != seen_state:
        raise EditedMeanwhile(tenant.name)
    tenant.name, tenant.ticket_prefix, tenant.time_zone = one_line(name), ticket_prefix, time_zone
    tenant.quiet_period_minutes = quiet_period_minutes
    tenant.save(update_fields=FIELDS)
    return tenant
