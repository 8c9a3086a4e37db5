"""The path through a desk's set-up: whether it is under way. What is missing is read from the rows."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.services.errors import NotAllowed


@transaction.atomic
def begin_setup(*, tenant: Tenant, by: Membership, at: datetime) -> Tenant:
    """Let the console lead through the set-up, for the first time or again. Raises NotAllowed."""
    tenant = _lock(tenant, by)
    if tenant.setup_since is None:
        tenant.setup_since = at
        tenant.save(update_fields=["setup_since"])
    return tenant


@transaction.atomic
def finish_setup(*, tenant: Tenant, by: Membership, at: datetime) -> Tenant:
    """Lead through it no more, whether or not anything is missing. Raises NotAllowed."""
    tenant = _lock(tenant, by)
    tenant.setup_since = None
    tenant.save(update_fields=["setup_since"])
    return tenant


@transaction.atomic
def confirm_look(*, tenant: Tenant, by: Membership, at: datetime) -> Tenant:
    """Name and colour are as they should be. Raises NotAllowed."""
    tenant = _lock(tenant, by)
    tenant.look_confirmed_at = at
    tenant.save(update_fields=["look_confirmed_at"])
    return tenant


def _lock(tenant: Tenant, by: Membership) -> Tenant:
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    return Tenant.objects.select_for_update().get(pk=tenant.pk)
