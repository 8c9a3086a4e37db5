"""When a desk is open, in one sentence: its own words, or its calendar's week put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.humantime import zone_city
from accounts.models import Tenant
from sla.drawn import DAY, hours_words, is_always_open, minutes
from sla.models import CalendarVersion, Contract, PlanVersion


@dataclass(frozen=True)
class HoursSource:
    """The calendar whose week is said; `spec` has its zone and its week alone."""

    calendar_id: int
    name: str
    spec: Mapping[str, Any]


def desk_hours(tenant: Tenant, now: datetime) -> str:
    """When the desk is open, in the active language and, where it differs, in the active zone too.

    Empty if the desk does not say so, or has no calendar with open hours.
    """
    if not tenant.shows_hours:
        return ""
    own: str = tenant.hours_text.get(get_language() or "", "")
    if own:
        return own
    source = hours_source(tenant, now)
    return opening_words(source.spec, now, timezone.get_current_timezone()) if source else ""


def hours_source(tenant: Tenant, now: datetime) -> HoursSource | None:
    """The calendar by which most customers are served, of several the oldest; None if there is none."""
    in_force = Q(valid_from=None) | Q(valid_from__lte=now)
    of_plan = PlanVersion.objects.filter(in_force, plan=OuterRef("plan")).order_by("-number")
    served = (
        Contract.objects.filter(period__contains=now.date())
        .annotate(
            served_by=Coalesce(
                F("calendar"), Subquery(of_plan.values("calendar")[:1]), output_field=BigIntegerField()
            )
        )
        .filter(served_by=OuterRef("calendar"))
        .order_by()
        .values("tenant")
        .annotate(number=Count("pk"))
    )
    versions = CalendarVersion.objects.filter(in_force, tenant=tenant, calendar__archived_at=None)
    versions = versions.annotate(served=Coalesce(Subquery(served.values("number")), 0))
    found = (
        versions.order_by("-served", "calendar_id", "-number")
        .values_list("calendar_id", "calendar__name", "spec__tz", "spec__week")
        .first()
    )
    if found is None:
        return None
    pk, name, zone, week = found
    return HoursSource(pk, name, {"tz": zone, "week": week or {}})


def opening_words(spec: Mapping[str, Any], now: datetime, reader: tzinfo) -> str:
    """Say when a week is open and where, as "Open Monday to Saturday", the hours, "(Lahore)".

    The same follows on the reader's clock, where that differs at `now`.
    """
    if is_always_open(spec):
        return _("Open around the clock, every day")
    hours = _week_words(spec["week"])
    if not hours:
        return ""
    zone = ZoneInfo(spec["tz"])
    values = {"hours": hours, "place": zone_city(zone)}
    ahead = _minutes_ahead(now, reader) - _minutes_ahead(now, zone)
    if not ahead:
        return _("Open %(hours)s (%(place)s)") % values
    values["yours"] = _week_words(_shifted(spec["week"], ahead))
    return _("Open %(hours)s (%(place)s), in your time %(yours)s") % values


def _minutes_ahead(now: datetime, zone: tzinfo) -> int:
    offset = now.astimezone(zone).utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0


def _shifted(week: Mapping[str, Any], ahead: int) -> dict[str, list[list[str]]]:
    """The week on a clock so many minutes ahead; an opening belongs to the day on which it begins."""
    moved: dict[str, list[list[str]]] = {}
    for day in range(7):
        for opens, closes in week.get(str(day), []):
            begins = day * DAY + minutes(opens) + ahead
            hours = [_clock(begins), _clock(minutes(closes) + ahead)]
            moved.setdefault(str(begins // DAY % 7), []).append(hours)
    return {day: sorted(hours) for day, hours in moved.items()}


def _clock(at: int) -> str:
    hour, minute = divmod(at % DAY, 60)
    return f"{hour:02d}:{minute:02d}"


def _week_words(week: Mapping[str, Any]) -> str:
    """Days with the same hours together, over the end of the week too; a day is that on which hours begin."""
    said = [hours_words(week[str(day)]) if week.get(str(day)) else "" for day in range(7)]
    runs: list[list[int]] = []
    for day in range(7):
        if runs and said[runs[-1][-1]] == said[day]:
            runs[-1].append(day)
        else:
            runs.append([day])
    if len(runs) > 1 and said[0] == said[6]:
        runs[0] = runs.pop() + runs[0]
    return "; ".join(f"{_days(run[0], run[-1])} {said[run[0]]}" for run in runs if said[run[0]])


def _days(first: int, last: int) -> str:
    """As they stand inside a sentence: some languages write them small there."""
    names = {"first": str(WEEKDAYS[first]), "last": str(WEEKDAYS[last])}
    return names["first"] if first == last else _("%(first)s to %(last)s") % names
