"""Selling packs of hours, changing what is said of them, adjusting what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.humantime import work_time
from accounts.models import Customer, Membership
from accounts.oneline import one_line
from hours import permissions
from hours.models import NAME_LENGTH, PRICE_LENGTH, REASON_LENGTH, EntryKind, HoursAccount, LedgerEntry, Pack
from hours.services.accounts import lock_account, look_at_balance
from hours.services.errors import (
    AdjustsNothing,
    EditedMeanwhile,
    NotAllowed,
    NotEnoughHours,
    RefusedPack,
    SentBefore,
)


@dataclass(frozen=True, kw_only=True)
class PackTerms:
    """What is said of a pack; days of the desk's zone, `ends_on` its last, None for no end."""

    name: str
    starts_on: date
    ends_on: date | None = None
    price: str = ""
    overdraft_minutes: int = 0


@transaction.atomic
def sell_pack(
    *,
    customer: Customer,
    minutes: int,
    terms: PackTerms,
    by: Membership,
    at: datetime,
    submission: UUID | None = None,
) -> Pack:
    """Give a customer a pack of hours. Raises NotAllowed, RefusedPack, SentBefore."""
    if not permissions.can_sell(by, customer.tenant_id):
        raise NotAllowed
    if minutes <= 0:
        raise RefusedPack("minutes", _("A pack holds more than nothing."))
    _check(terms)
    account = lock_account(customer)
    _refuse_again(by, submission)
    pack = Pack.objects.create(
        tenant_id=customer.tenant_id,
        customer=customer,
        minutes=minutes,
        sold_by=by,
        sold_at=at,
        **_columns(terms),
    )
    LedgerEntry.objects.create(
        tenant_id=customer.tenant_id,
        pack=pack,
        kind=EntryKind.BOUGHT,
        minutes=minutes,
        at=at,
        by=by,
        submission=submission,
    )
    pack.refresh_from_db()
    look_at_balance(account, customer, at=at)
    return pack


@transaction.atomic
def change_pack(*, pack: Pack, terms: PackTerms, seen_version: int, by: Membership, at: datetime) -> Pack:
    """Another name, price, validity or overdraft; minutes change by `adjust_pack` alone.

    What has expired does not come back with a later end. Raises NotAllowed, EditedMeanwhile, RefusedPack.
    """
    account, pack = _lock(pack, by)
    if pack.version != seen_version:
        raise EditedMeanwhile(pack.version)
    _check(terms)
    if pack.balance < -terms.overdraft_minutes:
        owed = work_time(-pack.balance)
        raise RefusedPack("overdraft_minutes", _("The pack is overdrawn by %(time)s.") % {"time": owed})
    for name, value in _columns(terms).items():
        setattr(pack, name, value)
    pack.version += 1
    pack.save(update_fields=[*_columns(terms), "version"])
    look_at_balance(account, pack.customer, at=at)
    return pack


@transaction.atomic
def adjust_pack(
    *,
    pack: Pack,
    minutes: int,
    reason: str,
    by: Membership,
    at: datetime,
    submission: UUID | None = None,
) -> LedgerEntry:
    """Put minutes into a pack, or take them out (less than nothing), and say why.

    Raises NotAllowed, AdjustsNothing, NotEnoughHours, SentBefore.
    """
    account, pack = _lock(pack, by)
    _refuse_again(by, submission)
    reason = one_line(reason)
    if not minutes:
        raise AdjustsNothing("minutes", _("Write how much more or less it is."))
    if not reason or len(reason) > REASON_LENGTH:
        raise AdjustsNothing("reason", _("Say why, in one line: the customer reads it in the statement."))
    left = pack.balance + pack.overdraft_minutes
    if left + minutes < 0:
        raise NotEnoughHours(left)
    entry = LedgerEntry.objects.create(
        tenant_id=pack.tenant_id,
        pack=pack,
        kind=EntryKind.ADJUSTED,
        minutes=minutes,
        at=at,
        by=by,
        reason=reason,
        submission=submission,
    )
    look_at_balance(account, pack.customer, at=at)
    return entry


def _lock(pack: Pack, by: Membership) -> tuple[HoursAccount, Pack]:
    """The account, then the pack as it is now. Raises NotAllowed."""
    if not permissions.can_sell(by, pack.tenant_id):
        raise NotAllowed
    account = lock_account(pack.customer)
    rows = Pack.objects.select_for_update(of=("self",)).select_related("customer__tenant")
    return account, rows.get(pk=pack.pk)


def earlier_entry(*, by: Membership, submission: UUID | None) -> LedgerEntry | None:
    """What somebody's sending has sold or adjusted already; None if it is the first."""
    if submission is None:
        return None
    return LedgerEntry.objects.filter(tenant_id=by.tenant_id, by=by, submission=submission).first()


def _refuse_again(by: Membership, submission: UUID | None) -> None:
    """A form that is sent twice sells and adjusts once; the account is locked. Raises SentBefore."""
    if earlier_entry(by=by, submission=submission) is not None:
        raise SentBefore


def _check(terms: PackTerms) -> None:
    if not one_line(terms.name) or len(terms.name) > NAME_LENGTH:
        raise RefusedPack("name", _("Give it a name of at most %(most)d characters.") % {"most": NAME_LENGTH})
    if len(terms.price) > PRICE_LENGTH:
        raise RefusedPack("price", _("At most %(most)d characters.") % {"most": PRICE_LENGTH})
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise RefusedPack("ends_on", _("The last day is not before the first one."))
    if terms.overdraft_minutes < 0:
        raise RefusedPack("overdraft_minutes", _("An overdraft is nothing, or more."))


def _columns(terms: PackTerms) -> dict[str, object]:
    return {
        "name": one_line(terms.name),
        "price": one_line(terms.price),
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "overdraft_minutes": terms.overdraft_minutes,
    }
