"""What is left in a pack when its last day is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Tenant
from hours import notices
from hours.days import day_of
from hours.models import EntryKind, LedgerEntry, Pack
from hours.services.accounts import lock_account, look_at_balance


def expire_packs(*, tenant: Tenant, at: datetime) -> int:
    """Let what is left of packs expire whose last day is over in the desk's zone; returns how many packs.

    Each pack in a transaction of its own. Doing it again does nothing.
    """
    over = Pack.objects.filter(tenant=tenant).over_by(day_of(tenant, at))
    return sum(_expire(pack, at) for pack in over.select_related("customer__tenant").order_by("pk"))


@transaction.atomic
def _expire(pack: Pack, at: datetime) -> int:
    """Look again under the lock: somebody may have drawn from it, or moved its end, meanwhile."""
    account = lock_account(pack.customer)
    day = day_of(pack.customer.tenant, at)
    now = Pack.objects.select_for_update(of=("self",)).filter(pk=pack.pk).over_by(day).first()
    if now is None:
        return 0
    LedgerEntry.objects.create(
        tenant_id=pack.tenant_id, pack=now, kind=EntryKind.EXPIRED, minutes=-now.balance, at=at
    )
    notices.tell_expired(pack.customer, now, now.balance, at=at)
    look_at_balance(account, pack.customer, at=at)
    return 1
