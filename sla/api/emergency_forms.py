"""Emergencies as the API writes them, and what it takes to declare one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, page_schema
from accounts.api.serializers import PersonRefSerializer
from sla.emergencies import REASON_LENGTH
from sla.models import Emergency, EmergencyCall


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


EmergencyPage = page_schema("EmergencyPage", EmergencySerializer)
