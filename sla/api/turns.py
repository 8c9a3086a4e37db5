"""Turns of on-call rotas: one by one, or whole weeks at once. By admins."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from sla.api.rota_forms import ChangeTurnInput, FillInput, RotaSerializer, TurnInput, TurnSerializer
from sla.api.rotas import RotaView
from sla.models import RotaTurn
from sla.services.rota_errors import TurnEmpty
from sla.services.turns import add_turn, change_turn, fill_turns, remove_turn


def _at_the_end(refused: TurnEmpty) -> serializers.ValidationError:
    return serializers.ValidationError({refused.field: [refused.words()]}, code=refused.code)


class FillRota(RotaView):
    @operation(
        _("Fill an on-call rota"),
        name="fill_rota",
        group="promises",
        answers={200: RotaSerializer},
        refused=[*CHANGE, "turns_overlap"],
        request=FillInput,
        description=_(
            "Whole weeks or days at once: these people, in this order, from this day on. For admins alone."
        ),
    )
    def post(self, request: Request, rota_id: int) -> Response:
        rota = self.rota(rota_id)
        values = read_input(self, FillInput, rota=rota)
        fill_turns(rota=rota, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(rota_id))


class Turns(RotaView):
    @operation(
        _("Put somebody on call"),
        name="add_turn",
        group="promises",
        answers={201: TurnSerializer},
        refused=[*CHANGE, "turns_overlap"],
        request=TurnInput,
        description=_("One turn of a rota. For admins alone."),
    )
    def post(self, request: Request, rota_id: int) -> Response:
        rota = self.rota(rota_id)
        values = read_input(self, TurnInput)
        try:
            turn = add_turn(rota=rota, by=self.membership, at=timezone.now(), **values)
        except TurnEmpty as refused:
            raise _at_the_end(refused) from refused
        return Response(TurnSerializer(turn).data, status=status.HTTP_201_CREATED)


class OneTurn(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Change a turn"),
        name="change_turn",
        group="promises",
        answers={200: TurnSerializer},
        refused=[*CHANGE, "edited_meanwhile", "turns_overlap"],
        request=ChangeTurnInput,
        description=_("Give it to somebody else, or move it. For admins alone."),
    )
    def put(self, request: Request, turn_id: int) -> Response:
        turn = self._turn(turn_id)
        values = read_input(self, ChangeTurnInput, turn=turn)
        try:
            turn = change_turn(turn=turn, by=self.membership, at=timezone.now(), **values)
        except TurnEmpty as refused:
            raise _at_the_end(refused) from refused
        return Response(TurnSerializer(turn).data)

    @operation(
        _("Remove a turn"),
        name="remove_turn",
        group="promises",
        answers={204: OpenApiResponse(description=_("The turn is out of the rota."))},
        refused=["not_allowed"],
        description=_("Takes it out of the rota. For admins alone."),
    )
    def delete(self, request: Request, turn_id: int) -> Response:
        remove_turn(turn=self._turn(turn_id), by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _turn(self, turn_id: int) -> RotaTurn:
        turns = RotaTurn.objects.filter(tenant=self.tenant).select_related("rota", "person__user")
        found: RotaTurn = get_object_or_404(turns, pk=turn_id)
        return found
