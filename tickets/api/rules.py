"""What moves a promise: another category, a due time set by hand, two tickets made one, one made two."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import read_input
from accounts.api.documenting import operation
from accounts.api.permissions import IsStaffMember
from tickets import services
from tickets.api.examples import MERGE, SET_DUE, SPLIT
from tickets.api.inputs import (
    CategoryInput,
    ClearDueInput,
    DueInput,
    MergeInput,
    ServiceOfTicketInput,
    SplitInput,
)
from tickets.api.serializers import TicketDetailSerializer
from tickets.api.views import TICKET_CHANGE, TicketView
from tickets.models import Message


class ChangeCategory(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Change the category"),
        name="change_category",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "edited_meanwhile"],
        request=CategoryInput,
        description=_("The restore clock follows whether the category is about outages. For staff alone."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, CategoryInput)
        services.change_category(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class ChangeService(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Change the affected service"),
        name="change_service",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "edited_meanwhile"],
        request=ServiceOfTicketInput,
        description=_("One that the ticket's customer uses, or none. For staff alone."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, ServiceOfTicketInput)
        services.change_service(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class SetDue(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Set a due time by hand"),
        name="set_due",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "wrong_status", "edited_meanwhile", "refused_due"],
        request=DueInput,
        description=_(
            "It counts instead of the reckoned one until it is cleared, also where the plan promises "
            "nothing. For staff alone."
        ),
        examples=[SET_DUE],
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, DueInput)
        services.set_due(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class ClearDue(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Clear a due time set by hand"),
        name="clear_due",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "wrong_status", "edited_meanwhile"],
        request=ClearDueInput,
        description=_("The reckoned due time counts again. For staff alone."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, ClearDueInput)
        services.clear_due(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class Merge(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Merge into another ticket"),
        name="merge_ticket",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "cannot_merge"],
        request=MergeInput,
        description=_(
            "The ticket is closed and its open clocks are cancelled; the other one goes on. Answers with the "
            "merged ticket. For staff alone."
        ),
        examples=[MERGE],
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, MergeInput)
        services.merge_tickets(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class Split(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Split a message off"),
        name="split_ticket",
        group="actions",
        answers={201: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "cannot_split"],
        request=SplitInput,
        description=_(
            "The message becomes a ticket of its own, filed when it was written, so that its promises count "
            "from then. Location leads to it. For staff alone."
        ),
        examples=[SPLIT],
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, SplitInput)
        message = get_object_or_404(Message.objects.filter(ticket=ticket), pk=values["message"])
        split = services.split_ticket(
            ticket=ticket,
            message=message,
            subject=values["subject"],
            by=self.membership,
            at=timezone.now(),
        )
        shown = self.shown(split.number)
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Location": shown["url"]})
