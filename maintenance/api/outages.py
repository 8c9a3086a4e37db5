"""Outages to be read, opened, told about and ended; their tickets answered together; availability."""

from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from maintenance.api.outage_forms import (
    OutageAnswerInput,
    OutageEndInput,
    OutageInput,
    OutagePage,
    OutageQuery,
    OutageRecordInput,
    OutageSerializer,
    OutageTicketsInput,
    OutageUpdateInput,
)
from maintenance.models import Outage, OutageService
from maintenance.outage_reading import to_be_read, with_services
from maintenance.querysets import OutageQuerySet
from maintenance.services import outages as services
from maintenance.services.outage_periods import Stretch, recorded_of
from tickets.api.inputs import NothingInput
from tickets.models import Service, Ticket

NEWEST = Order("newest", [Key("started_at", descending=True), Key("id", descending=True)])


class OutageView(DeskView):
    """A view about outages: finds them among those that the caller may see."""

    def outages(self) -> OutageQuerySet:
        """With services, updates, corrections and tickets."""
        seen: OutageQuerySet = Outage.objects.visible_to(self.membership)
        listed = with_services(seen, self.membership)
        return listed.prefetch_related("updates__author", "corrections__author", "outage_tickets__ticket")

    def get_outage(self, outage_id: int) -> Outage:
        """Raises Http404."""
        found: Outage = get_object_or_404(self.outages(), pk=outage_id)
        return to_be_read([found], self.membership)[0]

    def answer(self, outage_id: int, code: int = status.HTTP_200_OK, **headers: str) -> Response:
        """The outage as it is now."""
        data = OutageSerializer(self.get_outage(outage_id), context=self.context()).data
        return Response(data, status=code, headers=headers)


