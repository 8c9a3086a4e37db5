"""Customers: the companies that the desk supports."""

from datetime import datetime

from django.db import transaction

from accounts.models import Customer, HostingModel, Membership
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, NameTaken, NotAllowed
from accounts.uniqueness import once_only


def create_customer(
    *,
    tenant_id: int,
    name: str,
    at: datetime,
    notes: str = "",
    hosting_model: str = HostingModel.SHARED,
    coordinator: Membership | None = None,
) -> Customer:
    """A new customer, without contract and without people. Raises NotAllowed, NameTaken."""
    _check_coordinator(coordinator, tenant_id)
    with once_only(NameTaken):
        return Customer.objects.create(
            tenant_id=tenant_id,
            name=one_line(name),
            notes=notes.strip(),
            hosting_model=HostingModel(hosting_model),
            coordinator=coordinator,
            created_at=at,
        )


@transaction.atomic
def change_customer(
    *,
    customer: Customer,
    seen_version: int,
    by: Membership,
    at: datetime,
    name: str,
    notes: str = "",
    hosting_model: str | None = None,
    coordinator: Membership | None = None,
    is_active: bool | None = None,
) -> Customer:
    """Rename a customer, rewrite its notes, name its coordinator (None: nobody), open or close it.

    `hosting_model` and `is_active` None leave it as it is. `seen_version` is the one that was edited. Raises
    NotAllowed, EditedMeanwhile, NameTaken.
    """
    if not by.is_admin or by.tenant_id != customer.tenant_id:
        raise NotAllowed
    _check_coordinator(coordinator, customer.tenant_id)
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if customer.version != seen_version:
        raise EditedMeanwhile(customer.name)
    customer.name, customer.notes = one_line(name), notes.strip()
    if is_active is not None:
        customer.is_active = is_active
    customer.coordinator = coordinator
    customer.hosting_model = HostingModel(hosting_model or customer.hosting_model)
    customer.version += 1
    with once_only(NameTaken):
        customer.save(update_fields=["name", "notes", "coordinator", "hosting_model", "is_active", "version"])
    return customer


def _check_coordinator(person: Membership | None, tenant_id: int) -> None:
    """Nobody, or one of the desk's own staff; else NotAllowed."""
    if person is not None and (person.is_contact or person.tenant_id != tenant_id):
        raise NotAllowed
