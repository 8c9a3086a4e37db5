"""Quiet hours: when somebody is not to be disturbed, on the clock of their own wall.

Quiet are whole days of the week, and on every day the hours from one reading to another (20:00 to 07:00
goes past midnight). A moment is judged by what the wall clock shows at it: on the day on which clocks go back
a reading is judged alike both times, and a reading that a day skips neither begins nor ends anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from accounts.models import Membership

MIDNIGHT = time(0)
# Six quiet days in a row, and a zone that changes its date may skip the seventh (Samoa in 2011).
HORIZON_DAYS = 16


@dataclass(frozen=True)
class QuietHours:
    """Somebody's quiet hours: `starts` and `ends` on the wall (both or neither), `days` with Monday as 0."""

    zone: str = "UTC"
    starts: time | None = None
    ends: time | None = None
    days: frozenset[int] = frozenset()

    def covers(self, at: datetime) -> bool:
        """Whether that instant is quiet."""
        wall = at.astimezone(_zone(self.zone))
        if wall.weekday() in self.days:
            return True
        if self.starts is None or self.ends is None:
            return False
        now = wall.time()
        if self.starts < self.ends:
            return self.starts <= now < self.ends
        return now >= self.starts or now < self.ends


def quiet_hours_of(membership: Membership) -> QuietHours:
    """What a membership (with its user loaded) has set."""
    return QuietHours(
        zone=membership.user.time_zone,
        starts=membership.quiet_from,
        ends=membership.quiet_until,
        days=frozenset(membership.quiet_days),
    )


def awake_at(quiet: QuietHours, at: datetime) -> datetime:
    """The first instant, not before `at` (aware), that is not quiet: `at` itself, or when quiet hours end.

    Somebody who is quiet throughout the next 16 days gets the end of these.
    """
    if not quiet.covers(at):
        return at
    for moment in sorted(_possible_ends(quiet, at)):
        if moment > at and not quiet.covers(moment):
            return moment
    return at + timedelta(days=HORIZON_DAYS)


def _possible_ends(quiet: QuietHours, at: datetime) -> Iterator[datetime]:
    """Every instant at which quiet may end: midnights, the end of the hours, changes of the offset."""
    zone = _zone(quiet.zone)
    first = at.astimezone(zone).date()
    readings = [MIDNIGHT] if quiet.ends is None else [MIDNIGHT, quiet.ends]
    for ahead in range(HORIZON_DAYS):
        day = first + timedelta(days=ahead)
        for reading in readings:
            wall = datetime.combine(day, reading, tzinfo=zone)
            yield wall.astimezone(UTC)
            yield wall.replace(fold=1).astimezone(UTC)
        start = at + timedelta(days=ahead)
        if (change := _offset_change(zone, start, start + timedelta(days=1))) is not None:
            yield change


def _offset_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime | None:
    """The instant between the two, to the second, from which the zone's offset is the later one's."""
    low, high = int(start.timestamp()), int(end.timestamp())
    before, after = _offset(zone, low), _offset(zone, high)
    if before == after:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _offset(zone: ZoneInfo, second: int) -> timedelta | None:
    return datetime.fromtimestamp(second, zone).utcoffset()


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
