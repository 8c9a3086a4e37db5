"""How times and durations are said to people, in the active language.

Values in, words out: no clock is read here and nothing is stored. The caller passes instants that are aware,
and `now` where "ago" needs it. It lives in the lowest room so that pages and emails of every room say a time
alike. The units (`unit_words`) also go to the browser, which refreshes relative times with the same words.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
JUST_NOW = 45
"""Seconds within which something happened "just now"."""


def duration(seconds: float, *, business: bool = False, parts: int = 2) -> str:
    """Say a length of time: "2 h 10 min", or "4 business hours" when it is business time.

    Cut down to whole minutes (to seconds below one minute), at most `parts` units, the largest first. Around
    the clock it turns to days from 48 hours on; business time never does: a business day is not 24 hours.
    """
    total = max(0, int(seconds))
    if business:
        return _business_duration(total)
    if total < 2 * DAY:
        units = _hours_and_minutes(total)
    else:
        units = [_("%(n)s d") % {"n": total // DAY}]
        if hours := total % DAY // HOUR:
            units.append(_("%(n)s h") % {"n": hours})
    return " ".join(units[:parts])


def work_time(minutes: int) -> str:
    """Say work in hours, however many they are, and what is owed with a minus sign: "60 h", "1 h 30 min"."""
    if minutes == 0:
        return _("%(n)s h") % {"n": 0}
    sign = "\N{MINUS SIGN}" if minutes < 0 else ""
    return sign + " ".join(_hours_and_minutes(abs(minutes) * MINUTE))


def business_days(days: int) -> str:
    """Say a number of business days: "3 business days"."""
    return ngettext("%(n)s business day", "%(n)s business days", days) % {"n": days}


def time_left(seconds: float, *, business: bool = False) -> str:
    """Say what is left of a running clock: "2 h 10 min left"."""
    return _("%(duration)s left") % {"duration": duration(seconds, business=business)}


def breached_ago(seconds: float) -> str:
    """Say how long ago a limit was passed: "breached 35 min ago"."""
    return _("breached %(duration)s ago") % {"duration": duration(seconds)}


def paused_left(seconds: float, *, business: bool = False) -> str:
    """Say what a paused clock has left: "paused, 1 h 20 min left"; business time never turns to days."""
    left = " ".join(_hours_and_minutes(int(seconds))) if business else duration(seconds)
    return _("paused, %(duration)s left") % {"duration": left}


def relative(at: datetime, *, now: datetime) -> str:
    """Say an instant as seen from `now`: "just now", "12 min ago", "in 2 h 10 min".

    The past takes one unit, the future two, because a promise wants to be exact and a memory does not.
    """
    seconds = (now - at).total_seconds()
    if abs(seconds) < JUST_NOW:
        return _("just now")
    if seconds > 0:
        return _("%(duration)s ago") % {"duration": duration(seconds, parts=1)}
    return _("in %(duration)s") % {"duration": duration(-seconds)}


def short_moment(at: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """Say an instant in `zone` (the reader's when None): "Thu 12 Nov, 11:30"; another year is said too."""
    local = timezone.localtime(at, zone)
    if local.year == timezone.localtime(now, zone).year:
        # Translators: Django date format for a day and time of this year, as in "Thu 12 Nov, 11:30".
        return dateformat.format(local, pgettext("date format", "D j M, H:i"))
    # Translators: Django date format for a day and time of another year, as in "Thu 12 Nov 2026, 11:30".
    return dateformat.format(local, pgettext("date format", "D j M Y, H:i"))


def exact_moment(at: datetime, zone: tzinfo | None = None) -> str:
    """Say an instant in full with its zone: "Thursday 12 November 2026, 11:30 PKT"."""
    local = timezone.localtime(at, zone)
    # Translators: Django date format for an exact moment, as in "Thursday 12 November 2026, 11:30 PKT".
    form = pgettext("date format", "l j F Y, H:i T")
    # Django leaves out the zone in the hour that autumn repeats, where it says most.
    name = "".join(f"\\{letter}" for letter in local.tzname() or "")
    return dateformat.format(local, re.sub(r"(?<!\\)T", lambda _found: name, form))


def short_date(at: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """Say the day of an instant in `zone`: "12 Nov", with the year when it is not this one."""
    local = timezone.localtime(at, zone)
    if local.year == timezone.localtime(now, zone).year:
        # Translators: Django date format for a day of this year, as in "12 Nov".
        return dateformat.format(local, pgettext("date format", "j M"))
    # Translators: Django date format for a day of another year, as in "12 Nov 2026".
    return dateformat.format(local, pgettext("date format", "j M Y"))


def short_day(day: date, *, today: date) -> str:
    """Say a day that is the same for all readers, as a contract's: "Thu 12 Nov"; another year is said too."""
    if day.year == today.year:
        # Translators: Django date format for a day of this year with its weekday, as in "Thu 12 Nov".
        return dateformat.format(day, pgettext("date format", "D j M"))
    # Translators: Django date format for a day of another year with its weekday, as in "Thu 12 Nov 2026".
    return dateformat.format(day, pgettext("date format", "D j M Y"))


def period(start: datetime, end: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """Say a period in `zone`, its day once where it is the same: "Thu 12 Nov, 11:30 to 13:00"."""
    begin, until = short_moment(start, now=now, zone=zone), short_end(start, end, now=now, zone=zone)
    return begin + dash_between(start, end, zone) + until


def dash_between(start: datetime, end: datetime, zone: tzinfo | None = None) -> str:
    """The dash of a period, with spaces where a day stands on both sides."""
    return "\N{EN DASH}" if is_same_day(start, end, zone) else " \N{EN DASH} "


def short_end(start: datetime, end: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """Say where a period ends of which the start was said: "13:00", with the day when it is another."""
    if is_same_day(start, end, zone):
        return dateformat.format(timezone.localtime(end, zone), "H:i")
    return short_moment(end, now=now, zone=zone)


def is_same_day(one: datetime, other: datetime, zone: tzinfo | None = None) -> bool:
    """The two instants lie on one day in `zone` (the reader's when None)."""
    return timezone.localtime(one, zone).date() == timezone.localtime(other, zone).date()


def zone_city(zone: tzinfo) -> str:
    """Name a zone by its city in the active language: "Mexico City" for America/Mexico_City."""
    key = zone.key if isinstance(zone, ZoneInfo) else str(zone)
    known = Locale.parse(get_language() or "en", sep="-").time_zones.get(key, {})
    return str(known.get("city") or key.rsplit("/", 1)[-1].replace("_", " "))


def in_zones(at: datetime, *zones: tzinfo, now: datetime) -> str:
    """Say one instant in several zones: "Thu 12 Nov, 11:30 Karachi · Thu 12 Nov, 00:30 Mexico City".

    Zones that show the same wall clock at that instant are said once.
    """
    said: dict[timedelta | None, str] = {}
    for zone in zones:
        offset = at.astimezone(zone).utcoffset()
        if offset not in said:
            said[offset] = f"{short_moment(at, now=now, zone=zone)} {zone_city(zone)}"
    return " · ".join(said.values())


def machine_time(at: datetime) -> str:
    """Write an instant for `<time datetime>`: UTC, to the second, "2026-11-12T06:30:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unit_words() -> dict[str, str]:
    """Give the browser the words of this module, so that a refreshed time reads as the first one did."""
    return {
        "days": _("%(n)s d"),
        "hours": _("%(n)s h"),
        "minutes": _("%(n)s min"),
        "seconds": _("%(n)s s"),
        "now": _("just now"),
        "ago": _("%(duration)s ago"),
        "in": _("in %(duration)s"),
        "left": _("%(duration)s left"),
        "breached": _("breached %(duration)s ago"),
    }


def _hours_and_minutes(total: int) -> list[str]:
    if total < MINUTE:
        return [_("%(n)s s") % {"n": total}]
    units = []
    if hours := total // HOUR:
        units.append(_("%(n)s h") % {"n": hours})
    if minutes := total % HOUR // MINUTE:
        units.append(_("%(n)s min") % {"n": minutes})
    return units


def _business_duration(total: int) -> str:
    hours, rest = divmod(total, HOUR)
    if hours and rest < MINUTE:
        return ngettext("%(n)s business hour", "%(n)s business hours", hours) % {"n": hours}
    if not hours and total >= MINUTE:
        minutes = total // MINUTE
        return ngettext("%(n)s business minute", "%(n)s business minutes", minutes) % {"n": minutes}
    return _("%(duration)s of business time") % {"duration": " ".join(_hours_and_minutes(total))}
