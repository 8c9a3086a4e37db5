"""People: found by staff, invited and let in or out by admins, and by customers' admins for their company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Line, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsAdminOrCustomerAdmin, IsMember, IsStaffMember
from accounts.api.serializers import PeopleQuery, PersonPage, PersonSerializer
from accounts.models import Customer, Membership, Role
from accounts.models.people import CONTACT_ROLES
from accounts.services import change_role, invite_again, invite_person, reactivate_person
from tickets.api.inputs import AmongField, NothingInput

COMPANY_ROLES = [(role.value, role.label) for role in CONTACT_ROLES]
BY_NAME = Order("name", [Key("name"), Key("id")])


def _customers(membership: Membership) -> QuerySet[Any]:
    return Customer.objects.visible_to(membership)


class CompanyInviteInput(Input):
    """Somebody new of the caller's company."""

    name = Line(max_length=120)
    email = serializers.EmailField(max_length=254, help_text=_("The invitation goes there."))
    role = serializers.ChoiceField(choices=COMPANY_ROLES, default=Role.MEMBER.value)


class InviteInput(Input):
    """Somebody new: of the staff, or of a customer."""

    name = Line(max_length=120)
    email = serializers.EmailField(max_length=254, help_text=_("The invitation goes there."))
    role = serializers.ChoiceField(choices=Role.choices)
    customer = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        allow_null=True,
        default=None,
        help_text=_("The id of a customer; null for the staff."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Staff belong to no customer, contacts to one."""
        if (attrs["role"] in CONTACT_ROLES) != (attrs["customer"] is not None):
            words = _("Customer admins and members belong to a customer, all others to none.")
            raise serializers.ValidationError({"customer": [words]}, code="unexpected")
        return attrs


class RoleInput(Input):
    """Another role of the same side."""

    role = serializers.ChoiceField(choices=Role.choices)


class PersonView(DeskView):
    """About one person: of the desk for admins, of their company for customers' admins."""

    permission_classes: Sequence[Any] = (IsAdminOrCustomerAdmin,)

    def person(self, person_id: int) -> Membership:
        """Raises Http404."""
        people = Membership.objects.visible_to(self.membership).select_related("user", "customer")
        found: Membership = get_object_or_404(people, pk=person_id)
        return found

    def answer(self, person_id: int) -> Response:
        """The person as they are now."""
        return Response(PersonSerializer(self.person(person_id)).data)


class People(DeskView):
    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    @operation(
        _("List people"),
        name="list_people",
        group="people",
        answers={200: PersonPage},
        refused=["invalid", "not_allowed"],
        parameters=[PeopleQuery],
        description=_("Staff and contacts of the desk by name, to find ids. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PeopleQuery)
        people = Membership.objects.visible_to(self.membership).select_related("user", "customer")
        if "customer" in query:
            people = people.filter(customer_id=query["customer"])
        if "kind" in query:
            people = people.staff() if query["kind"] == "staff" else people.contacts()
        if "q" in query:
            people = people.filter(Q(name__icontains=query["q"]) | Q(user__email__icontains=query["q"]))
        return page_response(self, people, BY_NAME, query, PersonSerializer)

    @operation(
        _("Invite somebody"),
        name="invite_person",
        group="people",
        answers={201: PersonSerializer},
        refused=[*CHANGE, "already_member"],
        request=InviteInput,
        description=_("They get a letter with a link that works for 14 days. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, InviteInput)
        person = invite_person(by=self.membership, at=timezone.now(), **values)
        return Response(PersonSerializer(person).data, status=status.HTTP_201_CREATED)


class OnePerson(PersonView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Show a person"),
        name="show_person",
        group="people",
        answers={200: PersonSerializer},
        refused=["not_allowed"],
        description=_("Somebody of the staff or of a customer. For staff alone."),
    )
    def get(self, request: Request, person_id: int) -> Response:
        return self.answer(person_id)


class ChangeRole(PersonView):
    @operation(
        _("Change somebody's role"),
        name="change_role",
        group="people",
        answers={200: PersonSerializer},
        refused=[*CHANGE, "last_owner"],
        request=RoleInput,
        description=_(
            "Staff stay staff, contacts contacts. For admins, and for customers' admins in their company."
        ),
    )
    def post(self, request: Request, person_id: int) -> Response:
        person = self.person(person_id)
        values = read_input(self, RoleInput)
        change_role(membership=person, by=self.membership, at=timezone.now(), **values)
        return self.answer(person_id)


class InviteAgain(PersonView):
    @operation(
        _("Invite somebody again"),
        name="invite_again",
        group="people",
        answers={200: PersonSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_(
            "Sends a fresh link while they have not come; the one before stops working. For admins, and for "
            "customers' admins in their company."
        ),
    )
    def post(self, request: Request, person_id: int) -> Response:
        person = self.person(person_id)
        read_input(self, NothingInput)
        invite_again(membership=person, by=self.membership, at=timezone.now())
        return self.answer(person_id)


class Reactivate(PersonView):
    @operation(
        _("Let somebody in again"),
        name="reactivate_person",
        group="people",
        answers={200: PersonSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_(
            "Whom the desk shut out, only the desk lets in. For admins, and for customers' admins in their "
            "company."
        ),
    )
    def post(self, request: Request, person_id: int) -> Response:
        person = self.person(person_id)
        read_input(self, NothingInput)
        reactivate_person(membership=person, by=self.membership, at=timezone.now())
        return self.answer(person_id)
