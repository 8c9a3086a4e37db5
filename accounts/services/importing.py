"""The intention to bring customers and people in from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.importing import Check, PlannedContract, PlannedRow, Row, RowRefused, plan_import
from accounts.models import Customer, Membership, Tenant
from accounts.oneline import one_line
from accounts.services.customers import create_customer
from accounts.services.errors import AlreadyMember, NameTaken, NotAllowed, refusal_words
from accounts.services.people import invite_person

Give = Callable[[PlannedContract, Customer], None]


@transaction.atomic
def import_customers(
    *, rows: Sequence[Row], by: Membership, at: datetime, check: Check, give: Give
) -> list[PlannedRow]:
    """Do what `plan_import` says, all of it or nothing; rows with errors are left out and come back so.

    What is there already is left as it is; new people get their invitation. `give` gives a company the
    contract of a row, or raises RowRefused. Raises NotAllowed.
    """
    if not by.is_admin:
        raise NotAllowed
    # Of two imports at once the second sees what the first has brought.
    Tenant.objects.select_for_update(no_key=True).only("pk").get(pk=by.tenant_id)
    planned = plan_import(rows, by=by, check=check)
    companies: dict[str, Customer] = {}
    for one in planned:
        if one.errors or one.does_nothing:
            continue
        try:
            with transaction.atomic():
                customer = _do(one, companies, by, at)
            if one.contract is not None:
                give(one.contract, customer)
        except (AlreadyMember, NameTaken) as refused:
            # Somebody else was quicker, between the plan and this row.
            one.errors.append(refusal_words(refused))
        except RowRefused as refused:  # its company and its person are there all the same
            one.contract = None
            one.errors.append(str(refused))
    return planned


def _do(one: PlannedRow, companies: dict[str, Customer], by: Membership, at: datetime) -> Customer:
    name = one_line(one.row.company)
    customer = companies.get(name.lower())
    if one.adds_company:
        customer = create_customer(
            tenant_id=by.tenant_id,
            name=name,
            notes=one.row.notes,
            hosting_model=one.hosting_model,
            coordinator=one.coordinator,
            at=at,
        )
    elif customer is None:
        customer = Customer.objects.visible_to(by).get(name__iexact=name)
    if one.invites:
        invite_person(by=by, email=one.row.email, name=one.row.name, role=one.role, customer=customer, at=at)
    companies[name.lower()] = customer
    return customer
