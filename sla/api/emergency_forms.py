"""Emergencies and rotas as the API writes them, and what it takes to declare one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, page_schema
from accounts.api.serializers import PersonRefSerializer
from sla.emergencies import REASON_LENGTH
from sla.models import Emergency, EmergencyCall, Rota, RotaTurn
from sla.services.rotas import Duty, duty_among


class EmergencyInput(Input):
    """An emergency to be declared."""

    reason = serializers.CharField(
        max_length=REASON_LENGTH, help_text=_("What has happened; staff and the customer read it.")
    )


class CallSerializer(serializers.Serializer[EmergencyCall]):
    """Somebody who was called."""

    person = PersonRefSerializer()
    round = serializers.IntegerField(help_text=_("Supervisors are called from the second round on."))
    called_at = Instant()


class EmergencySerializer(serializers.Serializer[Emergency]):
    """An emergency on a ticket; it runs until “ended_at” is set."""

    id = serializers.IntegerField()
    reason = serializers.CharField()
    declared_by = PersonRefSerializer(allow_null=True, help_text=_("Null: an escalation."))
    declared_at = Instant()
    acknowledged_by = PersonRefSerializer(allow_null=True, help_text=_("Who is on it."))
    acknowledged_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
    calls = serializers.SerializerMethodField(help_text=_("Who was called when. For staff; others get none."))

    @extend_schema_field(CallSerializer(many=True))
    def get_calls(self, emergency: Emergency) -> Any:
        if self.context["membership"].is_contact:
            return []
        calls: Any = emergency.calls.all()
        return CallSerializer(calls, many=True).data


class TurnSerializer(serializers.Serializer[RotaTurn]):
    """Somebody on call, from an instant until another."""

    person = PersonRefSerializer()
    starts_at = Instant()
    ends_at = Instant()
    place = serializers.IntegerField(source="position", help_text=_("0 is called first."))


class RotaSerializer(serializers.Serializer[Rota]):
    """An on-call rota with who is on call now, and the turns that have not ended."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    time_zone = serializers.CharField(help_text=_("An IANA zone."))
    minutes = serializers.IntegerField(help_text=_("To acknowledge, before the next is called."))
    on_call = serializers.SerializerMethodField(help_text=_("Who is on call now, in the order of calling."))
    next = serializers.SerializerMethodField(help_text=_("The next turn of somebody else, or null."))
    turns = TurnSerializer(source="ahead", many=True)

    @extend_schema_field(PersonRefSerializer(many=True))
    def get_on_call(self, rota: Rota) -> Any:
        people: Any = [turn.person for turn in _duty(rota).now]
        return PersonRefSerializer(people, many=True).data

    @extend_schema_field(TurnSerializer(allow_null=True))
    def get_next(self, rota: Rota) -> Any:
        following = _duty(rota).next
        return None if following is None else TurnSerializer(following).data


def _duty(rota: Rota) -> Duty:
    return duty_among(rota.ahead, timezone.now())  # type: ignore[attr-defined]  # prefetched by the view


EmergencyPage = page_schema("EmergencyPage", EmergencySerializer)
RotaPage = page_schema("RotaPage", RotaSerializer)
