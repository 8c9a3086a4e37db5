"""How much is left."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, Sum

from accounts.models import Customer, Tenant
from hours.days import day_of
from hours.models import LedgerEntry


def balance_of(customer_id: int, at: datetime, *, tenant: Tenant | None = None) -> int | None:
    """Minutes that a customer's packs held at an instant, those that were good on its day in the desk's zone;
    None for a customer that never had a pack. One query with the `tenant`, else two."""
    if tenant is None:
        found = Customer.objects.select_related("tenant").filter(pk=customer_id).first()
        if found is None:
            return None
        tenant = found.tenant
    day = day_of(tenant, at)
    good = Q(pack__ends_on__isnull=True) | Q(pack__ends_on__gte=day)
    summed = (
        LedgerEntry.objects.of_customer(customer_id)
        .filter(at__lte=at)
        .aggregate(left=Sum("minutes", filter=good & Q(pack__starts_on__lte=day)), rows=Count("pk"))
    )
    return (summed["left"] or 0) if summed["rows"] else None
