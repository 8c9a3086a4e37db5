"""Contracts out of the same file that brings customers and their people (`accounts.importing`).

A row may name a plan with its first and last day. What the company has on its first day already is left as it
is; everything is given by `give_contract`, so nothing is taken that a form would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts import importing
from accounts.importing import PlannedContract, PlannedRow, Row, RowRefused
from accounts.models import Customer, Membership
from accounts.oneline import one_line
from accounts.services import importing as people
from sla.models import Contract, Plan
from sla.services.contracts import give_contract
from sla.services.errors import ContractsOverlap, PromiseRuleBroken

_Days = tuple[str, date, date | None]
"""The name of a plan, its first day, and the first day without it (None: no end)."""


def plan_import(rows: Sequence[Row], *, by: Membership) -> list[PlannedRow]:
    """What each row would do, its contract too, in the desk of `by`; a few queries, however many rows."""
    return importing.plan_import(rows, by=by, check=_contract_check(rows, by))


def import_customers(*, rows: Sequence[Row], by: Membership, at: datetime) -> list[PlannedRow]:
    """Do what `plan_import` says, all of it or nothing; rows with errors are left out and come back so.

    Raises NotAllowed.
    """

    def give(contract: PlannedContract, customer: Customer) -> None:
        try:
            give_contract(
                customer=customer,
                plan=Plan.objects.visible_to(by).get(pk=contract.plan_id),
                starts_on=contract.starts_on,
                ends_on=contract.ends_on,
                by=by,
                at=at,
            )
        except PromiseRuleBroken as refused:  # somebody else was quicker
            raise RowRefused(refused.words()) from refused

    return people.import_customers(rows=rows, by=by, at=at, check=_contract_check(rows, by), give=give)


def _contract_check(rows: Sequence[Row], by: Membership) -> Callable[[PlannedRow], None]:
    """Says of a row whose other parts are read what is wrong with its contract, or which one it gives."""
    plans = {
        plan.name.lower(): plan
        for plan in Plan.objects.visible_to(by).in_use()
        if any(row.plan for row in rows)
    }
    known = _contracts_of(rows, by)

    def check(planned: PlannedRow) -> None:
        row = planned.row
        if not row.plan:
            if row.first_day or row.last_day:
                planned.errors.append(_("A day stands without a plan."))
            return
        plan = plans.get(one_line(row.plan).lower())
        if plan is None:
            planned.errors.append(_("“%(plan)s” is no plan that is in use.") % {"plan": row.plan})
        days = _days_of(planned)
        if plan is None or days is None:
            return
        mine = known.setdefault(one_line(row.company).lower(), [])
        clashing = [one for one in mine if _share_a_day(one, days)]
        if any(name == plan.name and first <= days[0] for name, first, _end in clashing):
            return
        if clashing:
            name, first, end = clashing[0]
            last = end - timedelta(days=1) if end else None
            planned.errors.append(ContractsOverlap(name, first, last).words())
        elif not planned.errors:
            planned.contract = PlannedContract(plan.pk, plan.name, *days)
            mine.append((plan.name, *days))

    return check


def _contracts_of(rows: Sequence[Row], by: Membership) -> dict[str, list[_Days]]:
    """What the companies of the rows have, by their names in small letters."""
    names = {one_line(row.company).lower() for row in rows if row.plan}
    found: dict[str, list[_Days]] = {}
    contracts = Contract.objects.visible_to(by).annotate(company=Lower("customer__name"))
    for contract in contracts.filter(company__in=names).select_related("plan", "customer"):
        days = (contract.plan.name, contract.period.lower, contract.period.upper)
        found.setdefault(contract.customer.name.lower(), []).append(days)
    return found


def _days_of(planned: PlannedRow) -> tuple[date, date | None] | None:
    """The first day, and the first one without the plan; None where they say nothing that can be taken."""
    row, read = planned.row, []
    for said in (row.first_day, row.last_day):
        try:
            read.append(date.fromisoformat(said) if said else None)
        except ValueError:
            planned.errors.append(_("“%(day)s” is no day. Write it as 2026-03-02.") % {"day": said})
            return None
    first, last = read
    if first is None:
        planned.errors.append(_("The first day of the plan is missing."))
        return None
    if last is not None and last < first:
        planned.errors.append(_("The last day must not be before the first."))
        return None
    return first, last + timedelta(days=1) if last is not None and last < date.max else None


def _share_a_day(one: _Days, days: tuple[date, date | None]) -> bool:
    _name, first, end = one
    return (end is None or days[0] < end) and (days[1] is None or first < days[1])
