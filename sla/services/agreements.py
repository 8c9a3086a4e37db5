"""Agreements: kept once, and followed where an edit has moved them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from sla.models import (
    Agreement,
    CalendarVersion,
    Clock,
    Contract,
    ContractVersion,
    Edit,
    EditState,
    PlanVersion,
    Reach,
)
from sla.terms import Terms, follow, follow_into, terms_for, terms_of

Made = CalendarVersion | PlanVersion | Contract | ContractVersion
"""What an edit makes."""


def keep(agreement: Agreement) -> Agreement:
    """The saved agreement with these terms: one row for all clocks under them."""
    if agreement.pk is not None:
        return agreement
    terms = {
        "tenant_id": agreement.tenant_id,
        "contract": agreement.contract,
        "plan_version": agreement.plan_version,
        "calendar_version": agreement.calendar_version,
        "previous": None if agreement.previous is None else keep(agreement.previous),
        "since": agreement.since,
    }
    # Mostly it is there, and all of it is known but for its id.
    known = Agreement.objects.filter(**terms).order_by().values_list("pk", flat=True).first()
    if known is None:
        return Agreement.objects.with_terms().get_or_create(**terms)[0]
    return Agreement(pk=known, **terms)


def agreement_of(rows: list[Clock], *, at: datetime) -> Agreement | None:
    """What a ticket with these clocks is under: its open clocks' agreement, else the latest's, caught up."""
    open_rows = [row for row in rows if row.ended_at is None]
    latest = max(open_rows or rows, key=lambda row: row.agreement_id, default=None)
    if latest is None:
        return None
    return latest.agreement if open_rows else caught_up(latest.agreement, at=at)


def terms_at(customer_id: int, at: datetime) -> Terms | None:
    """The terms of a ticket that a customer files at that instant, with the contract that was announced by
    then to take over; None without a contract."""
    terms = terms_for(customer_id, at)
    if terms is None:
        return None
    agreement = caught_up(terms.agreement, at=at)
    return terms if agreement is terms.agreement else terms_of(agreement)


def caught_up(agreement: Agreement, *, at: datetime) -> Agreement:
    """The agreement that clocks which stayed open were moved to meanwhile: for one that goes on or begins.

    Edits as if from the start hold from when they were applied, for what had ended by then was judged. It
    may be a new one that is not saved.
    """
    while (edit := _next_edit(agreement)) is not None:
        following_it = following(agreement, made_by(edit), since=edit.valid_from, at=at)
        if following_it is None:
            return agreement
        agreement = following_it
    return agreement


def _next_edit(agreement: Agreement) -> Edit | None:
    """The first edit that an agreement lacks and that holds for open tickets."""
    calendar_version, plan_version = agreement.calendar_version, agreement.plan_version
    mine = (
        Q(
            calendar=calendar_version.calendar_id,
            calendar_version__number__gt=calendar_version.number,
        )
        | Q(plan=plan_version.plan_id, plan_version__number__gt=plan_version.number)
        | Q(contract=agreement.contract_id, new_contract__isnull=False)
    )
    edits = Edit.objects.filter(
        mine,
        state__in=[EditState.APPLYING, EditState.APPLIED],
        reach__in=[Reach.FROM_NOW, Reach.FROM_START],
    )
    # Mostly there is none: what it made is asked for afterwards.
    found = edits.order_by("pk").values_list("pk", flat=True).first()
    return None if found is None else Edit.objects.select_related(*MADE).get(pk=found)


MADE = (
    "calendar_version__calendar", "plan_version__calendar", "plan_version__plan", "new_contract__plan",
    "contract_version__contract",
)  # fmt: skip


def made_by(edit: Edit) -> Made:
    """The version or the contract that an applied edit made."""
    made: Made | None = (
        edit.calendar_version or edit.plan_version or edit.new_contract or edit.contract_version
    )
    if made is None:
        raise Edit.DoesNotExist
    return made


def following(agreement: Agreement, made: Made, *, since: datetime | None, at: datetime) -> Agreement | None:
    """The agreement that follows one after an edit; it may be a new one that is not saved.

    None where the plan of a new contract has no version yet, and after another last day: it moves none.
    """
    if isinstance(made, ContractVersion):
        return None
    if isinstance(made, Contract):
        return _back_to(agreement, made, at) or follow_into(agreement, made, since=since, at=at)
    return follow(agreement, made, since=since)


def _back_to(agreement: Agreement, contract: Contract, at: datetime) -> Agreement | None:
    """What stood under a contract before others were announced whose instants lie ahead, if it is so."""
    link = agreement
    while link.contract_id != contract.pk and link.previous is not None and link.since is not None:
        if link.since <= at:
            return None
        link = link.previous
    return link if link.contract_id == contract.pk else None
