"""Handing over the open tickets of somebody of the staff, and closing the desk to them, by API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdminOrCustomerAdmin, IsSupervisor
from accounts.api.serializers import PersonRefSerializer, PersonSerializer
from accounts.models import Membership, Team
from accounts.services import deactivate_person
from tickets.api.inputs import AmongField, NothingInput
from tickets.models import HandOver
from tickets.services.handing_over import hand_over_tickets, leave_with_hand_over


def _staff(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).staff().active()


def _teams(membership: Membership) -> QuerySet[Any]:
    return Team.objects.visible_to(membership).in_use()


class TeamRefSerializer(serializers.Serializer[Team]):
    """A team, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class HandOverSerializer(serializers.Serializer[HandOver]):
    """How far a hand-over is. Neither person nor team: back to the queue."""

    id = serializers.IntegerField()
    person = PersonRefSerializer(help_text=_("Whose tickets they were."))
    to_person = PersonRefSerializer(allow_null=True)
    to_team = TeamRefSerializer(allow_null=True)
    due_before = Instant(allow_null=True, help_text=_("Only what fell due before then; null: all."))
    total = serializers.IntegerField(help_text=_("Tickets to be handed over."))
    done = serializers.IntegerField(help_text=_("Those that are."))
    stopped = serializers.BooleanField(help_text=_("Nobody was left who could take the rest."))
    asked_at = Instant()
    ended_at = Instant(allow_null=True, help_text=_("Null while it goes on in the background."))


class HandOverInput(Input):
    """Where open tickets go; neither person nor team: back to the queue, unassigned."""

    to_person = AmongField(
        _staff, queryset=Membership.objects.none(), allow_null=True, default=None,
        help_text=_("The id of somebody of the staff."),
    )  # fmt: skip
    to_team = AmongField(
        _teams, queryset=Team.objects.none(), allow_null=True, default=None,
        help_text=_("The id of a team: its people who are there share them, whoever has least first."),
    )  # fmt: skip
    due_before = Instant(
        default=None, allow_null=True, help_text=_("Only what falls due before then; null: all.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way or the other."""
        if attrs["to_person"] is not None and attrs["to_team"] is not None:
            words = _("Either a person or a team, not both.")
            raise serializers.ValidationError({"to_team": [words]}, code="unexpected")
        return attrs


class LeaveInput(HandOverInput):
    """Where open tickets go when somebody leaves."""

    due_before = None  # type: ignore[assignment]  # takes the field away
    keep_tickets = serializers.BooleanField(
        default=False, help_text=_("They stay assigned to the person, to be handed over later.")
    )


class HandOverOfPerson(DeskView):
    permission_classes = (IsSupervisor,)

    @operation(
        _("Hand tickets over"),
        name="hand_over_tickets",
        group="people",
        answers={201: HandOverSerializer},
        refused=[*CHANGE, "refused"],
        request=HandOverInput,
        description=_(
            "Gives the open tickets of somebody of the staff to others. Many go in the background: ask again "
            "until “ended_at” is there. For supervisors and above."
        ),
    )
    def post(self, request: Request, colleague_id: int) -> Response:
        staff = Membership.objects.visible_to(self.membership).staff()
        person: Membership = get_object_or_404(staff, pk=colleague_id)
        values = read_input(self, HandOverInput)
        made = hand_over_tickets(
            person=person,
            to=values["to_person"] or values["to_team"],
            due_before=values["due_before"],
            by=self.membership,
            at=timezone.now(),
        )
        return Response(HandOverSerializer(made).data, status=status.HTTP_201_CREATED)


class ShowHandOver(DeskView):
    permission_classes = (IsSupervisor,)

    @operation(
        _("Show a hand-over"),
        name="show_hand_over",
        group="people",
        answers={200: HandOverSerializer},
        refused=["not_allowed"],
        description=_("How far it is. For supervisors and above."),
    )
    def get(self, request: Request, hand_over_id: int) -> Response:
        rows = HandOver.objects.visible_to(self.membership)
        made = get_object_or_404(rows.select_related("person", "to_person", "to_team"), pk=hand_over_id)
        return Response(HandOverSerializer(made).data)


class DeactivatePerson(DeskView):
    permission_classes = (IsAdminOrCustomerAdmin,)

    @operation(
        _("Deactivate somebody"),
        name="deactivate_person",
        group="people",
        answers={200: PersonSerializer},
        refused=[*CHANGE, "refused", "last_owner"],
        request=LeaveInput,
        description=_(
            "They cannot enter any more and their tokens stop working. Open tickets of somebody of the staff "
            "go where it says; or nothing of it happens. For admins, and for customers' admins in their "
            "company."
        ),
    )
    def post(self, request: Request, colleague_id: int) -> Response:
        people = Membership.objects.visible_to(self.membership).select_related("user", "customer")
        person: Membership = get_object_or_404(people, pk=colleague_id)
        # No ticket is assigned to a contact, so there is nothing to say of where they go.
        values = read_input(self, NothingInput if person.is_contact else LeaveInput)
        by, at = self.membership, timezone.now()
        if person.is_contact or values["keep_tickets"]:
            deactivate_person(membership=person, by=by, at=at)
        else:
            to = values["to_person"] or values["to_team"]
            leave_with_hand_over(membership=person, to=to, by=by, at=at)
        return Response(PersonSerializer(person).data)
