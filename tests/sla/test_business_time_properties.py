"""Business time against a slow walk over every minute and its own laws, on calendars nobody would write.

`SLA_EXAMPLES=20000` tries as many; the everyday run tries fewer.
"""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla.business_time import BusinessCalendar, SplicedCalendar
from tests.sla import slow_walk

MANY = settings(
    max_examples=int(os.environ.get("SLA_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ZONES = [
    "UTC",
    "Asia/Karachi",  # no summer time
    "Asia/Kathmandu",
    "America/Asuncion",  # summer time for good in 2024
    "America/Mexico_City",  # no summer time since 2022
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",  # changes about Ramadan, and for the last time in 2026
    "Antarctica/Troll",  # two hours of summer time
    "Asia/Amman",  # summer time for good in 2022
    "Asia/Beirut",
    "Asia/Tehran",  # no summer time since 2022
    "Atlantic/Azores",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Europe/London",
    "Pacific/Apia",  # left a whole day out in 2011
    "Pacific/Chatham",
]
# Days about which clocks change in one of those zones, New Year, and one day like any other.
DAYS = [
    "2011-12-28", "2022-03-20", "2022-09-20", "2022-10-01", "2022-10-27", "2022-10-29", "2024-10-04",
    "2026-02-14", "2026-03-07", "2026-03-20", "2026-03-28", "2026-04-03", "2026-04-22", "2026-07-01",
    "2026-09-05",
    "2026-09-19", "2026-09-26", "2026-10-03", "2026-10-24", "2026-10-29", "2026-10-31", "2026-12-30",
]  # fmt: skip

quarter_hours = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
closings = st.one_of(quarter_hours, st.just("24:00"))
intervals = st.tuples(quarter_hours, closings)
within_a_day = intervals.map(sorted).filter(lambda pair: pair[0] < pair[1])
day_hours = st.lists(st.one_of(within_a_day, intervals.map(list)), max_size=3)
pieces_of_time = st.tuples(st.integers(0, 3 * 1440), st.integers(0, 2000))


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    day = datetime.fromisoformat(draw(st.sampled_from(DAYS))).replace(tzinfo=UTC)
    return day + timedelta(minutes=draw(st.integers(0, 3 * 1440)))


@st.composite
def specs(draw: st.DrawFn, start: datetime) -> dict[str, Any]:
    near = st.integers(-1, 9).map(lambda n: (start + timedelta(days=n)).date().isoformat())
    week = draw(st.dictionaries(st.integers(0, 6).map(str), day_hours, max_size=7))
    opening = draw(st.integers(0, 20))
    week[str(draw(st.integers(0, 6)))] = [[f"{opening:02}:00", f"{opening + 3:02}:30"]]
    return {
        "tz": draw(st.sampled_from(ZONES)),
        "week": week,
        "holidays": draw(st.lists(near, max_size=3)),
        "overrides": draw(st.dictionaries(near, day_hours, max_size=2)),
    }


def periods(start: datetime, drawn: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    begins = [(start + timedelta(minutes=offset - 60), length) for offset, length in drawn]
    return [(begin, begin + timedelta(minutes=length)) for begin, length in begins]


@MANY
@given(st.data(), starts(), st.integers(0, 300), st.lists(pieces_of_time, max_size=3))
def test_a_deadline_is_where_a_walk_over_every_minute_ends(
    data: st.DataObject, start: datetime, minutes: int, drawn: list[tuple[int, int]]
) -> None:
    spec = data.draw(specs(start))
    pauses = periods(start, drawn)
    due = BusinessCalendar.from_spec(spec).add(start, timedelta(minutes=minutes), pauses)
    assert due == slow_walk.deadline(spec, start, minutes, pauses)


@MANY
@given(st.data(), starts(), st.integers(0, 5 * 1440), st.lists(pieces_of_time, max_size=3))
def test_elapsed_time_is_what_a_walk_over_every_minute_counts(
    data: st.DataObject, start: datetime, minutes: int, drawn: list[tuple[int, int]]
) -> None:
    spec = data.draw(specs(start))
    pauses, end = periods(start, drawn), start + timedelta(minutes=minutes)
    counted = BusinessCalendar.from_spec(spec).elapsed(start, end, pauses)
    assert counted == timedelta(minutes=slow_walk.elapsed(spec, start, end, pauses))


@MANY
@given(st.data(), starts(), st.integers(1, 10**12), st.integers(0, 10**9))
def test_a_deadline_is_the_earliest_instant_at_which_the_time_is_used_up(
    data: st.DataObject, start: datetime, microseconds: int, shift: int
) -> None:
    desk = BusinessCalendar.from_spec(data.draw(specs(start)))
    start += timedelta(microseconds=shift)
    promised = timedelta(microseconds=microseconds)
    due = desk.add(start, promised)
    assert desk.elapsed(start, due) == promised
    assert desk.elapsed(start, due - timedelta(microseconds=1)) < promised


@MANY
@given(st.data(), starts(), st.integers(0, 20 * 1440), st.integers(0, 20 * 1440))
def test_windows_are_in_order_apart_and_add_up(
    data: st.DataObject, start: datetime, before: int, after: int
) -> None:
    desk = BusinessCalendar.from_spec(data.draw(specs(start)))
    first, last = start - timedelta(minutes=before), start + timedelta(minutes=after)
    windows = desk.windows(first, last)
    assert all(opens < closes for opens, closes in windows)
    assert all(one[1] < other[0] for one, other in pairwise(windows))
    assert sum((closes - opens for opens, closes in windows), timedelta()) == desk.elapsed(first, last)


@MANY
@given(st.data(), starts(), st.integers(-3000, 9000), st.integers(1, 3000), st.integers(1, 6))
def test_an_edit_that_changes_nothing_moves_no_deadline(
    data: st.DataObject, start: datetime, shift: int, minutes: int, days: int
) -> None:
    spec = data.draw(specs(start))
    desk = BusinessCalendar.from_spec(spec)
    edit = start + timedelta(minutes=shift)
    spliced = SplicedCalendar([(start, desk), (edit, BusinessCalendar.from_spec(spec))])
    promised = timedelta(minutes=minutes)
    assert spliced.add(start, promised) == desk.add(start, promised)
    assert spliced.add_days(start, days) == desk.add_days(start, days)
    end = start + timedelta(days=20)
    assert spliced.windows(start, end) == desk.windows(start, end)


@MANY
@given(starts(), st.sampled_from(ZONES), st.integers(1, 15), st.sets(st.integers(0, 6), min_size=1))
def test_a_business_day_on_uniform_days_is_that_many_hours(
    start: datetime, tz: str, days: int, weekdays: set[int]
) -> None:
    week = {str(day): [["09:00", "18:00"]] for day in weekdays}
    desk = BusinessCalendar.from_spec({"tz": tz, "week": week})
    assert desk.add_days(start, days) == desk.add(start, timedelta(hours=9 * days))


@MANY
@given(st.data(), starts(), st.integers(1, 4))
def test_a_further_business_day_is_never_earlier(data: st.DataObject, start: datetime, days: int) -> None:
    spec = data.draw(specs(start))
    days_of = [*spec["week"].values(), *spec["overrides"].values()]
    assume(all(opens < closes for intervals in days_of for opens, closes in intervals))
    desk = BusinessCalendar.from_spec(spec)
    assert start <= desk.add_days(start, days) <= desk.add_days(start, days + 1)
    assert desk.add_days(start, days) <= desk.add_days(start, days, end_of_day=True)


@MANY
@given(st.data(), st.lists(starts(), min_size=2, max_size=6), st.integers(1, 3000))
def test_answers_do_not_depend_on_what_was_asked_before(
    data: st.DataObject, instants: list[datetime], minutes: int
) -> None:
    spec = data.draw(specs(instants[0]))
    worn, promised = BusinessCalendar.from_spec(spec), timedelta(minutes=minutes)
    for shift, instant in enumerate(instants):
        asked = instant + timedelta(days=365 * (-1) ** shift * shift)
        assert worn.add(asked, promised) == BusinessCalendar.from_spec(spec).add(asked, promised)
