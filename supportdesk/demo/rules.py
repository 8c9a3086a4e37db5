"""When a desk is open and what it promised, as the plot needs it: instants in, instants out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sla.business_time import Calendar
from sla.models import TargetUnit
from sla.services.plans import TargetTerms

Window = tuple[datetime, datetime]
"""Aim and limit of a promise."""


@dataclass(frozen=True)
class PlanRules:
    """A plan's calendar and its targets by metric and priority."""

    calendar: Calendar
    targets: Mapping[tuple[str, str], TargetTerms]

    def window(self, metric: str, priority: str, start: datetime) -> Window | None:
        """Aim and limit of a clock that starts then, None where nothing is promised."""
        target = self.targets.get((metric, priority))
        if target is None:
            return None
        return self._after(start, target.unit, target.aim), self._after(start, target.unit, target.limit)

    def _after(self, start: datetime, unit: str, amount: int) -> datetime:
        if unit == TargetUnit.BUSINESS_DAYS:
            return self.calendar.add_days(start, amount)
        if unit == TargetUnit.ELAPSED_TIME:
            return start + timedelta(seconds=amount)
        return self.calendar.add(start, timedelta(seconds=amount))


@dataclass(frozen=True)
class DeskRules:
    """The office hours in which staff works, and the plans by their key in the preset."""

    language: str
    zone: ZoneInfo
    office: Calendar
    plans: Mapping[str, PlanRules]

    def working(self, start: datetime, minutes: float) -> datetime:
        """So many office minutes later."""
        return self.office.add(start, timedelta(minutes=minutes))

    def before(self, end: datetime, minutes: float) -> datetime:
        """An instant with so many office minutes left until `end`, to the minute."""
        wanted, step = timedelta(minutes=minutes), timedelta(minutes=5)
        at = end
        while self.office.elapsed(at, end) < wanted:
            at -= step
        return at
