"""When the caller is not to be disturbed, by API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, read_input
from accounts.api.documenting import BODY, operation
from accounts.models import Membership
from accounts.services import NeverAwake, change_quiet_hours, refusal_words


def _time() -> serializers.TimeField:
    return serializers.TimeField(allow_null=True, default=None, format="%H:%M", input_formats=["%H:%M"])


class QuietHoursSerializer(serializers.Serializer[Membership]):
    """When somebody is not to be disturbed, on their own clock."""

    quiet_from = serializers.TimeField(format="%H:%M", allow_null=True, help_text=_("As 20:00; null: never."))
    quiet_until = serializers.TimeField(format="%H:%M", allow_null=True)
    quiet_days = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("Days that are quiet as a whole; 0 is Monday.")
    )


class QuietHoursInput(Input):
    """Quiet hours as they shall be."""

    quiet_from = _time()
    quiet_until = _time()
    quiet_days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), default=list, max_length=7
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both times, or neither."""
        for name, other in (("quiet_from", "quiet_until"), ("quiet_until", "quiet_from")):
            if attrs[name] is None and attrs[other] is not None:
                words = _("Give both times, or neither.")
                raise serializers.ValidationError({name: [words]}, code="required")
        return attrs


class QuietHours(DeskView):
    @operation(
        _("Show my quiet hours"),
        name="quiet_hours",
        group="people",
        answers={200: QuietHoursSerializer},
        description=_("The caller's own in this desk."),
    )
    def get(self, request: Request) -> Response:
        return Response(QuietHoursSerializer(self.membership).data)

    @operation(
        _("Change my quiet hours"),
        name="change_quiet_hours",
        group="people",
        answers={200: QuietHoursSerializer},
        refused=BODY,
        request=QuietHoursInput,
        description=_("Mail that can wait does, until they end; some time of the week stays open."),
    )
    def put(self, request: Request) -> Response:
        values = read_input(self, QuietHoursInput)
        try:
            change_quiet_hours(membership=self.membership, **values)
        except NeverAwake as refused:
            raise serializers.ValidationError(refusal_words(refused), code="never_awake") from refused
        return Response(QuietHoursSerializer(self.membership).data)
