"""How long "find a time" takes: 200 customers, each with hours of its own, 30 days ahead.

Cold: every calendar is compiled anew, as after a start. Warm: as for every question after the first one.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from maintenance.slots import Audience, Wanted, find_slots
from sla.business_time import BusinessCalendar

CUSTOMERS, DAYS, ROUNDS = 200, 30, 15
LIMIT = 500
ZONES = [
    "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "Europe/London",
    "Europe/Madrid", "Africa/Lagos", "Asia/Dubai", "Asia/Karachi", "Asia/Kathmandu", "Asia/Singapore",
    "Australia/Lord_Howe",
]  # fmt: skip
START = datetime(2026, 3, 2, tzinfo=UTC)


def main() -> None:
    """Measure and print; ends with an error above the limit."""
    arrivals = [(hour % 24) / 24 for hour in range(168)]
    taken = [(START + timedelta(days=day), START + timedelta(days=day, hours=3)) for day in range(0, DAYS, 5)]
    wanted = Wanted(
        start=START,
        end=START + timedelta(days=DAYS),
        not_before=START + timedelta(hours=72),
        minutes=120,
        zone=ZoneInfo("Asia/Karachi"),
        arrivals=arrivals,
        taken=taken,
        other_work=taken,
    )
    kept = _audiences()
    warm = _milliseconds(lambda: find_slots(wanted, kept))
    cold = _milliseconds(lambda: find_slots(wanted, _audiences()))
    print(f"{CUSTOMERS} customers, {DAYS} days: cold {cold:.0f} ms, warm {warm:.0f} ms (limit {LIMIT} ms)")
    if cold > LIMIT:
        raise SystemExit(1)


def _audiences() -> list[Audience]:
    return [Audience(_hours(number), 1) for number in range(CUSTOMERS)]


def _hours(number: int) -> BusinessCalendar:
    day = [[f"{7 + number % 4:02}:00", "13:00"], ["14:00", f"{16 + number % 5:02}:30"]]
    week = {str(weekday): day for weekday in range(5 + number % 3)}
    holidays = {f"2026-03-{1 + (number + gap) % 28:02}": "Holiday" for gap in (0, 9)}
    spec = {"tz": ZONES[number % len(ZONES)], "week": week, "holidays": holidays}
    return BusinessCalendar.from_spec(spec, f"customer {number}")


def _milliseconds(work: Callable[[], object]) -> float:
    """The median of some rounds, after one that does not count."""
    work()
    times = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
