"""When a service was down, and what of that is excused: one notion for every figure and every clock.

A service is down while an outage says so, and while a window with that impact is worked on. Excused is work
within the period that was announced before it began (`Window.announced_end`). What overruns it counts, also
when the window was extended meanwhile: nobody can plan around an end that is told while the work goes on.
An emergency was announced too late altogether.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maintenance.availability import Period
from maintenance.models import Impact, OutageService, Window


def down_periods(outages: Iterable[OutageService], windows: Iterable[Window], now: datetime) -> list[Period]:
    """When a service was down, overlapping as it comes; what lasts, lasts until now."""
    return troubled_periods(outages, windows, Impact.DOWN, now)


def troubled_periods(
    outages: Iterable[OutageService], windows: Iterable[Window], impact: str, now: datetime
) -> list[Period]:
    """When a service suffered just this impact, by outages and by work."""
    hit = [(row.started_at, row.ended_at or now) for row in outages if row.impact == impact]
    work = [
        (window.started_at, window.ended_at or now)
        for window in windows
        if window.impact == impact and window.started_at is not None
    ]
    return hit + work


def excused_periods(windows: Iterable[Window], impact: str, now: datetime) -> list[Period]:
    """When work that was announced in time with just this impact went on, as far as it was announced."""
    return [
        (max(window.starts_at, window.started_at), min(window.announced_end, window.ended_at or now))
        for window in windows
        if window.impact == impact and window.started_at is not None and not window.is_emergency
    ]
