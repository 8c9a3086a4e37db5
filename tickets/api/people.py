"""Who of the customer follows a ticket, who sees it, and how the customer ends it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import Input, Instant, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.serializers import PersonRefSerializer
from accounts.models import Membership
from tickets import services
from tickets.api.inputs import AmongField, NothingInput
from tickets.api.serializers import TicketDetailSerializer
from tickets.api.views import TICKET_CHANGE, TicketView
from tickets.models import Participant

ENDS = [*TICKET_CHANGE, "wrong_status"]


def _contacts(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).contacts().active()


class PersonInput(Input):
    """Somebody of the ticket's company."""

    person = AmongField(
        _contacts,
        queryset=Membership.objects.none(),
        help_text=_("The id of an active person of the ticket's company."),
    )


class PrivacyInput(Input):
    """Whether colleagues are kept out."""

    private = serializers.BooleanField()


class ParticipantSerializer(serializers.Serializer[Participant]):
    """Somebody who follows a ticket besides its requester."""

    person = PersonRefSerializer()
    added_by = PersonRefSerializer(allow_null=True)
    added_at = Instant()


class People(TicketView):
    @operation(
        _("List who follows a ticket"),
        name="list_ticket_people",
        group="tickets",
        answers={200: ParticipantSerializer(many=True)},
        description=_("Who was added besides the requester."),
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(self._people(number))

    @operation(
        _("Add somebody to a ticket"),
        name="add_ticket_person",
        group="actions",
        answers={200: ParticipantSerializer(many=True)},
        refused=[*TICKET_CHANGE, "customer_closed"],
        request=PersonInput,
        description=_("They see the ticket, also a private one, and are told of answers."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, PersonInput)
        services.add_person(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self._people(number))

    def _people(self, number: int) -> Any:
        rows = Participant.objects.filter(ticket=self.get_ticket(number)).order_by("added_at", "pk")
        rows = rows.select_related("person", "added_by")
        return [ParticipantSerializer(row, context=self.context()).data for row in rows]


class RemovePerson(TicketView):
    @operation(
        _("Take somebody off a ticket"),
        name="remove_ticket_person",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=CHANGE,
        request=None,
        description=_("Everybody may take themselves off; the answer is then 204 if they no longer see it."),
    )
    def post(self, request: Request, number: int, person_id: int) -> Response:
        ticket = self.get_ticket(number)
        people = Membership.objects.filter(tenant_id=ticket.tenant_id, customer_id=ticket.customer_id)
        person = get_object_or_404(people, pk=person_id)
        read_input(self, NothingInput)
        still = person.pk != self.membership.pk or self.membership.is_staff_member
        services.remove_person(ticket=ticket, person=person, by=self.membership, at=timezone.now())
        if not still and not type(ticket).objects.visible_to(self.membership).filter(pk=ticket.pk).exists():
            return Response(status=204)
        return Response(self.shown(number))


class Privacy(TicketView):
    @operation(
        _("Change who sees a ticket"),
        name="change_ticket_privacy",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=CHANGE,
        request=PrivacyInput,
        description=_("A private ticket is hidden from the requester's colleagues. By them or by staff."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, PrivacyInput)
        services.change_privacy(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class Withdraw(TicketView):
    @operation(
        _("Withdraw a ticket"),
        name="withdraw_ticket",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=ENDS,
        request=None,
        description=_("It is closed for good. By its requester or an admin of its company."),
    )
    def post(self, request: Request, number: int) -> Response:
        return self._done(services.withdraw_ticket, number)

    def _done(self, intention: Any, number: int) -> Response:
        ticket = self.get_ticket(number)
        read_input(self, NothingInput)
        intention(ticket=ticket, by=self.membership, at=timezone.now())
        return Response(self.shown(number))


class Close(Withdraw):
    @operation(
        _("Close a resolved ticket"),
        name="close_ticket",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=ENDS,
        request=None,
        description=_("Before the desk does it by itself. By its requester or an admin of its company."),
    )
    def post(self, request: Request, number: int) -> Response:
        return self._done(services.close_ticket, number)
