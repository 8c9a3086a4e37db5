"""Keeping the public holidays of calendars ahead of time, without anybody having to remember it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from sla.calendar_warnings import REFRESH_WITHIN
from sla.holiday_notices import tell_extended
from sla.models import CalendarVersion, SupportCalendar
from sla.public_holidays import known_until
from sla.services.calendars import change_calendar

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Extension:
    """What came with a calendar's next version: holidays from its day on, and those that are no more."""

    version: CalendarVersion
    added: dict[date, str]
    gone: dict[date, str]


def extend_due_calendars(*, now: datetime) -> int:
    """Extend the current desk's calendars whose public holidays end within a year; returns how many.

    What is due is read from the calendars themselves, so it may be asked as often as one likes, and twice
    at once: the second finds the version of the first.
    """
    extended = 0
    newest = CalendarVersion.objects.order_by("calendar_id", "-number").distinct("calendar_id")
    in_use = newest.filter(calendar__archived_at=None).select_related("calendar")
    for calendar in [version.calendar for version in in_use if is_due(version, now)]:
        try:
            extended += extend_holidays(calendar=calendar, at=now) is not None
        except Exception:  # one calendar that cannot be extended stops no other; the page warns about it
            log.exception("public holidays of calendar %s were not extended", calendar.pk)
    return extended


@transaction.atomic
def extend_holidays(*, calendar: SupportCalendar, at: datetime) -> Extension | None:
    """A next version with the public holidays up to two years ahead, told to the admins.

    None when they reach a year ahead already, when no country was chosen, and when no more are known.
    """
    SupportCalendar.objects.select_for_update().get(pk=calendar.pk)
    last = calendar.versions.latest("number")
    if not is_due(last, at):
        return None
    spec = {key: value for key, value in last.spec.items() if key != "holidays"}
    version = change_calendar(
        calendar=calendar,
        seen_number=last.number,
        at=at,
        by=None,
        name=calendar.name,
        spec=spec,
        holiday_country=last.holiday_country,
        holiday_subdivision=last.holiday_subdivision,
    )
    if version.number == last.number:
        return None
    before, after = _ahead(last, at), _ahead(version, at)
    extension = Extension(
        version=version,
        added={day: name for day, name in after.items() if day not in before},
        gone={day: name for day, name in before.items() if day not in after},
    )
    tell_extended(calendar, extension.version, extension.added, extension.gone, at=at)
    return extension


def is_due(version: CalendarVersion, at: datetime) -> bool:
    """Whether the public holidays of a version end within a year."""
    if not version.holiday_country:
        return False
    until = known_until(map(str, version.spec.get("holidays") or ()))
    return until is None or until < at.date() + REFRESH_WITHIN


def _ahead(version: CalendarVersion, at: datetime) -> dict[date, str]:
    days = {date.fromisoformat(day): name for day, name in (version.spec.get("holidays") or {}).items()}
    return {day: name for day, name in days.items() if day >= at.date()}
