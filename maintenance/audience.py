"""Whom a window concerns: the customers that use its services, as adjusted by hand, and their people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Customer, Membership
from maintenance.models import Concern, Window, WindowCustomer
from tickets.models import Service


def customers_concerned(
    service_ids: Iterable[int], added: Collection[Customer] = (), left_out: Collection[Customer] = ()
) -> list[Customer]:
    """The customers in business that use one of the services, with those added and without those left out.

    A shared service concerns every customer, a private one its own. Of the desk of the current scope.
    """
    services = Service.objects.filter(pk__in=list(service_ids)).order_by()
    owners = set(services.values_list("customer_id", flat=True))
    found = Customer.objects.in_business()
    if None not in owners:
        found = found.filter(pk__in=[*owners, *(customer.pk for customer in added)])
    return list(found.exclude(pk__in=[customer.pk for customer in left_out]))


def listed(window: Window) -> QuerySet[WindowCustomer]:
    """The rows of the customers that a window concerns."""
    return WindowCustomer.objects.filter(window=window).exclude(concern=Concern.LEFT_OUT)


def customers_of(window: Window) -> list[Customer]:
    """The customers that a window concerns as it stands, those in business."""
    concerned = listed(window).values("customer_id")
    return list(Customer.objects.in_business().filter(pk__in=concerned))


@dataclass(frozen=True)
class Adjusted:
    """What was changed by hand about a window's customers."""

    added: frozenset[int]
    left_out: frozenset[int]


def adjusted_of(window: Window) -> Adjusted:
    """The customers that were added to a window's list and left out of it by hand."""
    rows = WindowCustomer.objects.filter(window=window).exclude(concern=Concern.DERIVED)
    kinds = dict(rows.values_list("customer_id", "concern"))
    return Adjusted(
        frozenset(pk for pk, kind in kinds.items() if kind == Concern.ADDED),
        frozenset(pk for pk, kind in kinds.items() if kind == Concern.LEFT_OUT),
    )


def keep_customers(window: Window, *, added: Collection[int], left_out: Collection[int]) -> set[int]:
    """Bring the window's list up to its services and what was adjusted; returns the ids that are new on it.

    What was promised to, and told, a customer that stays on the list is kept.
    """
    services = list(window.window_services.values_list("service_id", flat=True))
    derived = {customer.pk for customer in customers_concerned(services)}
    wanted = dict.fromkeys(derived, Concern.DERIVED)
    wanted |= dict.fromkeys(set(added) - derived, Concern.ADDED)
    wanted |= dict.fromkeys(left_out, Concern.LEFT_OUT)
    rows = WindowCustomer.objects.filter(window=window)
    present = dict(rows.values_list("customer_id", "concern"))
    rows.filter(customer_id__in=present.keys() - wanted.keys()).delete()
    for concern in Concern:
        changed = [pk for pk, kind in wanted.items() if kind == concern and present.get(pk, kind) != kind]
        if changed:
            rows.filter(customer_id__in=changed).update(concern=concern)
    WindowCustomer.objects.bulk_create(
        WindowCustomer(tenant_id=window.tenant_id, window=window, customer_id=pk, concern=concern)
        for pk, concern in wanted.items()
        if pk not in present
    )
    before = {pk for pk, kind in present.items() if kind != Concern.LEFT_OUT}
    return {pk for pk, kind in wanted.items() if kind != Concern.LEFT_OUT} - before


def people_of(window: Window) -> list[Membership]:
    """Everybody whom a window concerns: the people of its customers, and whoever is responsible for it.

    With `user` and `tenant` loaded; without those who may not enter the desk.
    """
    concerned = Q(customer__in=listed(window).values("customer_id"), customer__is_active=True)
    people = Membership.objects.active().filter(user__is_active=True)
    people = people.filter(concerned | Q(pk=window.responsible_id, customer__isnull=True))
    return list(people.select_related("user", "tenant").order_by("pk"))
