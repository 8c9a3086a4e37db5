"""Support calendars as the API writes them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from sla.models import (
    CalendarVersion,
    SupportCalendar,
)
from sla.own_days import OwnDays, own_days_in


class OwnDaysSerializer(serializers.Serializer[OwnDays]):
    """Days with hours of their own, which hold instead of the week's and beat a holiday."""

    first = serializers.SerializerMethodField(
        help_text=_("The first day: 2026-12-24, or 12-24 of every year.")
    )
    last = serializers.SerializerMethodField(help_text=_("The last day, written alike; often the same one."))
    name = serializers.CharField(help_text=_("May be empty."))
    hours = serializers.SerializerMethodField(help_text=_("Pairs of opening and closing; none: closed."))

    def get_first(self, own: OwnDays) -> str:
        return own.when[0]

    def get_last(self, own: OwnDays) -> str:
        return own.when[1]

    def get_hours(self, own: OwnDays) -> list[list[str]]:
        return [list(pair) for pair in own.hours]


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
        help_text=_("Days and ranges with hours of their own, in order. A day beats a range.")
    )
    yearly = serializers.SerializerMethodField(
        help_text=_("The same of every year. Exceptions beat them; the 29th of February needs a leap year.")
    )
    holiday_country = serializers.CharField(
        source="current.holiday_country", help_text=_("ISO 3166, or empty.")
    )
    holiday_subdivision = serializers.CharField(source="current.holiday_subdivision")
    archived_at = Instant(allow_null=True, help_text=_("Null while it is offered."))

    def get_week(self, calendar: SupportCalendar) -> dict[str, list[list[str]]]:
        return dict(_spec(calendar).get("week", {}))

    def get_holidays(self, calendar: SupportCalendar) -> dict[str, str]:
        holidays = _spec(calendar).get("holidays", {})
        return holidays if isinstance(holidays, dict) else dict.fromkeys(holidays, "")

    @extend_schema_field(OwnDaysSerializer(many=True))
    def get_exceptions(self, calendar: SupportCalendar) -> Any:
        return _own_days(calendar, yearly=False)

    @extend_schema_field(OwnDaysSerializer(many=True))
    def get_yearly(self, calendar: SupportCalendar) -> Any:
        return _own_days(calendar, yearly=True)


def _own_days(calendar: SupportCalendar, *, yearly: bool) -> Any:
    days: Any = [own for own in own_days_in(_spec(calendar), timezone.localdate()) if own.yearly == yearly]
    return OwnDaysSerializer(days, many=True).data


def _spec(calendar: SupportCalendar) -> dict[str, Any]:
    current: CalendarVersion = calendar.current  # type: ignore[attr-defined]
    return dict(current.spec)


CalendarPage = page_schema("CalendarPage", CalendarSerializer)
