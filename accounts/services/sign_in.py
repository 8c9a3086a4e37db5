"""How people of a desk get in: what a desk's admins decide about it."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.second_factor import has_set_up
from accounts.services.errors import NotAllowed, SecondFactorFirst


@transaction.atomic
def require_second_factor(*, tenant: Tenant, required: bool, by: Membership, at: datetime) -> Tenant:
    """Ask the staff for a second factor from their next page on, or no longer.

    Raises NotAllowed, SecondFactorFirst.
    """
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    if required and not has_set_up(by.user):
        raise SecondFactorFirst
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    tenant.requires_second_factor = required
    tenant.save(update_fields=["requires_second_factor"])
    return tenant
