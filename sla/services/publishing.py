"""Whether anybody may read a desk's plans."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Tenant
from sla.services.errors import NotAllowed


@transaction.atomic
def publish_plans(*, tenant: Tenant, is_public: bool, by: Membership, at: datetime) -> Tenant:
    """Let anybody read the plans in use side by side, or nobody outside any more. Raises NotAllowed."""
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    tenant.has_public_plans = is_public
    tenant.save(update_fields=["has_public_plans"])
    return tenant