class Outages(OutageView):
    def get_permissions(self) -> Any:
        """Members read, staff open."""
        return [IsStaffMember()] if self.request.method == "POST" else super().get_permissions()

    @operation(
        _("List outages"),
        name="list_outages",
        group="maintenance",
        answers={200: OutagePage},
        refused=["invalid"],
        parameters=[OutageQuery],
        description=_("The newest first; contacts get those of services that their company uses."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, OutageQuery)
        found = self.outages()
        if query.get("running") is not None:
            found = found.filter(ended_at__isnull=query["running"])
        if "service" in query:
            hit = OutageService.objects.filter(outage=OuterRef("pk"), service=query["service"])
            found = found.filter(Exists(hit))
        me = self.membership
        return page_response(
            self, found, NEWEST, query, OutageSerializer, prepare=lambda rows: to_be_read(rows, me)
        )

    @operation(
        _("Open an outage"),
        name="open_outage",
        group="maintenance",
        answers={201: OutageSerializer},
        refused=[*CHANGE, "no_service", "wrong_instant"],
        request=OutageInput,
        description=_(
            "Several tickets about one trouble become one story: name their numbers, and answer them "
            "together. For staff alone."
        ),
    )
    def post(self, request: Request) -> Response:
        values, now = read_input(self, OutageInput), timezone.now()
        hit = {one["service"]: one["impact"] for one in values.pop("services")}
        opened = services.open_outage(
            tenant_id=self.tenant.pk,
            services=hit,
            started_at=values.pop("started_at", now),
            by=self.membership,
            at=now,
            **values,
        )
        return self.answer(opened.pk, status.HTTP_201_CREATED)


class ShowOutage(OutageView):
    @operation(
        _("Show an outage"),
        name="show_outage",
        group="maintenance",
        answers={200: OutageSerializer},
        description=_("With all that was told about it."),
    )
    def get(self, request: Request, outage_id: int) -> Response:
        return self.answer(outage_id)


class UpdateOutage(OutageView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Tell about an outage"),
        name="update_outage",
        group="maintenance",
        answers={200: OutageSerializer},
        refused=[*CHANGE, "outage_ended", "edited_meanwhile", "no_service", "wrong_instant"],
        request=OutageUpdateInput,
        description=_(
            "How far the work has come, what got worse or better, and which services work again. "
            "For staff alone."
        ),
    )
    def post(self, request: Request, outage_id: int) -> Response:
        outage, values = self.get_outage(outage_id), read_input(self, OutageUpdateInput)
        values["impacts"] = {one["service"]: one["impact"] for one in values["impacts"]}
        services.update_outage(outage=outage, by=self.membership, at=timezone.now(), **values)
        return self.answer(outage_id)


class EndOutage(OutageView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("End an outage"),
        name="end_outage",
        group="maintenance",
        answers={200: OutageSerializer},
        refused=[*CHANGE, "outage_ended", "edited_meanwhile", "wrong_instant"],
        request=OutageEndInput,
        description=_("All services are as they should be. For staff alone."),
    )
    def post(self, request: Request, outage_id: int) -> Response:
        outage, values = self.get_outage(outage_id), read_input(self, OutageEndInput)
        services.end_outage(outage=outage, by=self.membership, at=timezone.now(), **values)
        return self.answer(outage_id)


class EditOutage(OutageView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Correct an outage"),
        name="edit_outage",
        group="maintenance",
        answers={200: OutageSerializer},
        refused=[*CHANGE, "edited_meanwhile", "no_service", "wrong_instant"],
        request=OutageRecordInput,
        description=_(
            "Title, cause, period and services as they were; availability follows. For staff alone."
        ),
    )
    def post(self, request: Request, outage_id: int) -> Response:
        outage, values = self.get_outage(outage_id), read_input(self, OutageRecordInput)
        hit = _stretches(values.pop("services")) if "services" in values else recorded_of(outage)
        kept = {name: getattr(outage, name) for name in ("title", "cause", "started_at", "ended_at")}
        services.change_outage(
            outage=outage, services=hit, by=self.membership, at=timezone.now(), **(kept | values)
        )
        return self.answer(outage_id)


def _stretches(given: list[dict[str, Any]]) -> dict[Service, str | list[Stretch]]:
    """The services with their stretches; an impact alone keeps the times that were the service's own."""
    found: dict[Service, str | list[Stretch]] = {}
    for service, same in groupby(
        sorted(given, key=lambda one: one["service"].pk), lambda one: one["service"]
    ):
        rows = [Stretch(one["impact"], one.get("started_at"), one.get("ended_at")) for one in same]
        is_bare = rows == [Stretch(rows[0].impact)]
        found[service] = rows[0].impact if is_bare else rows
    return found


class UnlinkTicket(OutageView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Unlink a ticket from an outage"),
        name="unlink_outage_ticket",
        group="maintenance",
        answers={200: OutageSerializer},
        refused=CHANGE,
        request=None,
        description=_("It is about something else. For staff alone."),
    )
    def post(self, request: Request, outage_id: int, number: int) -> Response:
        outage = self.get_outage(outage_id)
        read_input(self, NothingInput)
        ticket = get_object_or_404(Ticket.objects.visible_to(self.membership), number=number)
        services.unlink_ticket(outage=outage, ticket=ticket, by=self.membership, at=timezone.now())
        return self.answer(outage_id)


class LinkTickets(OutageView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Link tickets to an outage"),
        name="link_outage_tickets",
        group="maintenance",
        answers={200: OutageSerializer},
        refused=CHANGE,
        request=OutageTicketsInput,
        description=_("They tell of it and are answered together. For staff alone."),
    )
    def post(self, request: Request, outage_id: int) -> Response:
        outage, values = self.get_outage(outage_id), read_input(self, OutageTicketsInput)
        services.link_tickets(outage=outage, by=self.membership, at=timezone.now(), **values)
        return self.answer(outage_id)


class AnswerTickets(OutageView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Answer the tickets of an outage"),
        name="answer_outage_tickets",
        group="maintenance",
        answers={200: OutageSerializer},
        refused=[*CHANGE, "nothing_to_answer", "wrong_status"],
        request=OutageAnswerInput,
        description=_("One public reply on every linked ticket that is not closed. For staff alone."),
    )
    def post(self, request: Request, outage_id: int) -> Response:
        outage, values = self.get_outage(outage_id), read_input(self, OutageAnswerInput)
        services.answer_tickets(outage=outage, by=self.membership, at=timezone.now(), **values)
        return self.answer(outage_id)
