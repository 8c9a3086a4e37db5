"""Contracts by API: listed and shown to staff, given and withdrawn by admins. Changes are edits."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    PageQuery,
    id_field,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from accounts.models import Customer, Membership
from sla.api.edit_serializers import PlanRefSerializer
from sla.api.serializers import CalendarRefSerializer
from sla.api.serializers.clocks import ContractRefSerializer
from sla.forms.contracts import day_after
from sla.models import Contract, ContractVersion, Plan, Reach, SupportCalendar
from sla.services.contracts import give_contract, withdraw_contract
from tickets.api.inputs import AmongField

NEWEST = Order("newest", [Key("id", descending=True)])


def _customers(membership: Membership) -> Any:
    return Customer.objects.visible_to(membership)


def _plans(membership: Membership) -> Any:
    return Plan.objects.visible_to(membership).in_use()


def _calendars(membership: Membership) -> Any:
    return SupportCalendar.objects.visible_to(membership).in_use()


class ContractSerializer(ContractRefSerializer):
    """Which plan a customer has, from when to when. To change it, draft an edit."""

    customer = CustomerRefSerializer()
    plan = PlanRefSerializer()
    calendar = CalendarRefSerializer(allow_null=True, help_text=_("Null: as in the plan."))


class SaidEndSerializer(serializers.Serializer[ContractVersion]):
    """What was said of the last day from an instant on."""

    version = serializers.IntegerField(source="number")
    ends_on = serializers.DateField(
        source="last_day", allow_null=True, help_text=_("The last day; null for no end.")
    )
    valid_from = Instant(allow_null=True, help_text=_("Null: from the beginning."))
    reach = serializers.ChoiceField(choices=Reach.choices, help_text=_("Which tickets it holds for."))
    created_by = PersonRefSerializer(allow_null=True, help_text=_("Null for the desk itself."))


class ContractDetailSerializer(ContractSerializer):
    """A contract with what was said of its last day; nothing where nobody changed it."""

    versions = SaidEndSerializer(many=True)


ContractPage = page_schema("ContractPage", ContractSerializer)


class ContractsQuery(PageQuery):
    """Whose contracts."""

    customer = id_field(required=False, help_text=_("The id of a customer."))


class ContractInput(Input):
    """A plan for a customer."""

    customer = AmongField(_customers, queryset=Customer.objects.none(), help_text=_("The id of a customer."))
    plan = AmongField(_plans, queryset=Plan.objects.none(), help_text=_("The id of a plan."))
    calendar = AmongField(
        _calendars,
        queryset=SupportCalendar.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of a calendar; null: as in the plan."),
    )
    starts_on = serializers.DateField(help_text=_("The first day, by the calendar's clock."))
    ends_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("The last day; null for no end.")
    )


class ContractView(DeskView):
    """Staff read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def contracts(self) -> QuerySet[Any]:
        """Those of the desk."""
        contracts = Contract.objects.visible_to(self.membership)
        return contracts.select_related("customer", "plan", "calendar")


class Contracts(ContractView):
    @operation(
        _("List contracts"),
        name="list_contracts",
        group="promises",
        answers={200: ContractPage},
        refused=["invalid", "not_allowed"],
        parameters=[ContractsQuery],
        description=_("Of all customers or of one, the latest given first. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, ContractsQuery)
        contracts = self.contracts()
        if "customer" in query:
            contracts = contracts.filter(customer=query["customer"])
        return page_response(self, contracts, NEWEST, query, ContractSerializer)

    @operation(
        _("Give a contract"),
        name="give_contract",
        group="promises",
        answers={201: ContractDetailSerializer},
        refused=[*CHANGE, "refused"],
        request=ContractInput,
        description=_(
            "Open tickets that were filed on its days and had no promise get theirs. For admins alone."
        ),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ContractInput)
        values["ends_on"] = day_after(values.get("ends_on"))
        contract = give_contract(by=self.membership, at=timezone.now(), **values)
        return Response(ContractDetailSerializer(contract).data, status=status.HTTP_201_CREATED)


class OneContract(ContractView):
    @operation(
        _("Show a contract"),
        name="show_contract",
        group="promises",
        answers={200: ContractDetailSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, contract_id: int) -> Response:
        contracts = self.contracts().prefetch_related("versions__created_by")
        return Response(ContractDetailSerializer(get_object_or_404(contracts, pk=contract_id)).data)

    @operation(
        _("Withdraw a contract"),
        name="withdraw_contract",
        group="promises",
        answers={204: OpenApiResponse(description=_("It is gone, as if it had never been given."))},
        refused=["not_allowed", "refused"],
        description=_("As long as nothing was promised under it. For admins alone."),
    )
    def delete(self, request: Request, contract_id: int) -> Response:
        contract = get_object_or_404(self.contracts(), pk=contract_id)
        withdraw_contract(contract=contract, by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
