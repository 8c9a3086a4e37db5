"""What the simulator is played with: hours and targets of a plan, or of a calendar with a target by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sla.business_time import Period
from sla.clock import Pause, Target
from sla.models import CalendarVersion, Metric, Plan, PlanVersion, SupportCalendar
from sla.records import pausing_periods
from sla.simulator import Simulated, simulate
from sla.terms import Hours, Pausing, Targets, first_link, hours_from, terms_under
from tickets.lifecycle import Priority

BY_HAND = Metric.RESOLUTION.value
"""A target typed by hand is played as one for resolution, which pauses stop."""
ANY_PRIORITY = Priority.MEDIUM.value
"""A target typed by hand holds for whatever ticket arrives."""


@dataclass(frozen=True)
class Scenario:
    """The terms under which a ticket arrives; the versions are those in force at that instant."""

    hours: Hours
    targets: Mapping[str, Mapping[str, Target]]
    calendar_version: CalendarVersion
    plan_version: PlanVersion | None = None
    changes: tuple[tuple[datetime, Targets], ...] = ()
    pausing: Pausing = ()

    @property
    def zone(self) -> ZoneInfo:
        """The calendar's time zone."""
        return self.hours.tz

    @property
    def calendar(self) -> SupportCalendar:
        """The calendar that counts."""
        calendar: SupportCalendar = self.calendar_version.calendar
        return calendar

    def play(
        self,
        *,
        metrics: Sequence[str],
        priority: str,
        arrives_at: datetime,
        pauses: Sequence[Period] = (),
        planned: Sequence[Period] = (),
    ) -> list[Simulated]:
        """What a ticket that arrives then would be promised (`sla.simulator.simulate`).

        `planned` is announced maintenance, of which counts what the plan leaves out.
        """
        works = pausing_periods(self.pausing, [Pause(start, end, "") for start, end in planned])
        return simulate(
            self.hours,
            self.targets,
            metrics=metrics,
            priority=priority,
            arrives_at=arrives_at,
            pauses=pauses,
            planned=[(work.start, work.end) for work in works if work.end is not None],
            changes=self.changes,
        )


def scenario_of_plan(plan: Plan, at: datetime) -> Scenario | None:
    """The terms of a ticket filed at an instant under the plan; None before the plan's first version."""
    terms = terms_under(plan, at)
    if terms is None:
        return None
    first = first_link(terms.agreement)
    return Scenario(
        terms.hours, terms.targets, first.calendar_version, first.plan_version, terms.changes, terms.pausing
    )


def scenario_of_calendar(calendar: SupportCalendar, target: Target, at: datetime) -> Scenario:
    """The hours that count for a ticket filed at an instant, with one target for every ticket."""
    hours, version = hours_from(calendar, at)
    return Scenario(hours, {BY_HAND: {ANY_PRIORITY: target}}, version)
