"""The clocks of a ticket."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView
from accounts.api.documenting import operation
from sla.api.serializers import ClockPage, ClockSerializer
from sla.presentation import clocks_of
from tickets.models import Ticket


class Clocks(DeskView):
    @operation(
        _("List a ticket's clocks"),
        name="list_clocks",
        group="promises",
        answers={200: ClockPage},
        description=_("Each promise with its receipt, reckoned for now; those that ended come last."),
    )
    def get(self, request: Request, number: int) -> Response:
        ticket = get_object_or_404(Ticket.objects.visible_to(self.membership), number=number)
        clocks: Any = clocks_of(ticket, now=timezone.now(), with_ladders=self.membership.is_staff_member)
        return Response({"next": None, "results": ClockSerializer(clocks, many=True).data})
