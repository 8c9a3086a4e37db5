"""A customer asks for an agent at once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import read_input
from accounts.api.documenting import operation
from sla.services.chats import ask_for_chat
from tickets.api.inputs import NothingInput
from tickets.api.serializers import TicketDetailSerializer
from tickets.api.views import TICKET_CHANGE, TicketView


class AskForChat(TicketView):
    @operation(
        _("Ask for a chat"),
        name="ask_for_chat",
        group="actions",
        answers={200: TicketDetailSerializer},
        refused=[*TICKET_CHANGE, "customer_closed", "wrong_status", "account_standing", "no_chat"],
        request=None,
        description=_("All agents are asked to come to the conversation at once. By its customer."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        read_input(self, NothingInput)
        ask_for_chat(ticket=ticket, by=self.membership, at=timezone.now())
        return Response(self.shown(number))
