"""The account of a customer: the lock of all who draw, and when its people are told that little is left."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from accounts.models import Customer, Membership
from hours import notices, permissions
from hours.days import day_of
from hours.models import HoursAccount, Pack
from hours.services.errors import EditedMeanwhile, NotAllowed


def lock_account(customer: Customer) -> HoursAccount:
    """The account as it is now, locked until the transaction ends; made when it is wanted first."""
    HoursAccount.objects.bulk_create(
        [HoursAccount(tenant_id=customer.tenant_id, customer=customer)], ignore_conflicts=True
    )
    return HoursAccount.objects.select_for_update().get(customer=customer)


@transaction.atomic
def change_account(
    *, customer: Customer, low_at_minutes: int, seen_version: int, by: Membership, at: datetime
) -> HoursAccount:
    """Say from which balance on the customer is told. Raises NotAllowed, EditedMeanwhile."""
    if not permissions.can_sell(by, customer.tenant_id):
        raise NotAllowed
    account = lock_account(customer)
    if account.version != seen_version:
        raise EditedMeanwhile(account.version)
    account.low_at_minutes = low_at_minutes
    account.version += 1
    account.save(update_fields=["low_at_minutes", "version"])
    look_at_balance(account, customer, at=at)
    return account


def look_at_balance(account: HoursAccount, customer: Customer, *, at: datetime) -> None:
    """Tell once that little is left, and again only after there was more; the account is locked."""
    day = day_of(customer.tenant, at)
    packs = Pack.objects.filter(customer=customer, starts_on__lte=day)
    left: int | None = packs.good_on(day).aggregate(left=Sum("balance"))["left"]
    # Whoever has just bought hours for next month is not told that none are left.
    has_had_some = left is not None or packs.exists()
    is_low = has_had_some and account.low_at_minutes > 0 and (left or 0) <= account.low_at_minutes
    if is_low == (account.low_told_at is not None):
        return
    account.low_told_at = at if is_low else None
    account.save(update_fields=["low_told_at"])
    if is_low:
        notices.tell_low(customer, left or 0, at=at)
