"""Customers by API: listed and shown to staff, made and changed by admins."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Line, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from accounts.api.serializers import CustomerPage, CustomerSerializer, CustomersQuery
from accounts.console_forms import staff_to_choose
from accounts.models import Customer, HostingModel, Membership
from accounts.services import change_customer, create_customer
from tickets.api.inputs import AmongField

BY_NAME = Order("name", [Key("name"), Key("id")])
LONGEST_NOTES = 10_000


def _staff(membership: Membership) -> QuerySet[Any]:
    return staff_to_choose(membership)


class CustomerInput(Input):
    """What a customer is."""

    name = Line(max_length=120)
    notes = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_NOTES, help_text=_("For staff alone.")
    )
    hosting_model = serializers.ChoiceField(
        choices=HostingModel.choices, required=False, help_text=_("Where its systems run.")
    )
    coordinator = AmongField(
        _staff,
        queryset=Membership.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of somebody of the staff; null for nobody."),
    )


class ChangeCustomerInput(CustomerInput):
    """A customer as it shall be; what is left out becomes empty, but for where its systems run and whether
    it is closed, which stay."""

    is_active = serializers.BooleanField(required=False, help_text=_("False: closed."))
    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class CustomerView(DeskView):
    """Staff read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def customers(self) -> QuerySet[Any]:
        """Those of the desk, with their coordinators."""
        return Customer.objects.visible_to(self.membership).select_related("coordinator")


class Customers(CustomerView):
    @operation(
        _("List customers"),
        name="list_customers",
        group="people",
        answers={200: CustomerPage},
        refused=["invalid", "not_allowed"],
        parameters=[CustomersQuery],
        description=_("Companies that have, or had, a contract. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, CustomersQuery)
        customers = self.customers()
        if "q" in query:
            customers = customers.filter(name__icontains=query["q"])
        return page_response(self, customers, BY_NAME, query, CustomerSerializer)

    @operation(
        _("Create a customer"),
        name="create_customer",
        group="people",
        answers={201: CustomerSerializer},
        refused=[*CHANGE, "name_taken"],
        request=CustomerInput,
        description=_("Without contract and without people at first. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, CustomerInput)
        customer = create_customer(tenant_id=self.tenant.pk, at=timezone.now(), **values)
        return Response(CustomerSerializer(customer).data, status=status.HTTP_201_CREATED)


class OneCustomer(CustomerView):
    @operation(
        _("Show a customer"),
        name="show_customer",
        group="people",
        answers={200: CustomerSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, customer_id: int) -> Response:
        return Response(CustomerSerializer(get_object_or_404(self.customers(), pk=customer_id)).data)

    @operation(
        _("Change a customer"),
        name="change_customer",
        group="people",
        answers={200: CustomerSerializer},
        refused=[*CHANGE, "edited_meanwhile", "name_taken"],
        request=ChangeCustomerInput,
        description=_("Its name, notes, hosting and coordinator; close it or open it. For admins alone."),
    )
    def put(self, request: Request, customer_id: int) -> Response:
        customer = get_object_or_404(self.customers(), pk=customer_id)
        values = read_input(self, ChangeCustomerInput)
        seen = values.pop("seen")
        changed = change_customer(
            customer=customer, seen_version=seen, by=self.membership, at=timezone.now(), **values
        )
        return Response(CustomerSerializer(changed).data)
