"""The days of a status page: how much of each a service was down or degraded. Values in, values out.

Aware instants, half-open periods. A day is a day of the desk's zone, so one may have 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from maintenance.availability import Period, seconds_of, start_of, within, without


@dataclass(frozen=True)
class Day:
    """One day: seconds down and degraded, planned work left out; whether there was any planned work."""

    date: date
    down: int = 0
    degraded: int = 0
    has_maintenance: bool = False
    is_known: bool = True

    @property
    def level(self) -> str:
        """The worst of it: down, degraded, maintenance or up; unknown before there were records."""
        if not self.is_known:
            return "unknown"
        if self.down:
            return "down"
        if self.degraded:
            return "degraded"
        return "maintenance" if self.has_maintenance else "up"


def days_of(
    *,
    down: Iterable[Period],
    degraded: Iterable[Period],
    planned: Iterable[Period],
    slow: Iterable[Period],
    first: date,
    last: date,
    zone: ZoneInfo,
    since: datetime,
    now: datetime,
) -> list[Day]:
    """The days from `first` to `last`, both included; nothing counts before `since` or after `now`.

    `planned` is work that was announced as downtime and excuses it; `slow` was announced as degradation, and
    excuses no more than that.
    """
    whole = bounds_of(first, zone)[0], min(bounds_of(last, zone)[1], now)
    planned, slow = within(planned, *whole), within(slow, *whole)
    fallen = without(within(down, *whole), planned)
    slowed = without(without(without(within(degraded, *whole), planned), slow), fallen)
    days = []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        start, end = bounds_of(day, zone)
        if end <= since:
            days.append(Day(day, is_known=False))
            continue
        start, end = max(start, since), min(end, now)
        days.append(
            Day(
                day,
                down=seconds_of(within(fallen, start, end)),
                degraded=seconds_of(within(slowed, start, end)),
                has_maintenance=bool(within([*planned, *slow], start, end)),
            )
        )
    return days


def bounds_of(day: date, zone: ZoneInfo) -> Period:
    """The first instant of a day in a zone and that of the next day, in UTC."""
    return start_of(day, zone), start_of(day + timedelta(days=1), zone)


# Bars of a day each, drawn in a box of 5 by 32 units a day. Troubled days differ in height, not colour alone.
STEP, WIDTH, HEIGHT, GAP = 5, 3.5, 32, 3
HEIGHTS = {"down": 32, "degraded": 20, "maintenance": 9, "unknown": 2}


@dataclass(frozen=True)
class Bar:
    """A day that is drawn over the calm row, with a `gap` above it; all in units of the box."""

    day: Day
    x: int
    y: int
    height: int

    @property
    def gap(self) -> int:
        """What is left empty above, so that heights are seen without colours; all where nothing is known."""
        return self.y if self.day.level == "unknown" else min(GAP, self.y)


def bars_of(days: Sequence[Day]) -> list[Bar]:
    """The days that are not simply up."""
    return [
        Bar(day, place * STEP, HEIGHT - HEIGHTS[day.level], HEIGHTS[day.level])
        for place, day in enumerate(days)
        if day.level != "up"
    ]


def calm_row(days: int) -> str:
    """The SVG path of a row of calm days."""
    return "".join(f"M{place * STEP} 0h{WIDTH}v{HEIGHT}h-{WIDTH}z" for place in range(days))
