"""Groups of a customer's people, and how much of the company's tickets each of them sees."""

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
    Line,
    PageQuery,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.people import CompanyInviteInput
from accounts.api.permissions import IsCustomerAdmin, IsMember, IsStaffOrCustomerAdmin
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from accounts.models import ContactGroup, Membership, Role, Sees
from accounts.services import change_group, change_sees, create_group, invite_person, remove_group
from tickets.api.inputs import AmongField

BY_NAME = Order("name", [Key("name"), Key("id")])


class ContactGroupSerializer(serializers.Serializer[ContactGroup]):
    """People of one customer who work together."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    customer = CustomerRefSerializer()
    members = PersonRefSerializer(many=True, source="members.all")
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))


class CompanyPersonSerializer(serializers.Serializer[Membership]):
    """Somebody of a company, as its admins see them."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)
    sees = serializers.ChoiceField(
        choices=Sees.choices, help_text=_("Which tickets of the company; admins see all but private ones.")
    )
    is_active = serializers.BooleanField(help_text=_("May enter the desk."))


ContactGroupPage = page_schema("ContactGroupPage", ContactGroupSerializer)
CompanyPersonPage = page_schema("CompanyPersonPage", CompanyPersonSerializer)


def _people(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).contacts()


class ContactGroupInput(Input):
    """What a group is."""

    name = Line(max_length=80)
    members = AmongField(
        _people,
        queryset=Membership.objects.none(),
        many=True,
        required=False,
        default=list,
        help_text=_("The ids of people of the company; the list is complete."),
    )


class ChangeContactGroupInput(ContactGroupInput):
    """A group as it shall be."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class SeesInput(Input):
    """Which tickets somebody sees."""

    sees = serializers.ChoiceField(choices=Sees.choices)


class GroupView(DeskView):
    """Staff and the company's admins read, its admins write."""

    def get_permissions(self) -> list[IsMember]:
        is_reading = self.request.method in ("GET", "HEAD", "OPTIONS")
        return [IsStaffOrCustomerAdmin() if is_reading else IsCustomerAdmin()]

    def groups(self) -> QuerySet[Any]:
        """Those that the caller may see, with all that is written of them."""
        groups = ContactGroup.objects.visible_to(self.membership).select_related("customer")
        return groups.prefetch_related("members")

    def shown(self, group: ContactGroup) -> Any:
        """It as it is now."""
        return ContactGroupSerializer(self.groups().get(pk=group.pk)).data


class ContactGroups(GroupView):
    @operation(
        _("List groups of people"),
        name="list_contact_groups",
        group="people",
        answers={200: ContactGroupPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Of every customer for staff, of its own company for a customer's admin."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        return page_response(self, self.groups(), BY_NAME, query, ContactGroupSerializer)

    @operation(
        _("Create a group of people"),
        name="create_contact_group",
        group="people",
        answers={201: ContactGroupSerializer},
        refused=[*CHANGE, "name_taken"],
        request=ContactGroupInput,
        description=_("Of the caller's own company. For customers' admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ContactGroupInput)
        group = create_group(**values, by=self.membership, at=timezone.now())
        return Response(self.shown(group), status=status.HTTP_201_CREATED)


class OneContactGroup(GroupView):
    @operation(
        _("Show a group of people"),
        name="show_contact_group",
        group="people",
        answers={200: ContactGroupSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, contact_group_id: int) -> Response:
        return Response(self.shown(get_object_or_404(self.groups(), pk=contact_group_id)))

    @operation(
        _("Change a group of people"),
        name="change_contact_group",
        group="people",
        answers={200: ContactGroupSerializer},
        refused=[*CHANGE, "edited_meanwhile", "name_taken"],
        request=ChangeContactGroupInput,
        description=_("Its name and who belongs to it. For customers' admins alone."),
    )
    def put(self, request: Request, contact_group_id: int) -> Response:
        group = get_object_or_404(self.groups(), pk=contact_group_id)
        values = read_input(self, ChangeContactGroupInput)
        seen = values.pop("seen")
        change_group(group=group, seen_version=seen, **values, by=self.membership, at=timezone.now())
        return Response(self.shown(group))

    @operation(
        _("Dissolve a group of people"),
        name="remove_contact_group",
        group="people",
        answers={204: OpenApiResponse(description=_("It is gone."))},
        refused=["not_allowed"],
        description=_("Whoever saw tickets through it alone sees their own. For customers' admins alone."),
    )
    def delete(self, request: Request, contact_group_id: int) -> Response:
        group = get_object_or_404(self.groups(), pk=contact_group_id)
        remove_group(group=group, by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CompanyPeople(DeskView):
    permission_classes = (IsCustomerAdmin,)

    @operation(
        _("List the people of your company"),
        name="list_company_people",
        group="people",
        answers={200: CompanyPersonPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("By name, with what each of them sees. For customers' admins alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        people = _people(self.membership).select_related("user")
        return page_response(self, people, BY_NAME, query, CompanyPersonSerializer)

    @operation(
        _("Invite somebody of your company"),
        name="invite_company_person",
        group="people",
        answers={201: CompanyPersonSerializer},
        refused=[*CHANGE, "already_member"],
        request=CompanyInviteInput,
        description=_("They get a letter with a link that works for 14 days. For customers' admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, CompanyInviteInput)
        me = self.membership
        person = invite_person(by=me, customer=me.customer, at=timezone.now(), **values)
        return Response(CompanyPersonSerializer(person).data, status=status.HTTP_201_CREATED)


class ChangeSees(DeskView):
    permission_classes = (IsCustomerAdmin,)

    @operation(
        _("Change which tickets somebody sees"),
        name="change_sees",
        group="people",
        answers={200: CompanyPersonSerializer},
        refused=CHANGE,
        request=SeesInput,
        description=_(
            "Their own, those of their groups, or all of the company. For customers' admins alone."
        ),
    )
    def post(self, request: Request, person_id: int) -> Response:
        person = get_object_or_404(_people(self.membership).select_related("user"), pk=person_id)
        given = read_input(self, SeesInput)
        change_sees(membership=person, sees=given["sees"], by=self.membership, at=timezone.now())
        return Response(CompanyPersonSerializer(person).data)
