"""The work of a window through the API: its log and history, its checklist, the tickets that it is about."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from maintenance.api import window_forms as forms
from maintenance.api.windows import STEP, StepView
from maintenance.models import ChecklistItem, WindowEvent
from maintenance.services import windows as services
from tickets.api.inputs import NothingInput
from tickets.models import Ticket

OLDEST = Order("oldest", [Key("at"), Key("id")])


class Log(StepView):
    @operation(
        _("List what happened to a window"),
        name="list_window_events",
        group="maintenance",
        answers={200: forms.WindowEventPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Its history with the work log, the oldest first. For staff alone."),
    )
    def get(self, request: Request, window_id: int) -> Response:
        query = read_query(self, PageQuery)
        events = WindowEvent.objects.filter(window=self.get_window(window_id)).select_related("actor")
        return page_response(self, events, OLDEST, query, forms.WindowEventSerializer)

    @operation(
        _("Write into a window's work log"),
        name="log_work",
        group="maintenance",
        answers={201: forms.WindowEventSerializer},
        refused=[*STEP, "not_enough_said"],
        request=forms.LogInput,
        description=_("Only staff read it."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.LogInput)
        line = services.log_work(window=window, by=self.membership, at=timezone.now(), **values)
        return Response(forms.WindowEventSerializer(line).data, status=status.HTTP_201_CREATED)


class Tick(StepView):
    @operation(
        _("Tick a step of a window's checklist"),
        name="tick_step",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=STEP,
        request=forms.TickInput,
        description=_("That it is done, or that it is not. For staff alone."),
    )
    def post(self, request: Request, window_id: int, item_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.TickInput)
        item = get_object_or_404(ChecklistItem.objects.select_related("window"), window=window, pk=item_id)
        services.tick_item(item=item, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)


class LinkTickets(StepView):
    @operation(
        _("Link tickets to a maintenance window"),
        name="link_window_tickets",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=CHANGE,
        request=forms.WindowTicketsInput,
        description=_("They asked for it, and can be told together when it is done. For staff alone."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.WindowTicketsInput)
        services.link_tickets(window=window, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)


class UnlinkTicket(StepView):
    @operation(
        _("Unlink a ticket from a maintenance window"),
        name="unlink_window_ticket",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=CHANGE,
        request=None,
        description=_("It is about something else. For staff alone."),
    )
    def post(self, request: Request, window_id: int, number: int) -> Response:
        window = self.get_window(window_id)
        read_input(self, NothingInput)
        ticket = get_object_or_404(Ticket.objects.visible_to(self.membership), number=number)
        services.unlink_ticket(window=window, ticket=ticket, by=self.membership, at=timezone.now())
        return self.answer(window_id)


class TellTickets(StepView):
    @operation(
        _("Tell the tickets of a maintenance window"),
        name="tell_window_tickets",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=[*STEP, "not_enough_said"],
        request=forms.TellTicketsInput,
        description=_(
            "After its end: one public reply on every linked ticket that is not closed and was not told yet. "
            "For staff alone."
        ),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.TellTicketsInput)
        services.tell_tickets(window=window, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)
