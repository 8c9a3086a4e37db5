"""Monitors and alert sources as the API writes them, and what it takes to set them up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, page_schema
from accounts.api.serializers import PersonRefSerializer
from accounts.models import Membership
from maintenance.faults import fault_words
from maintenance.models import OUTAGE_IMPACTS, AlertSource, Monitor, MonitorKind, MonitorState
from maintenance.monitor_forms import SECONDS
from tickets.api.inputs import AmongField
from tickets.api.serializers import ServiceRefSerializer
from tickets.lifecycle import Priority
from tickets.models import Service


class MonitorTermsSerializer(serializers.Serializer[Monitor]):
    """How something is watched."""

    address = serializers.CharField(help_text=_("Empty for a heartbeat."))
    expected_status = serializers.IntegerField(allow_null=True)
    expected_text = serializers.CharField()
    timeout_seconds = serializers.IntegerField()
    grace_seconds = serializers.IntegerField()
    failures_to_open = serializers.IntegerField()
    impact = serializers.ChoiceField(choices=OUTAGE_IMPACTS)
    requester = PersonRefSerializer(allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices)


class MonitorSerializer(serializers.Serializer[Monitor]):
    """A check or a heartbeat, with what was found last."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    service = ServiceRefSerializer()
    kind = serializers.ChoiceField(choices=MonitorKind.choices)
    state = serializers.ChoiceField(choices=MonitorState.choices)
    is_paused = serializers.BooleanField()
    interval_seconds = serializers.IntegerField()
    failures = serializers.IntegerField(help_text=_("In a row, up to now."))
    last_checked_at = Instant(allow_null=True)
    last_good_at = Instant(allow_null=True)
    last_error = serializers.SerializerMethodField(help_text=_("Of the last answer; empty: it was good."))
    last_milliseconds = serializers.IntegerField(allow_null=True)
    outage = serializers.IntegerField(
        source="outage_id", allow_null=True, help_text=_("The outage that it opened and that lasts.")
    )
    archived_at = Instant(allow_null=True, help_text=_("Null while it is watched."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))
    terms = serializers.SerializerMethodField(help_text=_("How it is watched, for admins; null for others."))

    def get_last_error(self, monitor: Monitor) -> str:
        return fault_words(monitor.last_error, monitor.last_error_values)

    @extend_schema_field(MonitorTermsSerializer(allow_null=True))
    def get_terms(self, monitor: Monitor) -> Any:
        return MonitorTermsSerializer(monitor).data if self.context["membership"].is_admin else None


class MadeMonitorSerializer(MonitorSerializer):
    """A monitor that was made just now."""

    beat_address = serializers.CharField(
        help_text=_("What the job calls, by GET or POST; said once. Empty for a check.")
    )


class BeatAddressSerializer(serializers.Serializer[Any]):
    """Where a job reports in."""

    beat_address = serializers.CharField(help_text=_("Said once; the earlier one leads nowhere."))


MonitorPage = page_schema("MonitorPage", MonitorSerializer)


class MonitorQuery(PageQuery):
    """Which monitors."""

    archived = serializers.BooleanField(default=False, help_text=_("Archived ones too."))


def _services(membership: Membership) -> QuerySet[Any]:
    return Service.objects.visible_to(membership).in_use()


def _contacts(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).contacts().active()


def _seconds(name: str) -> serializers.IntegerField:
    least, most = SECONDS[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False)


class AlarmInput(Input):
    """For whom a ticket is filed when trouble begins."""

    requester = AmongField(
        _contacts,
        queryset=Membership.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of a contact who uses the service; null for no ticket."),
    )
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)


class ChangeMonitorTermsInput(AlarmInput):
    """How it is watched; what is left out stays."""

    name = Line(max_length=80, required=False)
    service = AmongField(
        _services, queryset=Service.objects.none(), required=False, help_text=_("The service's id.")
    )
    address = Line(
        max_length=500, required=False, allow_blank=True, help_text=_("A web address, or host:port for TCP.")
    )
    expected_status = serializers.IntegerField(
        min_value=100,
        max_value=599,
        required=False,
        allow_null=True,
        help_text=_("Null: any from 200 to 299."),
    )
    expected_text = serializers.CharField(max_length=120, required=False, allow_blank=True)
    interval_seconds = _seconds("interval_seconds")
    timeout_seconds = _seconds("timeout_seconds")
    grace_seconds = _seconds("grace_seconds")
    failures_to_open = _seconds("failures_to_open")
    impact = serializers.ChoiceField(choices=OUTAGE_IMPACTS, required=False)


class ChangeMonitorInput(ChangeMonitorTermsInput):
    """A monitor as it shall be; what is left out stays."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class MonitorInput(ChangeMonitorTermsInput):
    """Something to be watched."""

    name = Line(max_length=80)
    service = AmongField(_services, queryset=Service.objects.none(), help_text=_("The service's id."))
    kind = serializers.ChoiceField(choices=MonitorKind.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] != MonitorKind.HEARTBEAT and not attrs.get("address"):
            raise serializers.ValidationError({"address": [_("Write what is to be checked.")]})
        return attrs


class AlertSourceSerializer(serializers.Serializer[AlertSource]):
    """Where alerts come from."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text=_("Its value names the service.")
    )
    service = ServiceRefSerializer(allow_null=True, help_text=_("Of alerts without that label."))
    requester = PersonRefSerializer(allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices)
    token_begins = serializers.CharField(source="start")
    last_used_at = Instant(allow_null=True)
    revoked_at = Instant(allow_null=True, help_text=_("Null while its token works."))


class MadeAlertSourceSerializer(AlertSourceSerializer):
    """A source that was made just now."""

    token = serializers.CharField(help_text=_("Said once."))


AlertSourcePage = page_schema("AlertSourcePage", AlertSourceSerializer)


class ChangeAlertSourceInput(AlarmInput):
    """What a source's alerts mean; what is left out stays."""

    name = Line(max_length=80, required=False)
    label = Line(max_length=80, required=False)  # type: ignore[assignment]
    service = AmongField(
        _services,
        queryset=Service.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of the service of alerts without the label; null: they do nothing."),
    )


class AlertSourceInput(ChangeAlertSourceInput):
    """Where alerts shall come from."""

    name = Line(max_length=80)
