"""Emergencies of a ticket: listed, declared, acknowledged, ended."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from sla.api.emergency_forms import (
    EmergencyInput,
    EmergencyPage,
    EmergencySerializer,
)
from sla.models import Emergency, EmergencyCall
from sla.services.emergencies import acknowledge_emergency, declare_emergency, end_emergency
from tickets.api.inputs import NothingInput
from tickets.api.views import TicketView

OLDEST = Order("oldest", [Key("declared_at"), Key("id")])


class EmergencyView(TicketView):
    """A view about the emergencies of a ticket."""

    def emergencies(self, number: int) -> "QuerySet[Emergency]":
        """Of that ticket, with their people. Raises Http404."""
        calls = Prefetch("calls", EmergencyCall.objects.select_related("person").order_by("called_at", "pk"))
        emergencies = Emergency.objects.filter(ticket=self.get_ticket(number))
        return emergencies.select_related("declared_by", "acknowledged_by").prefetch_related(calls)

    def answer(self, number: int, code: int = status.HTTP_200_OK) -> Response:
        """The latest emergency of the ticket."""
        latest = self.emergencies(number).latest("declared_at", "id")
        return Response(EmergencySerializer(latest, context=self.context()).data, status=code)


class Emergencies(EmergencyView):
    @operation(
        _("List a ticket's emergencies"),
        name="list_emergencies",
        group="promises",
        answers={200: EmergencyPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("The oldest first. Contacts do not see who was called."),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(self, PageQuery)
        return page_response(self, self.emergencies(number), OLDEST, query, EmergencySerializer)

    @operation(
        _("Declare an emergency"),
        name="declare_emergency",
        group="actions",
        answers={201: EmergencySerializer},
        refused=[
            *CHANGE,
            "ticket_closed",
            "ticket_resolved",
            "emergency_running",
            "emergency_not_included",
            "emergencies_used_up",
            "account_standing",
            "customer_closed",
        ],
        request=EmergencyInput,
        description=_(
            "The person on call is told at once, whatever the hour, then the next until somebody "
            "acknowledges. Contacts may do so where the plan includes it, within its limit a month."
        ),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, EmergencyInput)
        declare_emergency(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return self.answer(number, status.HTTP_201_CREATED)


class Acknowledge(EmergencyView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Acknowledge an emergency"),
        name="acknowledge_emergency",
        group="actions",
        answers={200: EmergencySerializer},
        refused=[*CHANGE, "no_emergency", "acknowledged_before"],
        request=None,
        description=_("The caller is on it; nobody else is called. For staff alone."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        read_input(self, NothingInput)
        acknowledge_emergency(ticket=ticket, by=self.membership, at=timezone.now())
        return self.answer(number)


class End(EmergencyView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("End an emergency"),
        name="end_emergency",
        group="actions",
        answers={200: EmergencySerializer},
        refused=[*CHANGE, "no_emergency"],
        request=None,
        description=_("It is over; resolving the ticket ends it too. For staff alone."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        read_input(self, NothingInput)
        end_emergency(ticket=ticket, by=self.membership, at=timezone.now())
        return self.answer(number)
