"""Intentions about the catalogue: the services that a desk runs for its customers, and their groups.

Admins alone change it. A service is never deleted, because tickets, outages and windows name it: it is
archived, and new ones cannot take it any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import archiving
from accounts.models import Customer, Membership
from accounts.oneline import one_line
from accounts.uniqueness import once_only
from tickets.models import Service, ServiceGroup
from tickets.services.errors import EditedMeanwhile, NotAllowed, TicketRuleBroken


class ServiceNameTaken(TicketRuleBroken):
    """Another service of the same customer, or shared by all, has that name."""

    code = "name_taken"

    def words(self) -> str:
        return _("A service with this name exists already. It may be archived.")


class GroupNameTaken(TicketRuleBroken):
    """Another group of the desk has that name."""

    code = "name_taken"

    def words(self) -> str:
        return _("A group with this name exists already.")


class GroupInUse(TicketRuleBroken):
    """Services stand in the group, archived ones perhaps."""

    code = "group_in_use"

    def words(self) -> str:
        return _("Services stand in this group. Put them into another one first; some may be archived.")


class PrivateService(TicketRuleBroken):
    """The service of one customer may not stand on a page that anybody reads."""

    code = "private_service"

    def words(self) -> str:
        return _("Only a service that all customers share can be on the public status page.")


@dataclass(frozen=True)
class ServiceTerms:
    """What a service is: `customer` None is shared by all; lower positions stand first."""

    name: str
    description: str = ""
    group: ServiceGroup | None = None
    customer: Customer | None = None
    position: int = 0
    is_public: bool = False


@transaction.atomic
def create_service(*, terms: ServiceTerms, by: Membership, at: datetime) -> Service:
    """A service that new tickets may name. Raises NotAllowed, ServiceNameTaken, PrivateService."""
    _check(terms, by, customer=terms.customer)
    service = Service(tenant_id=by.tenant_id, customer=terms.customer)
    return _write(service, terms)


@transaction.atomic
def change_service(
    *, service: Service, terms: ServiceTerms, seen_version: int, by: Membership, at: datetime
) -> Service:
    """Rename, describe, move, publish. Whose it is stays: tickets of others may name it by now.

    `seen_version` is the one that was edited. Raises NotAllowed, EditedMeanwhile, ServiceNameTaken,
    PrivateService.
    """
    service = _lock(service, by)
    _check(terms, by, customer=service.customer)
    if service.version != seen_version:
        raise EditedMeanwhile(service.name)
    service.version += 1
    return _write(service, terms)


@transaction.atomic
def archive_service(*, service: Service, by: Membership, at: datetime) -> Service:
    """Offer it no more; what names it already keeps it. Raises NotAllowed."""
    service = _lock(service, by)
    archiving.archive(service, at=at)
    return service


@transaction.atomic
def restore_service(*, service: Service, by: Membership, at: datetime) -> Service:
    """Offer an archived service again. Raises NotAllowed."""
    service = _lock(service, by)
    archiving.restore(service)
    return service


@transaction.atomic
def create_group(*, name: str, position: int = 0, by: Membership, at: datetime) -> ServiceGroup:
    """A group of services; lower positions stand first. Raises NotAllowed, GroupNameTaken."""
    if not by.is_admin:
        raise NotAllowed
    group = ServiceGroup(tenant_id=by.tenant_id, name=one_line(name), position=position)
    return _write_group(group)


@transaction.atomic
def change_group(
    *, group: ServiceGroup, seen_version: int, name: str, position: int = 0, by: Membership, at: datetime
) -> ServiceGroup:
    """Rename a group, or move it. Raises NotAllowed, EditedMeanwhile, GroupNameTaken."""
    group = _lock_group(group, by)
    if group.version != seen_version:
        raise EditedMeanwhile(group.name)
    group.name, group.position = one_line(name), position
    group.version += 1
    return _write_group(group)


@transaction.atomic
def remove_group(*, group: ServiceGroup, by: Membership, at: datetime) -> None:
    """Remove a group in which no service stands. Raises NotAllowed, GroupInUse."""
    group = _lock_group(group, by)
    try:
        group.delete()
    except ProtectedError as error:
        raise GroupInUse from error


def is_used_by(service: Service, tenant_id: int, customer_id: int) -> bool:
    """That customer's people may name it: it is shared by all of the desk, or the customer's own."""
    return service.tenant_id == tenant_id and service.customer_id in (None, customer_id)


def _check(terms: ServiceTerms, by: Membership, *, customer: Customer | None) -> None:
    named = [row.tenant_id for row in (terms.group, customer) if row is not None]
    if not by.is_admin or set(named) - {by.tenant_id}:
        raise NotAllowed
    if terms.is_public and customer is not None:
        raise PrivateService


def _write(service: Service, terms: ServiceTerms) -> Service:
    service.name, service.description = one_line(terms.name), one_line(terms.description)
    service.group, service.position, service.is_public = terms.group, terms.position, terms.is_public
    with once_only(ServiceNameTaken, "service_name_once"):
        service.save()
    return service


def _write_group(group: ServiceGroup) -> ServiceGroup:
    with once_only(GroupNameTaken):
        group.save()
    return group


def _lock(service: Service, by: Membership) -> Service:
    if not by.is_admin or by.tenant_id != service.tenant_id:
        raise NotAllowed
    return Service.objects.select_for_update(of=("self",)).select_related("customer").get(pk=service.pk)


def _lock_group(group: ServiceGroup, by: Membership) -> ServiceGroup:
    if not by.is_admin or by.tenant_id != group.tenant_id:
        raise NotAllowed
    return ServiceGroup.objects.select_for_update().get(pk=group.pk)
