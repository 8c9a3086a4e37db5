"""What the API takes about support calendars: a new one, and the next version of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Line
from accounts.models import Membership
from sla.api.own_days import ExceptionInput, HoursField, YearlyInput, check_clashes, with_own_days
from sla.api.plan_inputs import VersionedInput
from sla.models import CalendarVersion, SupportCalendar
from sla.public_holidays import country_choices, subdivision_choices
from sla.services.edits import contents_of
from tickets.api.inputs import AmongField

MOST_DAYS = 200
WEEKDAYS = [str(day) for day in range(7)]


def _calendars(membership: Membership) -> Any:
    return SupportCalendar.objects.visible_to(membership)


class CalendarFields(Input):
    """What may be said of a calendar, in the form in which calendars are listed."""

    name = Line(max_length=80, required=False)
    time_zone = serializers.CharField(max_length=64, required=False, help_text=_("An IANA zone."))
    week = serializers.DictField(
        child=HoursField(),
        required=False,
        help_text=_("By day, 0 is Monday: pairs of opening and closing, as 09:00 and 18:00."),
    )
    holidays = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=80),
        required=False,
        help_text=_("Closed days, by date, with their names. Only without a country."),
    )
    exceptions = ExceptionInput(many=True, required=False, max_length=MOST_DAYS)  # type: ignore[call-arg]
    yearly = YearlyInput(many=True, required=False, max_length=MOST_DAYS)  # type: ignore[call-arg]
    holiday_country = serializers.CharField(
        required=False, allow_blank=True, help_text=_("ISO 3166, or empty.")
    )
    holiday_subdivision = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Its code in the country, or empty.")
    )

    def validate_week(self, week: dict[str, Any]) -> dict[str, Any]:
        """Seven days there are."""
        for day in week:
            if day not in WEEKDAYS:
                words = _("Days of the week are “0” to “6”.")
                raise serializers.ValidationError({day: [words]}, code="weekday")
        return {day: hours for day, hours in week.items() if hours}

    def put_into(self, standing: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        """What stands (`contents_of`) with what was said put into it, as the services take it.

        Raises ValidationError.
        """
        check_clashes(said)
        country, part = _place(said, standing["holiday_country"], standing["holiday_subdivision"])
        spec = with_own_days(standing["spec"], said)
        if "holidays" in said:
            if country:
                words = _("The holidays are those of the country. Say other closed days as exceptions.")
                raise serializers.ValidationError({"holidays": [words]}, code="unexpected")
            spec["holidays"] = said["holidays"]
        spec["tz"] = said.get("time_zone", spec["tz"])
        spec["week"] = said.get("week", spec.get("week") or {})
        values = {name: standing[name] for name in standing if name != "override_names"}
        if "exceptions" not in said and "override_names" in standing:  # else those before would come back
            values["override_names"] = standing["override_names"]
        return values | {"spec": spec, "holiday_country": country, "holiday_subdivision": part}


class CalendarTermsInput(CalendarFields, VersionedInput):
    """The next version of a calendar, in the form in which calendars are listed."""

    id = AmongField(_calendars, queryset=SupportCalendar.objects.none(), help_text=_("The id of a calendar."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put together with what stands: the values of a draft."""
        version: CalendarVersion = self.version_of(attrs)
        values = self.put_into(contents_of(version), attrs)
        values["name"] = attrs.get("name", attrs["id"].name)
        return {"thing": attrs["id"], "seen_number": version.number, "values": values}


class NewCalendarInput(CalendarFields):
    """A new calendar. Without a zone it is the desk's."""

    name = Line(max_length=80)
    week = serializers.DictField(
        child=HoursField(),
        help_text=_("By day, 0 is Monday: pairs of opening and closing, as 09:00 and 18:00."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values of the calendar, as the service takes them."""
        nothing = {
            "spec": {"tz": self.context["tenant"].time_zone},
            "holiday_country": "",
            "holiday_subdivision": "",
        }
        return self.put_into(nothing, attrs) | {"name": attrs["name"]}


def _place(said: Mapping[str, Any], country_before: str, part_before: str) -> tuple[str, str]:
    """The country and its part whose holidays close. Raises ValidationError."""
    country = said.get("holiday_country", country_before)
    if country and country not in dict(country_choices("en")):
        words = _("The holidays of this country are not known.")
        raise serializers.ValidationError({"holiday_country": [words]}, code="unknown")
    part = said.get("holiday_subdivision", part_before if country == country_before else "")
    if part and part not in dict(subdivision_choices(country)):
        words = _("The country has no such part.")
        raise serializers.ValidationError({"holiday_subdivision": [words]}, code="unknown")
    return country, part
