"""The desk itself, by API. For owners and admins."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Line, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from accounts.models import Tenant, validate_time_zone
from accounts.models.tenants import LONGEST_QUIET_PERIOD
from accounts.services import change_desk, desk_state


class DeskSerializer(serializers.Serializer[Tenant]):
    """Name, clock and numbers of the desk."""

    name = serializers.CharField()
    ticket_prefix = serializers.CharField(help_text=_("As in ACME-1042."))
    time_zone = serializers.CharField(help_text=_("For people who join, and for the days of contracts."))
    quiet_period_minutes = serializers.IntegerField(
        help_text=_("So long a customer's reply leaves a resolved ticket resolved; 0: none.")
    )
    seen = serializers.SerializerMethodField(help_text=_("What a change sends as “seen”."))

    def get_seen(self, tenant: Tenant) -> str:
        return desk_state(tenant)


class DeskInput(Input):
    """The desk as it shall be."""

    name = Line(max_length=120)
    ticket_prefix = serializers.CharField(
        max_length=10, validators=Tenant._meta.get_field("ticket_prefix").validators
    )
    time_zone = serializers.CharField(max_length=64, help_text=_("An IANA zone."))
    quiet_period_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_QUIET_PERIOD)
    seen = serializers.CharField(max_length=40, help_text=_("“seen” of the desk that you read."))

    def validate_time_zone(self, zone: str) -> str:
        """A zone that this machine knows."""
        validate_time_zone(zone)
        return zone


class Desk(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Read the desk's settings"),
        name="desk",
        group="look",
        answers={200: DeskSerializer},
        refused=["not_allowed"],
        description=_("Its name, clock and numbers. For admins alone."),
    )
    def get(self, request: Request) -> Response:
        return Response(DeskSerializer(Tenant.objects.get(pk=self.tenant.pk)).data)

    @operation(
        _("Change the desk's settings"),
        name="change_desk",
        group="look",
        answers={200: DeskSerializer},
        refused=[*CHANGE, "edited_meanwhile"],
        request=DeskInput,
        description=_("A prefix stands before older tickets' numbers too. For admins alone."),
    )
    def put(self, request: Request) -> Response:
        values = read_input(self, DeskInput)
        seen = values.pop("seen")
        tenant = change_desk(
            tenant=self.tenant, seen_state=seen, by=self.membership, at=timezone.now(), **values
        )
        return Response(DeskSerializer(tenant).data)
