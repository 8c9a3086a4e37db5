"""What the pages about a version of a calendar show of its hours."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import DeskRequest
from sla.business_time import BusinessCalendar, InvalidCalendar
from sla.calendar_spec import parse_spec
from sla.calendar_warnings import CalendarWarning, warnings_of
from sla.drawn import drawn_week, holidays_in, is_always_open, own_days_shown
from sla.drawn_months import drawn_months
from sla.models import CalendarVersion
from sla.public_holidays import country_choices, subdivision_choices


def shown_hours(version: CalendarVersion, request: DeskRequest, *, ahead: bool = False) -> dict[str, Any]:
    """As `shown`: week, holidays and own days of a version; with `ahead` its next months and warnings too.

    Rows that were written by other rules and cannot be read any more are answered with a warning.
    """
    try:
        spec = parse_spec(version.spec)
    except InvalidCalendar:
        return {"shown": {"version": version, "readable": False, "warnings": [_unreadable()]}}
    now = timezone.now()
    today = now.astimezone(spec.zone).date()
    years = (today.year, today.year + 1)
    shown = {
        "version": version,
        "readable": True,
        "zone": spec.zone.key,
        "always_open": is_always_open(version.spec),
        "week": drawn_week(version.spec),
        "holidays": holidays_in(version.spec, years),
        "holidays_of": _place(version, request.membership.language),
        "years": years,
        "own_days": own_days_shown(version.spec, today),
    }
    if ahead:
        desk = BusinessCalendar(spec, version.calendar.name)
        shown["months"] = drawn_months(spec, today)
        shown["warnings"] = warnings_of(desk, version.spec, version.holiday_country, now)
    return {"shown": shown}


def _unreadable() -> CalendarWarning:
    return CalendarWarning(
        "breached",
        _("The hours of this version cannot be read, so nothing can be counted by them. Save a new version."),
    )


def _place(version: CalendarVersion, language: str) -> str:
    country, part = version.holiday_country, version.holiday_subdivision
    names, parts = dict(country_choices(language)), dict(subdivision_choices(country))
    return " \u00b7 ".join(filter(None, [names.get(country, country), parts.get(part, part)]))
