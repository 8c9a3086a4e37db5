"""From the clock on the wall to the instant on the UTC line.

Monday, 09:00 in Lahore is a label; a deadline is an instant. Between the two stand the zones, which change
twice a year, or once, or at Ramadan, or never again. The rule here is one sentence: a label is the *first*
instant at which the local clock reads that label or later. A label inside the hour that spring skips is the
instant of the change; a label that autumn repeats is its first reading. The map never runs backwards, so no
window is ever negative or overlaps the next.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo, reset_tzpath

# Zones come from the tzdata package alone. The operating system's copy is often stale: Morocco left +01 on
# 2026-09-20 and the files that Debian shipped that autumn did not know. Zones read before this line are
# forgotten with it.
reset_tzpath(())
ZoneInfo.clear_cache()

TZDATA_VERSION = version("tzdata")
"""The version of the zone rules in use, kept with each receipt."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_LONG_AGO = -(10**18)


class Offsets(NamedTuple):
    """A zone's offsets over one year: from `starts[i]` (UTC) on, the local clock is `offsets[i]` ahead, and
    by the end of that stretch it has read every label below `limits[i]`. All in microseconds."""

    starts: list[int]
    offsets: list[int]
    limits: list[int]


def to_microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 in UTC. Raises TypeError for a naive datetime."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def to_datetime(microseconds: int) -> datetime:
    """The instant in UTC. Raises OverflowError beyond the year 9999."""
    return EPOCH + MICROSECOND * microseconds  # less work for Python than to make a timedelta anew


def midnight(ordinal: int) -> int:
    """The label 00:00 of a date, in local microseconds."""
    return (ordinal - _EPOCH_ORDINAL) * DAY


def ordinal_of(local: int) -> int:
    """The date on which a local label lies."""
    return local // DAY + _EPOCH_ORDINAL


def offset_at(zone: ZoneInfo, at: int) -> int:
    """How far the local clock is ahead of UTC at an instant, in microseconds."""
    return _offset_seconds(zone, at // SECOND) * SECOND


def first_instant(table: Offsets, local: int) -> int:
    """The first UTC instant at which the local clock reads `local` or later."""
    stretch = bisect_right(table.limits, local)
    return max(table.starts[stretch], local - table.offsets[stretch])


@lru_cache(maxsize=4096)
def offsets_of_year(key: str, year: int) -> Offsets:
    """The offsets of a zone for the labels of one year and two days either side.

    Raises OverflowError where the calendar of Python ends.
    """
    if not 2 <= year <= 9997:
        raise OverflowError(f"no business time in the year {year}")
    zone = ZoneInfo(key)
    first = (date(year - 1, 12, 28).toordinal() - _EPOCH_ORDINAL) * 86_400
    last = (date(year + 1, 1, 5).toordinal() - _EPOCH_ORDINAL) * 86_400
    starts, offsets = [_LONG_AGO], [_offset_seconds(zone, first)]
    # No zone of the database changes twice within one day, so a look at each day finds every change.
    for day in range(first, last, 86_400):
        if _offset_seconds(zone, day + 86_400) != offsets[-1]:
            change = _change_between(zone, day, day + 86_400)
            starts.append(change * SECOND)
            offsets.append(_offset_seconds(zone, change))
    in_microseconds = [offset * SECOND for offset in offsets]
    ends = [*starts[1:], -_LONG_AGO]
    limits = list(accumulate((end + offset for end, offset in zip(ends, in_microseconds, strict=True)), max))
    return Offsets(starts, in_microseconds, limits)


def _change_between(zone: ZoneInfo, before: int, after: int) -> int:
    old = _offset_seconds(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_seconds(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset_seconds(zone: ZoneInfo, at: int) -> int:
    local = datetime.fromtimestamp(at, zone)
    offset = local.utcoffset() or timedelta()
    return offset.days * 86_400 + offset.seconds
