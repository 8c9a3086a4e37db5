"""Business time reckoned in the slow and plain way: minute by minute, looking at the clock on the wall.

Written apart from the core and on another idea, so that the two can judge one another. The desk is open in
a minute if the latest reading that the local clock has shown so far lies in a window of the calendar.
"Latest so far" is what makes a label mean its first instant: the hour that autumn repeats has already been
read once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
Spec = Mapping[str, Any]
Pauses = Sequence[tuple[datetime, datetime]]


def open_minutes(spec: Spec, start: datetime) -> Iterator[tuple[datetime, bool]]:
    """Each minute from `start` (a whole minute) on, for ever, and whether the desk is open in it."""
    zone = ZoneInfo(spec["tz"])
    latest = datetime.min  # noqa: DTZ901
    instant = start.astimezone(UTC) - timedelta(hours=3)
    windows: list[tuple[datetime, datetime]] = []
    known: date | None = None
    while True:
        # In the zones tried, and nowadays everywhere, clocks change on a quarter of an hour of UTC; between
        # quarters the local clock simply goes on.
        if instant.minute % 15 == 0 or known is None:
            offset = instant.astimezone(zone).utcoffset() or timedelta()
        latest = max(latest, instant.replace(tzinfo=None) + offset)
        if latest.date() != known:
            known = latest.date()
            windows = windows_of(spec, known - timedelta(days=1)) + windows_of(spec, known)
        if instant >= start:
            yield instant, any(opens <= latest < closes for opens, closes in windows)
        instant += MINUTE


def windows_of(spec: Spec, day: date) -> list[tuple[datetime, datetime]]:
    """The windows that open on a date, as the clock on the wall shows them."""
    key = day.isoformat()
    ranges = [span for span in spec.get("ranges", ()) if span["from"] <= key <= span["to"]]
    years = [entry for first, entry in spec.get("yearly", {}).items() if _is_in_year(day, first, entry)]
    if key in spec.get("overrides", {}):
        intervals = spec["overrides"][key]
    elif ranges or years:
        intervals = (ranges or years)[-1]["hours"]
    elif key in spec.get("holidays", ()):
        intervals = []
    else:
        intervals = spec["week"].get(str(day.weekday()), [])
    return [_window(day, opens, closes) for opens, closes in intervals]


def _is_in_year(day: date, first: str, entry: Mapping[str, Any]) -> bool:
    last, today = entry.get("to") or first, f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last


def deadline(spec: Spec, start: datetime, minutes: int, pauses: Pauses = ()) -> datetime:
    """The first minute by which `minutes` open minutes outside the pauses have gone by."""
    if minutes == 0:
        return start
    for instant, is_open in open_minutes(spec, start):
        if is_open and not any(begin <= instant < end for begin, end in pauses):
            minutes -= 1
            if minutes == 0:
                return instant + MINUTE
    raise AssertionError("a walk has no end")


def elapsed(spec: Spec, start: datetime, end: datetime, pauses: Pauses = ()) -> int:
    """The open minutes between two instants, outside the pauses."""
    total = 0
    for instant, is_open in open_minutes(spec, start):
        if instant >= end:
            return total
        total += is_open and not any(begin <= instant < finish for begin, finish in pauses)
    raise AssertionError("a walk has no end")


def _window(day: date, opens: str, closes: str) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time.fromisoformat(opens))
    next_day = closes == "24:00" or closes <= opens
    clock = time(0) if closes == "24:00" else time.fromisoformat(closes)
    return begin, datetime.combine(day + timedelta(days=next_day), clock)
