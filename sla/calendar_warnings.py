"""What somebody should know about a calendar before a deadline tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from sla.business_time import BusinessCalendar, CalendarNeverOpens
from sla.public_holidays import known_until

SOON = timedelta(days=60)
REFRESH_WITHIN = timedelta(days=365)
"""Public holidays that end sooner are extended (`sla.services.holidays`)."""
NO_HOURS = timedelta(days=30)


@dataclass(frozen=True)
class CalendarWarning:
    """`meaning` is one of the page's: breached, at_risk, info."""

    meaning: str
    words: str


def warnings_of(
    desk: BusinessCalendar, spec: Mapping[str, Any], holiday_country: str, now: datetime
) -> list[CalendarWarning]:
    """Warnings about the hours from `now` on, the gravest first."""
    found = [_about_hours(desk, now), _about_holidays(spec, holiday_country, now.astimezone(desk.tz).date())]
    return [warning for warning in found if warning is not None]


def _about_hours(desk: BusinessCalendar, now: datetime) -> CalendarWarning | None:
    try:
        opens = desk.next_open(now)
    except CalendarNeverOpens:
        return CalendarWarning(
            "breached",
            _(
                "This calendar never opens again, so nothing that counts by it can fall due. "
                "Edit it and enter at least one opening."
            ),
        )
    if opens <= now + NO_HOURS:
        return None
    words = _("There are no hours in the next 30 days. The next opening is on %(day)s.")
    day = formats.date_format(opens.astimezone(desk.tz).date(), "DATE_FORMAT")
    return CalendarWarning("at_risk", words % {"day": day})


def _about_holidays(spec: Mapping[str, Any], country: str, today: date) -> CalendarWarning | None:
    until = known_until(map(str, spec.get("holidays") or ())) if country else None
    if not country or (until is not None and until >= today + REFRESH_WITHIN):
        return None
    if until is None:
        return CalendarWarning(
            "at_risk", _("No public holidays of the country are known. Enter its days as exceptions.")
        )
    day = {"day": formats.date_format(until, "DATE_FORMAT")}
    if until < today:
        return CalendarWarning(
            "breached",
            _("The public holidays ended on %(day)s: the desk counts as open on those since.") % day,
        )
    if until < today + SOON:
        return CalendarWarning(
            "at_risk",
            _(
                "The public holidays end on %(day)s, and the next ones are not known. "
                "Enter them as exceptions."
            )
            % day,
        )
    return CalendarWarning(
        "info", _("The public holidays reach to %(day)s. The next ones are taken over by themselves.") % day
    )
