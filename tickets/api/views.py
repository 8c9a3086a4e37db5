"""Tickets to be read and filed, their events and files, categories."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import status
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    PageQuery,
    page_response,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.once import ONCE, done_once, sending_of
from accounts.api.pagination import Key, Order
from accounts.api.parsing import BoundedJSONParser
from tickets.api.examples import FILE_TICKET, TICKET
from tickets.api.inputs import TicketInput, TicketQuery, TicketUpload
from tickets.api.listing import ORDERS, tickets_for
from tickets.api.serializers import (
    EventPage,
    EventSerializer,
    TicketDetailSerializer,
    TicketPage,
    TicketSerializer,
    with_conversation,
)
from tickets.models import Attachment, Channel, Ticket, TicketEvent
from tickets.services import TicketRuleBroken, earlier_event, file_ticket
from tickets.services.intake import with_intake
from tickets.views.timeline import FOR_CONTACTS

IN_ORDER = Order("position", [Key("position"), Key("name"), Key("id")])
# What any change of a ticket may meet.
TICKET_CHANGE = (*CHANGE, "ticket_closed", "ticket_merged")
OLDEST_EVENT = Order("oldest", [Key("at"), Key("id")])


class TicketView(DeskView):
    """A view about tickets: finds them among those that the caller may see."""

    def context(self) -> dict[str, Any]:
        return super().context() | {"now": timezone.now()}

    def get_ticket(self, number: int) -> Ticket:
        """With its people. Raises Http404."""
        tickets = Ticket.objects.visible_to(self.membership).with_people().with_services().with_survivors()
        return get_object_or_404(tickets, number=number)

    def shown(self, number: int) -> Any:
        """The ticket as it is now, with its conversation."""
        tickets = Ticket.objects.visible_to(self.membership).with_people().with_services().with_survivors()
        tickets = with_intake(with_conversation(tickets, self.membership))
        ticket = get_object_or_404(tickets, number=number)
        return TicketDetailSerializer(ticket, context=self.context()).data

    def read_with_files(self, plain: type[Input], upload: type[Input]) -> dict[str, Any]:
        """The checked body, JSON or multipart; `files` is always there."""
        is_upload = (self.request.content_type or "").startswith("multipart/")
        return {"files": []} | read_input(self, upload if is_upload else plain)


class Tickets(TicketView):
    parser_classes = (BoundedJSONParser, MultiPartParser)

    @operation(
        _("List tickets"),
        name="list_tickets",
        group="tickets",
        answers={200: TicketPage},
        refused=["invalid"],
        parameters=[TicketQuery],
        description=_("Staff see every ticket of the desk, a contact those of its own company."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, TicketQuery)
        tickets = tickets_for(self.membership, query, timezone.now())
        return page_response(
            self,
            tickets,
            ORDERS[query["order"]],
            query,
            TicketSerializer,
        )

    @operation(
        _("File a ticket"),
        name="file_ticket",
        group="tickets",
        answers={201: TicketDetailSerializer},
        refused=[*CHANGE, "refused_file", "account_standing", "customer_closed", "refused_answers"],
        request={"application/json": TicketInput, "multipart/form-data": TicketUpload},
        description=_("The promises of the customer's plan start at once. Location leads to the ticket."),
        parameters=[ONCE],
        examples=[FILE_TICKET, TICKET],
    )
    def post(self, request: Request) -> Response:
        values = self.read_with_files(TicketInput, TicketUpload)
        me, sending = self.membership, sending_of(self)

        def find() -> Ticket | None:
            event = earlier_event(by=me, submission=sending)
            return event.ticket if event else None

        def file() -> Ticket:
            return file_ticket(by=me, channel=Channel.API, at=timezone.now(), submission=sending, **values)

        ticket = done_once(find, file, TicketRuleBroken)
        shown = self.shown(ticket.number)
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Location": shown["url"]})


class ShowTicket(TicketView):
    @operation(
        _("Show a ticket"),
        name="show_ticket",
        group="tickets",
        answers={200: TicketDetailSerializer},
        description=_("With its conversation. Contacts get no internal notes."),
        examples=[TICKET],
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(self.shown(number))


class Events(TicketView):
    @operation(
        _("List a ticket's events"),
        name="list_events",
        group="tickets",
        answers={200: EventPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("What happened, oldest first. Contacts get what concerns them."),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(self, PageQuery)
        events = TicketEvent.objects.filter(ticket=self.get_ticket(number)).select_related("actor")
        if self.membership.is_contact:
            events = events.filter(kind__in=FOR_CONTACTS)
        return page_response(self, events, OLDEST_EVENT, query, EventSerializer)


class AnyForm(DefaultContentNegotiation):
    """A file is what it is; only its refusal has a form, whatever the caller accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Download(DeskView):
    content_negotiation_class = AnyForm

    @operation(
        _("Download a file"),
        name="download_attachment",
        group="tickets",
        answers={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, _("The file."))},
        description=_("A file of a message that the caller may read."),
    )
    def get(self, request: Request, attachment_id: UUID) -> FileResponse:
        attachment = get_object_or_404(Attachment.objects.visible_to(self.membership), pk=attachment_id)
        try:
            content = attachment.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(
            content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
        )
