"""Recurring maintenance as the API writes it, and what it takes to plan it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, page_schema
from accounts.api.serializers import PersonRefSerializer
from maintenance.api.window_forms import WindowServiceSerializer, WorkInput
from maintenance.models import Impact, Kind, Series
from maintenance.rule_words import rule_words
from maintenance.series_forms import MOST_MINUTES
from maintenance.window_forms import REASON_LENGTH


class SeriesSerializer(serializers.Serializer[Series]):
    """Recurring maintenance. Days and times are readings of the wall clock in its zone."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    impact = serializers.ChoiceField(choices=Impact.choices)
    services = WindowServiceSerializer(many=True, source="services.all")
    rule = serializers.CharField(help_text=_("An RRULE (RFC 5545)."))
    rule_words = serializers.SerializerMethodField(help_text=_("The rule in the caller's language."))
    zone = serializers.CharField()
    first_date = serializers.DateField()
    last_date = serializers.DateField(allow_null=True, help_text=_("Null: no end."))
    starts_at_time = serializers.TimeField()
    minutes = serializers.IntegerField()
    summary = serializers.CharField(help_text=_("What is done."))
    advice = serializers.CharField(help_text=_("What customers should do."))
    runbook = serializers.CharField()
    checklist = serializers.ListField(child=serializers.CharField())
    responsible = PersonRefSerializer(allow_null=True)
    starts_by_itself = serializers.BooleanField()
    ends_by_itself = serializers.BooleanField()
    next_at = Instant(allow_null=True, help_text=_("When the next occurrence begins."))
    ended_at = Instant(allow_null=True, help_text=_("Since when it recurs no more."))
    version = serializers.IntegerField(help_text=_("What “seen” takes."))

    def get_rule_words(self, series: Series) -> str:
        return rule_words(series.rule, series.first_date)


SeriesPage = page_schema("SeriesPage", SeriesSerializer)


class SeriesQuery(PageQuery):
    """Which recurring maintenance."""

    running = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text=_("Only what recurs, or only what has ended."),
    )


class SeriesInput(WorkInput):
    """Maintenance that recurs."""

    rule = Line(max_length=200, help_text=_("An RRULE (RFC 5545). Example: FREQ=MONTHLY;BYDAY=1SU,3SU"))
    zone = Line(max_length=64, help_text=_("A name of the IANA database, such as Europe/Madrid."))
    first_date = serializers.DateField()
    last_date = serializers.DateField(required=False, allow_null=True, help_text=_("Null: no end."))
    starts_at_time = serializers.TimeField()
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)

    def validate_rule(self, text: str) -> str:
        """As the house writes it."""
        return text.upper().removeprefix("RRULE:")

    def validate_zone(self, name: str) -> str:
        """One that this machine knows."""
        if name not in available_timezones():
            raise serializers.ValidationError(_("This is not a time zone."))
        return name


class ChangeSeriesInput(SeriesInput):
    """What changes of recurring maintenance; what is left out stays."""

    seen = serializers.IntegerField(min_value=1, help_text=_("The version that was changed."))

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            field.required = name == "seen"
        return fields


class EndSeriesInput(Input):
    """Why it recurs no more."""

    why = Line(
        max_length=REASON_LENGTH,
        required=False,
        allow_blank=True,
        help_text=_("Customers who were told of an occurrence read it."),
    )
