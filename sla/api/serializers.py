"""Plans and calendars as the API writes them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from sla.models import CalendarVersion, Metric, Plan, SupportCalendar, Target, TargetUnit
from tickets.lifecycle import Priority


class CalendarRefSerializer(serializers.Serializer[SupportCalendar]):
    """A support calendar, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class TargetSerializer(serializers.Serializer[Target]):
    """Aim and limit of one metric at one priority."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    priority = serializers.ChoiceField(choices=Priority.choices)
    unit = serializers.ChoiceField(choices=TargetUnit.choices)
    aim = serializers.IntegerField(help_text=_("Past it a clock is at risk: seconds, or business days."))
    limit = serializers.IntegerField(help_text=_("Past it a clock is breached: seconds, or business days."))


class ExclusionSerializer(serializers.Serializer[Any]):
    """Something that support does not include."""

    key = serializers.CharField()
    text = serializers.CharField()


class PlanSerializer(serializers.Serializer[Plan]):
    """A plan with the terms that hold for tickets filed now."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    version = serializers.IntegerField(source="current.number")
    valid_from = Instant(
        source="current.valid_from", allow_null=True, help_text=_("Null: from the beginning.")
    )
    calendar = CalendarRefSerializer(source="current.calendar")
    targets = TargetSerializer(source="current.targets.all", many=True)
    definitions = serializers.DictField(
        source="current.definitions",
        child=serializers.CharField(),
        help_text=_("What each priority means, in the plan's own words."),
    )
    exclusions = ExclusionSerializer(source="current.exclusions", many=True)
    terms = serializers.CharField(source="current.terms", help_text=_("Written limits."))


class CalendarSerializer(serializers.Serializer[SupportCalendar]):
    """A support calendar with the hours that hold now. Hours are those of its own zone's wall clock."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField(source="current.number")
    valid_from = Instant(
        source="current.valid_from", allow_null=True, help_text=_("Null: from the beginning.")
    )
    time_zone = serializers.CharField(source="current.spec.tz", help_text=_("An IANA zone."))
    week = serializers.SerializerMethodField(
        help_text=_("By day, 0 is Monday: pairs of opening and closing, as 09:00 and 18:00.")
    )
    holidays = serializers.SerializerMethodField(help_text=_("Closed days, by date, with their names."))
    exceptions = serializers.SerializerMethodField(
        help_text=_("Dates with hours of their own, which hold instead of the week's; none: closed.")
    )
    holiday_country = serializers.CharField(
        source="current.holiday_country", help_text=_("ISO 3166, or empty.")
    )
    holiday_subdivision = serializers.CharField(source="current.holiday_subdivision")

    def get_week(self, calendar: SupportCalendar) -> dict[str, list[list[str]]]:
        return dict(_spec(calendar).get("week", {}))

    def get_holidays(self, calendar: SupportCalendar) -> dict[str, str]:
        holidays = _spec(calendar).get("holidays", {})
        return holidays if isinstance(holidays, dict) else dict.fromkeys(holidays, "")

    def get_exceptions(self, calendar: SupportCalendar) -> dict[str, list[list[str]]]:
        return dict(_spec(calendar).get("overrides", {}))


def _spec(calendar: SupportCalendar) -> dict[str, Any]:
    current: CalendarVersion = calendar.current  # type: ignore[attr-defined]
    return dict(current.spec)


PlanPage = page_schema("PlanPage", PlanSerializer)
CalendarPage = page_schema("CalendarPage", CalendarSerializer)
