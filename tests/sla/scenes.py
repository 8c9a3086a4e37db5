"""One ticket at a desk that is open on weekdays from 9:00 to 18:00 UTC: short words for what happens to it.

2026-03-06 is a Friday. Times are written `day hour:minute` of that March.
"""

from datetime import UTC, datetime
from typing import Any

from sla.business_time import BusinessCalendar
from sla.clock import ClockState, Kind, Metric, Target, Targets, TimelineEntry, Unit, evaluate

DESK = BusinessCalendar.from_spec(
    {"tz": "UTC", "week": {str(day): [["09:00", "18:00"]] for day in range(5)}}, "desk"
)
HOUR = 3600


def at(text: str) -> datetime:
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-03-{int(day):02}T{clock:0>5}").replace(tzinfo=UTC)


def hours(
    aim: float, limit: float, unit: str = Unit.BUSINESS_TIME, metric: str = Metric.RESOLUTION
) -> Target:
    return Target(metric, unit, int(aim * HOUR), int(limit * HOUR))


PROMISED: Targets = {"critical": hours(1, 2), "high": hours(2, 4), "low": hours(8, 18), "none": None}


def filed(when: str = "6 10:00", priority: str = "high", **more: Any) -> TimelineEntry:
    return TimelineEntry(at(when), Kind.FILED, status=more.pop("status", "new"), priority=priority, **more)


def reply(when: str, **more: Any) -> TimelineEntry:
    return TimelineEntry(at(when), Kind.STAFF_REPLY, **more)


def message(when: str, **more: Any) -> TimelineEntry:
    return TimelineEntry(at(when), Kind.REQUESTER_MESSAGE, **more)


def status(when: str, new: str) -> TimelineEntry:
    return TimelineEntry(at(when), Kind.STATUS, status=new)


def priority(when: str, new: str) -> TimelineEntry:
    return TimelineEntry(at(when), Kind.PRIORITY, priority=new)


def entry(when: str, kind: Kind, **more: Any) -> TimelineEntry:
    return TimelineEntry(at(when), kind, **more)


def judged(metric: str, *timeline: TimelineEntry, now: str, **more: Any) -> ClockState:
    calendar = more.pop("calendar", DESK)
    return evaluate(metric, more.pop("targets", PROMISED), calendar, timeline, now=at(now), **more)


def first_response(*timeline: TimelineEntry, now: str, **more: Any) -> ClockState:
    return judged(Metric.FIRST_RESPONSE, *timeline, now=now, **more)


def resolution(*timeline: TimelineEntry, now: str, **more: Any) -> ClockState:
    return judged(Metric.RESOLUTION, *timeline, now=now, **more)


def next_response(*timeline: TimelineEntry, now: str, **more: Any) -> ClockState:
    return judged(Metric.NEXT_RESPONSE, *timeline, now=now, **more)


def due_set(when: str, due: str, **more: Any) -> TimelineEntry:
    return entry(when, Kind.DUE_SET, due_at=at(due), **more)
