"""Drafts of edits: changes to a calendar, a plan or a contract, kept before anything changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from sla.models import Contract, Edit, EditState, Plan, Reach, SupportCalendar
from sla.services.errors import ContractChanged, EditNotOpen, NotAllowed
from sla.services.proposals import head_of, make, plain


@transaction.atomic
def draft_edit(
    *,
    by: Membership,
    at: datetime,
    values: Mapping[str, Any],
    seen_number: int = 0,
    calendar: SupportCalendar | None = None,
    plan: Plan | None = None,
    contract: Contract | None = None,
    undoes: Edit | None = None,
) -> Edit:
    """Keep a change to one calendar, plan or contract as a draft; nothing else changes.

    `values` are what the form gives (`values()`), `seen_number` the version that was edited (a contract has
    none), `undoes` the edit that it takes back. Raises NothingChanged, and what `change_calendar`,
    `change_plan`, `give_contract` raise.
    """
    thing = calendar or plan or contract
    if thing is None or not may_edit(by, thing.tenant_id):
        raise NotAllowed
    edit = new_draft(thing, seen_number, values, by, at, undoes=undoes)
    with transaction.atomic():  # for its refusals: what it proposes is made, and taken back at once
        make(edit, reach=Reach.NEW, valid_from=at, at=at, by=by)
        transaction.set_rollback(True)
    return edit


@transaction.atomic
def draft_contract_end(
    *, contract: Contract, ends_on: date | None, seen_ends_on: date | None, by: Membership, at: datetime
) -> Edit:
    """Keep another first day without a contract (None: no end) as a draft; nothing else changes.

    `seen_ends_on` is the end that was shown. Raises NotAllowed, ContractChanged, NothingChanged, EmptyPeriod,
    ContractsOverlap.
    """
    contract.refresh_from_db(fields=["period"])
    if seen_ends_on != contract.period.upper:
        raise ContractChanged(contract.last_day)
    return draft_edit(contract=contract, values={"ends_on": ends_on}, by=by, at=at)


@transaction.atomic
def discard_draft(edit: Edit, *, by: Membership) -> None:
    """Forget a draft. Raises NotAllowed, EditNotOpen."""
    lock_edit(edit, by, EditState.DRAFT).delete()


def new_draft(
    thing: SupportCalendar | Plan | Contract,
    seen_number: int,
    values: Mapping[str, Any],
    by: Membership | None,
    at: datetime,
    *,
    undoes: Edit | None = None,
) -> Edit:
    """The row of a draft; whether it can be made is not asked."""
    return Edit.objects.create(
        undoes=undoes,
        tenant_id=thing.tenant_id,
        calendar=thing if isinstance(thing, SupportCalendar) else None,
        plan=thing if isinstance(thing, Plan) else None,
        contract=thing if isinstance(thing, Contract) else None,
        seen_number=seen_number,
        proposed={"values": plain(values), "head": head_of(thing)},
        created_by=by,
        created_at=at,
    )


def lock_edit(edit: Edit, by: Membership | None, *states: EditState) -> Edit:
    """The edit as it is now, locked until the transaction ends."""
    if by is not None and not may_edit(by, edit.tenant_id):
        raise NotAllowed
    locked = Edit.objects.select_for_update(of=("self",)).filter(pk=edit.pk).first()
    if locked is None or locked.state not in states:
        raise EditNotOpen
    return locked


def may_edit(by: Membership, tenant_id: int) -> bool:
    """Whether somebody may edit what a desk promises."""
    return by.is_admin and by.tenant_id == tenant_id
