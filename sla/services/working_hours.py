"""The intention about working hours of staff: say when somebody works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.absences import may_plan_absences
from accounts.models import Membership
from accounts.services.errors import EditedMeanwhile
from sla.models import SupportCalendar, WorkingHours
from sla.services.calendars import check_spec
from sla.services.errors import NotAllowed
from sla.working_hours import week_spec


@transaction.atomic
def change_working_hours(
    *,
    person: Membership,
    calendar: SupportCalendar | None = None,
    week: Mapping[str, Any] | None = None,
    seen_version: int,
    by: Membership,
    at: datetime,
) -> WorkingHours | None:
    """Say when somebody of the staff works: by a calendar of the desk, by a week of their own, or neither.

    Neither: by the desk's hours, and None is returned. `seen_version` is the one that was edited, 0 where
    nothing was said. Raises NotAllowed, EditedMeanwhile, UnreadableHours, NeverOpens.
    """
    if not may_plan_absences(by, person) or (calendar and calendar.tenant_id != person.tenant_id):
        raise NotAllowed
    Membership.objects.select_for_update().get(pk=person.pk)
    row = WorkingHours.objects.filter(person=person).first()
    if (row.version if row else 0) != seen_version:
        raise EditedMeanwhile(str(person))
    own = {day: hours for day, hours in (week or {}).items() if hours} if calendar is None else {}
    if own:
        check_spec(week_spec(person, own), at)
    if calendar is None and not own:
        if row is not None:
            row.delete()
        return None
    row = row or WorkingHours(tenant_id=person.tenant_id, person=person, version=0)
    row.calendar, row.week = calendar, own
    row.version += 1
    row.save()
    return row
