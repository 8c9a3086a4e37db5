"""What is done to a ticket, one address each. The services refuse; `problems` answers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.once import ONCE, done_once, sending_of
from accounts.api.parsing import BoundedJSONParser
from accounts.api.permissions import IsStaffMember
from tickets import services
from tickets.api.examples import ASSIGN, CHANGE_PRIORITY, REPLY
from tickets.api.inputs import (
    AssignInput,
    NoteInput,
    NoteUpload,
    NothingInput,
    PriorityInput,
    ReplyInput,
    ReplyUpload,
    StatusInput,
)
from tickets.api.serializers import MessageSerializer, TicketDetailSerializer
from tickets.api.views import TICKET_CHANGE, TicketView
from tickets.models import Message


class TalkView(TicketView):
    """Adds a message, with files or without."""

    parser_classes = (BoundedJSONParser, MultiPartParser)

    def once(self, write: Callable[[UUID | None], Message]) -> Response:
        """The answer with what is written, or was by the same call before."""
        me, sending = self.membership, sending_of(self)

        def find() -> Message | None:
            event = services.earlier_event(by=me, submission=sending)
            return event.message if event else None

        message = done_once(find, lambda: write(sending), services.TicketRuleBroken)
        data = MessageSerializer(message, context=self.context()).data
        return Response(data, status=status.HTTP_201_CREATED)


class Reply(TalkView):
    @operation(
        _("Reply"),
        name="reply_to_ticket",
        group="actions",
        answers={201: MessageSerializer},
        refused=[*TICKET_CHANGE, "customer_closed", "wrong_status", "refused_file"],
        request={"application/json": ReplyInput, "multipart/form-data": ReplyUpload},
        parameters=[ONCE],
        description=_(
            "A public reply. An unassigned ticket becomes the answering agent's; a requester's reply takes a "
            "pending ticket back to open, and a resolved one unless it comes before “quiet_until” without "
            "“not_solved”."
        ),
        examples=[REPLY],
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = self.read_with_files(ReplyInput, ReplyUpload)
        if values.get("then") and self.membership.is_contact:
            raise services.NotAllowed

        def reply(sending: UUID | None) -> Message:
            return services.reply_to_ticket(
                ticket=ticket, by=self.membership, at=timezone.now(), submission=sending, **values
            )

        return self.once(reply)


class Note(TalkView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Write a note"),
        name="add_note",
        group="actions",
        answers={201: MessageSerializer},
        refused=[*CHANGE, "refused_file"],
        request={"application/json": NoteInput, "multipart/form-data": NoteUpload},
        parameters=[ONCE],
        description=_("An internal note, also on closed tickets. By staff, for staff."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = self.read_with_files(NoteInput, NoteUpload)

        def note(sending: UUID | None) -> Message:
            return services.add_note(
                ticket=ticket, by=self.membership, at=timezone.now(), submission=sending, **values
            )

        return self.once(note)


class Assign(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Assign"),
        name="assign_ticket",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "edited_meanwhile"],
        request=AssignInput,
        description=_("Give the ticket to somebody of the staff, or to nobody. For staff alone."),
        examples=[ASSIGN],
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, AssignInput)
        services.assign_ticket(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class ChangePriority(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Change the priority"),
        name="change_priority",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "edited_meanwhile"],
        request=PriorityInput,
        description=_("The clocks go on from their own start with the new targets. For staff alone."),
        examples=[CHANGE_PRIORITY],
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, PriorityInput)
        services.change_priority(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class ChangeStatus(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Change the status"),
        name="change_status",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "wrong_status", "edited_meanwhile"],
        request=StatusInput,
        description=_("Open, pending, on hold or awaiting approval. For staff alone."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, StatusInput)
        services.change_status(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(number))


class Resolve(TicketView):
    @operation(
        _("Resolve"),
        name="resolve_ticket",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "wrong_status"],
        request=None,
        description=_("It is done. Also for the requester's company."),
    )
    def post(self, request: Request, number: int) -> Response:
        return self._done(services.resolve_ticket, number)

    def _done(self, intention: Any, number: int) -> Response:
        ticket = self.get_ticket(number)
        read_input(self, NothingInput)
        intention(ticket=ticket, by=self.membership, at=timezone.now())
        return Response(self.shown(number))


class Reopen(Resolve):
    @operation(
        _("Reopen"),
        name="reopen_ticket",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "customer_closed", "wrong_status"],
        request=None,
        description=_("A resolved ticket is taken up again; its resolution clock goes on."),
    )
    def post(self, request: Request, number: int) -> Response:
        return self._done(services.reopen_ticket, number)
