"""On-call rotas: staff read them, admins make, change and archive them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from sla.api.edit_inputs import at_its_place
from sla.api.in_force import ArchivedQuery
from sla.api.rota_forms import ChangeRotaInput, RotaInput, RotaPage, RotaSerializer
from sla.models import Rota, RotaTurn
from sla.services.rotas import archive_rota, change_rota, create_rota, restore_rota
from tickets.api.inputs import NothingInput

BY_NAME = Order("name", [Key("name"), Key("id")])


class RotaView(DeskView):
    """Staff read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def rotas(self) -> "QuerySet[Rota]":
        """The desk's, with the turns that have not ended, in the order in which they start."""
        ahead = RotaTurn.objects.filter(ends_at__gt=timezone.now()).select_related("person__user")
        turns = Prefetch("turns", ahead.order_by("starts_at", "position", "pk"), to_attr="ahead")
        return Rota.objects.filter(tenant=self.tenant).prefetch_related(turns)

    def rota(self, rota_id: int) -> Rota:
        """One of the desk. Raises Http404."""
        found: Rota = get_object_or_404(Rota, tenant=self.tenant, pk=rota_id)
        return found

    def shown(self, rota_id: int) -> Any:
        """One as it is now. Raises Http404."""
        return RotaSerializer(get_object_or_404(self.rotas(), pk=rota_id), context=self.context()).data


class Rotas(RotaView):
    @operation(
        _("List on-call rotas"),
        name="list_rotas",
        group="promises",
        answers={200: RotaPage},
        refused=["invalid", "not_allowed"],
        parameters=[ArchivedQuery],
        description=_("Those in use, with who is on call now. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, ArchivedQuery)
        rotas = self.rotas() if query["archived"] else self.rotas().filter(archived_at=None)
        return page_response(self, rotas, BY_NAME, query, RotaSerializer)

    @operation(
        _("Make an on-call rota"),
        name="create_rota",
        group="promises",
        answers={201: RotaSerializer},
        refused=[*CHANGE, "refused"],
        request=RotaInput,
        description=_("It has no turns yet: fill it. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, RotaInput)
        with at_its_place("rota", request.data):
            rota = create_rota(tenant_id=self.tenant.pk, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(rota.pk), status=status.HTTP_201_CREATED)


class OneRota(RotaView):
    @operation(
        _("Show an on-call rota"),
        name="show_rota",
        group="promises",
        answers={200: RotaSerializer},
        refused=["not_allowed"],
        description=_("With the turns that have not ended. For staff alone."),
    )
    def get(self, request: Request, rota_id: int) -> Response:
        return Response(self.shown(rota_id))

    @operation(
        _("Change an on-call rota"),
        name="change_rota",
        group="promises",
        answers={200: RotaSerializer},
        refused=[*CHANGE, "edited_meanwhile"],
        request=ChangeRotaInput,
        description=_("Its name, zone and minutes; turns stay at their instants. For admins alone."),
    )
    def put(self, request: Request, rota_id: int) -> Response:
        rota = self.rota(rota_id)
        values = read_input(self, ChangeRotaInput)
        seen = values.pop("seen")
        with at_its_place("rota", request.data):
            change_rota(rota=rota, seen_version=seen, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(rota_id))


class ArchiveRota(RotaView):
    @operation(
        _("Archive an on-call rota"),
        name="archive_rota",
        group="promises",
        answers={200: RotaSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_(
            "It is offered no more. Plans that name it go on calling its people. For admins alone."
        ),
    )
    def post(self, request: Request, rota_id: int) -> Response:
        rota = self.rota(rota_id)
        read_input(self, NothingInput)
        archive_rota(rota=rota, by=self.membership, at=timezone.now())
        return Response(self.shown(rota_id))


class RestoreRota(RotaView):
    @operation(
        _("Restore an archived on-call rota"),
        name="restore_rota",
        group="promises",
        answers={200: RotaSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("It is offered again. For admins alone."),
    )
    def post(self, request: Request, rota_id: int) -> Response:
        rota = self.rota(rota_id)
        read_input(self, NothingInput)
        restore_rota(rota=rota, by=self.membership, at=timezone.now())
        return Response(self.shown(rota_id))
