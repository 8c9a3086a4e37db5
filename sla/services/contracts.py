"""Intentions about contracts: which plan a customer has, on which days. Two never share a day."""

from contextlib import suppress
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from accounts.models import Customer, Membership
from sla.models import Clock, Contract, ContractVersion, Plan, Reach, SupportCalendar
from sla.services.clocks import reckon_ticket
from sla.services.errors import (
    ContractChanged,
    ContractsOverlap,
    ContractUsed,
    EmptyPeriod,
    NotAllowed,
    NothingChanged,
    PlanArchived,
)
from tickets.models import Ticket

UNSEEN = ""


@transaction.atomic
def give_contract(
    *,
    customer: Customer,
    plan: Plan,
    starts_on: date,
    at: datetime,
    ends_on: date | None = None,
    calendar: SupportCalendar | None = None,
    by: Membership | None = None,
) -> Contract:
    """Give a customer a plan from a day on; `ends_on` is the first day without it, None for no end.

    `calendar` stands in for the plan's own. Open tickets that were filed on a day that it covers and had no
    promise are reckoned under it. Raises NotAllowed, PlanArchived, EmptyPeriod, ContractsOverlap.
    """
    tenants = {plan.tenant_id} | ({calendar.tenant_id} if calendar else set())
    if tenants != {customer.tenant_id} or (by is not None and not _may(by, customer.tenant_id)):
        raise NotAllowed
    if plan.archived_at is not None:
        raise PlanArchived
    if ends_on is not None and ends_on <= starts_on:
        raise EmptyPeriod
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                tenant_id=customer.tenant_id,
                customer=customer,
                plan=plan,
                calendar=calendar,
                period=DateRange(starts_on, ends_on),
                created_by=by,
                created_at=at,
            )
    except IntegrityError as error:
        raise _overlap(customer.pk, DateRange(starts_on, ends_on), error) from error
    _begin_clocks(customer, at)
    return contract


def without_any_promise(customer: Customer) -> QuerySet[Ticket]:
    """Open tickets of a customer to which nothing was ever promised: a contract of their day begins some."""
    return Ticket.objects.unresolved().filter(customer=customer, clocks=None)


def _begin_clocks(customer: Customer, at: datetime) -> None:
    """Days that a contract now covers may have open tickets that had no promise: their clocks begin now."""
    unpromised = without_any_promise(customer)
    for ticket in Ticket.objects.select_for_update(of=("self",)).filter(pk__in=unpromised).order_by("pk"):
        reckon_ticket(ticket, now=at)


@transaction.atomic
def end_contract(
    *,
    contract: Contract,
    ends_on: date | None,
    by: Membership,
    at: datetime,
    seen_ends_on: date | str | None = UNSEEN,
) -> Contract:
    """Set the first day that the contract no longer covers, None for no end, as if it had always been so.

    `seen_ends_on` is the end that was shown, "" to not ask. Open tickets without a promise that a later end
    covers get one. Raises what `change_contract_end` raises, but NothingChanged.
    """
    with suppress(NothingChanged):
        change_contract_end(
            contract=contract,
            ends_on=ends_on,
            reach=Reach.FROM_START,
            by=by,
            at=at,
            seen_ends_on=seen_ends_on,
        )
    contract.refresh_from_db(fields=["period"])
    _begin_clocks(contract.customer, at)
    return contract


@transaction.atomic
def change_contract_end(
    *,
    contract: Contract,
    ends_on: date | None,
    reach: str,
    by: Membership,
    at: datetime,
    seen_ends_on: date | str | None = UNSEEN,
) -> ContractVersion:
    """Say another first day without the contract, None for no end, from `at` on; it keeps at least one day.

    `reach` NEW: for tickets filed from then on; FROM_START: for all, though what was promised is kept, and
    what begins on open tickets is for the caller to reckon. Raises NotAllowed, ContractChanged (other than
    `seen_ends_on`), NothingChanged, EmptyPeriod, ContractsOverlap.
    """
    contract = _lock(contract, by)
    before = contract.period.upper
    if seen_ends_on not in (UNSEEN, before):
        raise ContractChanged(contract.last_day)
    if ends_on == before:
        raise NothingChanged
    if ends_on is not None and ends_on <= contract.period.lower:
        raise EmptyPeriod
    contract.period = DateRange(contract.period.lower, ends_on)
    try:
        with transaction.atomic():
            contract.save(update_fields=["period"])
    except IntegrityError as error:
        raise _overlap(contract.customer_id, contract.period, error, but=contract.pk) from error
    return ContractVersion.objects.create(
        tenant_id=contract.tenant_id,
        contract=contract,
        number=_last_version(contract, before).number + 1,
        ends_on=ends_on,
        valid_from=at,
        reach=reach,
        created_by=by,
        created_at=at,
    )


def _last_version(contract: Contract, ends_on: date | None) -> ContractVersion:
    """The newest version; the first, which says what was given, is written with the first change."""
    last: ContractVersion | None = contract.versions.order_by("-number").first()
    return last or ContractVersion.objects.create(
        tenant_id=contract.tenant_id,
        contract=contract,
        number=1,
        ends_on=ends_on,
        created_by_id=contract.created_by_id,
        created_at=contract.created_at,
    )


@transaction.atomic
def withdraw_contract(*, contract: Contract, by: Membership, at: datetime) -> None:
    """Take back a contract given by mistake, as long as no ticket was promised anything under it.

    Raises NotAllowed, ContractUsed.
    """
    contract = _lock(contract, by)
    if Clock.objects.filter(agreement__contract=contract).exists():
        raise ContractUsed
    contract.delete()


def _may(by: Membership, tenant_id: int) -> bool:
    return by.is_admin and by.tenant_id == tenant_id


def _lock(contract: Contract, by: Membership) -> Contract:
    if not _may(by, contract.tenant_id):
        raise NotAllowed
    locked: Contract = Contract.objects.select_for_update().get(pk=contract.pk)
    return locked


def _overlap(customer_id: int, period: DateRange, error: Exception, but: int | None = None) -> Exception:
    """The exclusion constraint's refusal in words: which contract is in the way."""
    others = Contract.objects.select_related("plan").filter(customer_id=customer_id, period__overlap=period)
    if but is not None:
        others = others.exclude(pk=but)
    other = others.order_by("period").first()
    if other is None:
        return error
    return ContractsOverlap(other.plan.name, other.period.lower, other.last_day)
