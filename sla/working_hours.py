"""When people of the staff work, and when somebody who is away is back at work.

An absence ends at an instant (`accounts.absences`); its person is back when they work next after it. Hours
that never open say nothing: then the end of the absence stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.absences import away_among
from accounts.models import Membership
from sla.business_time import BusinessCalendar
from sla.calendar import Calendar, CalendarNeverOpens
from sla.calendar_spec import InvalidCalendar
from sla.models import SupportCalendar, WorkingHours
from sla.terms import hours_of


def returns(people: Iterable[Membership], at: datetime) -> dict[int, datetime]:
    """Those of the people who are away at an instant, each with the first working moment after that.

    One query where nobody is away. The people's `user` is loaded.
    """
    known = {person.pk: person for person in people}
    away = away_among(known.values(), at)
    if not away:
        return {}
    hours = hours_of_staff([known[pk] for pk in away])
    return {pk: _next_open(hours.get(pk), ends_at) for pk, ends_at in away.items()}


def off_until(people: Iterable[Membership], at: datetime) -> dict[int, datetime]:
    """Those of the people whose working hours are over at an instant, each with when they begin again."""
    known = list(people)
    found = {pk: _next_open(hours, at) for pk, hours in hours_of_staff(known).items()}
    return {pk: opens for pk, opens in found.items() if opens > at}


def hours_of_staff(people: Iterable[Membership]) -> dict[int, Calendar]:
    """The hours by which each works; who is not named has none that are known."""
    known = list(people)
    rows = WorkingHours.objects.filter(person__in=[person.pk for person in known]).select_related("calendar")
    own = {row.person_id: row for row in rows}
    calendars: dict[int, Calendar] = {}
    desk = _desk_calendar(known) if len(own) < len(known) else None
    found: dict[int, Calendar] = {}
    for person in known:
        row = own.get(person.pk)
        if row is not None and row.calendar is None:
            found[person.pk] = BusinessCalendar.from_spec(week_spec(person, row.week))
            continue
        calendar = row.calendar if row is not None else desk
        if calendar is not None:
            if calendar.pk not in calendars:
                calendars[calendar.pk] = hours_of(calendar)
            found[person.pk] = calendars[calendar.pk]
    return found


def week_spec(person: Membership, week: Mapping[str, Any]) -> dict[str, Any]:
    """A week of somebody's own, in the written form of a calendar."""
    return {"tz": person.user.time_zone, "week": week}


def desk_calendar(tenant_id: int) -> SupportCalendar | None:
    """The desk's hours: the support calendar that has been in use for longest."""
    calendars: Any = SupportCalendar.objects.filter(tenant_id=tenant_id).in_use()
    found: SupportCalendar | None = calendars.order_by("pk").first()
    return found


def _desk_calendar(people: list[Membership]) -> SupportCalendar | None:
    return desk_calendar(people[0].tenant_id) if people else None


def _next_open(hours: Calendar | None, at: datetime) -> datetime:
    try:
        return hours.next_open(at) if hours is not None else at
    except (CalendarNeverOpens, InvalidCalendar):
        return at
