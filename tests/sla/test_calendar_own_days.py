"""Days of a calendar's own: ranges, days of every year, and which of several words holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.business_time import BusinessCalendar, CalendarNeverOpens, InvalidCalendar
from tests.sla import slow_walk
from tests.sla.test_business_time_properties import MANY, ZONES, day_hours, periods, pieces_of_time, starts

NINE_TO_SIX = {str(day): [["09:00", "18:00"]] for day in range(7)}
MORNING = [["09:00", "12:00"]]
CLOSED: list[list[str]] = []


def calendar(**parts: Any) -> BusinessCalendar:
    return BusinessCalendar.from_spec({"tz": "UTC", "week": NINE_TO_SIX, **parts}, "desk")


def hours_on(desk: BusinessCalendar, day: str) -> int:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return desk.elapsed(start, start + timedelta(days=1)) // timedelta(hours=1)


def test_a_range_gives_its_hours_to_every_day_from_first_to_last() -> None:
    span = {"from": "2026-07-06", "to": "2026-07-08", "name": "Summer hours", "hours": MORNING}
    desk = calendar(ranges=[span])
    assert [hours_on(desk, f"2026-07-0{day}") for day in range(5, 10)] == [9, 3, 3, 3, 9]


def test_a_yearly_day_holds_in_every_year() -> None:
    desk = calendar(yearly={"12-24": {"name": "Christmas Eve", "hours": MORNING}, "12-31": CLOSED})
    for year in (1999, 2026, 2031):
        assert hours_on(desk, f"{year}-12-24") == 3
        assert hours_on(desk, f"{year}-12-31") == 0
    assert desk.holiday_name(date(2031, 12, 31)) == ""
    assert desk.holiday_name(date(2031, 12, 24)) is None, "open for a while, so not closed"


def test_a_yearly_range_reaches_over_new_year() -> None:
    desk = calendar(yearly={"12-30": {"to": "01-02", "name": "Between the years", "hours": CLOSED}})
    around = ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"]
    assert [hours_on(desk, day) for day in around] == [9, 0, 0, 0, 0, 9]


def test_the_29th_of_february_comes_in_leap_years_alone() -> None:
    desk = calendar(yearly={"02-29": {"name": "Leap day", "hours": CLOSED}})
    assert hours_on(desk, "2028-02-29") == 0
    assert hours_on(desk, "2027-02-28") == hours_on(desk, "2027-03-01") == 9
    over = calendar(yearly={"02-28": {"to": "03-01", "hours": CLOSED}})
    assert hours_on(over, "2027-02-28") == hours_on(over, "2028-02-29") == hours_on(over, "2027-03-01") == 0


def test_the_narrower_word_holds() -> None:
    desk = calendar(
        holidays={"2026-12-25": "Christmas", "2026-12-26": "Boxing Day", "2026-12-27": "Third day"},
        yearly={"12-25": {"to": "12-26", "name": "Every year", "hours": MORNING}},
        ranges=[{"from": "2026-12-26", "to": "2026-12-28", "name": "Break", "hours": CLOSED}],
        overrides={"2026-12-28": {"name": "Stocktaking", "hours": [["10:00", "14:00"]]}},
    )
    assert [hours_on(desk, f"2026-12-{day}") for day in range(25, 29)] == [3, 0, 0, 4]
    assert desk.holiday_name(date(2026, 12, 26)) == "Break"
    assert hours_on(desk, "2027-12-26") == 3


def test_closures_name_yearly_days_and_leave_out_what_another_word_opened() -> None:
    desk = calendar(
        holidays={"2026-12-25": "Christmas"},
        yearly={"12-24": {"name": "Christmas Eve", "hours": CLOSED}, "12-25": MORNING},
        overrides={"2027-12-24": MORNING},
    )
    found = desk.closures(datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))
    assert [(one.start.date().isoformat(), one.name) for one in found] == [
        ("2026-12-24", "Christmas Eve"),
        ("2028-12-24", "Christmas Eve"),
    ]


def test_a_desk_that_opens_on_one_day_of_the_year_goes_on_opening() -> None:
    desk = BusinessCalendar.from_spec({"tz": "UTC", "yearly": {"02-29": MORNING}}, "Leap desk")
    desk.check()
    assert desk.next_open(datetime(2025, 1, 1, tzinfo=UTC)) == datetime(2028, 2, 29, 9, tzinfo=UTC)
    assert desk.add(datetime(2025, 1, 1, tzinfo=UTC), timedelta(hours=4)) == datetime(
        2032, 2, 29, 10, tzinfo=UTC
    )


def test_a_week_that_every_day_of_the_year_closes_never_opens() -> None:
    desk = calendar(yearly={"01-01": {"to": "12-31", "hours": CLOSED}})
    with pytest.raises(CalendarNeverOpens, match="desk"):
        desk.check(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(CalendarNeverOpens, match="desk"):
        desk.next_open(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("part", "reason", "day"),
    [
        ({"yearly": {"02-30": []}}, "bad_date", "02-30"),
        ({"yearly": {"2026-12-24": []}}, "bad_date", "2026-12-24"),
        ({"yearly": {"12-24": {"to": "13-01"}}}, "bad_date", "13-01"),
        ({"yearly": {"12-24": [["9", "10"]]}}, "bad_time", "12-24"),
        ({"yearly": []}, None, None),
        ({"yearly": ["12-24"]}, "bad_shape", None),
        ({"ranges": [{"from": "2026-12-24", "to": "2026-12-23"}]}, "bad_range", "2026-12-24"),
        ({"ranges": [{"from": "2026-12-24", "to": "2028-12-24"}]}, "bad_range", "2026-12-24"),
        ({"ranges": [{"from": "2026-12-24"}]}, "bad_date", "None"),
        ({"ranges": ["2026-12-24"]}, "bad_shape", None),
        ({"ranges": {"from": "2026-12-24"}}, "bad_shape", None),
    ],
)
def test_days_that_cannot_be_read_say_why_and_where(
    part: dict[str, Any], reason: str | None, day: str | None
) -> None:
    if reason is None:
        calendar(**part)
        return
    with pytest.raises(InvalidCalendar) as refused:
        calendar(**part)
    assert (refused.value.reason, refused.value.day) == (reason, day)


@st.composite
def own_days(draw: st.DrawFn, start: datetime) -> dict[str, Any]:
    """A calendar with days of every kind near an instant, a yearly one perhaps over New Year."""
    near = st.integers(-2, 9).map(lambda n: (start + timedelta(days=n)).date())
    spans = [sorted([draw(near), draw(near)]) for _ in range(draw(st.integers(0, 2)))]
    yearly: dict[str, Any] = {}
    for _ in range(draw(st.integers(0, 3))):
        first, last = sorted([draw(near), draw(near)])
        entry = {"hours": draw(day_hours)}
        yearly[f"{first:%m-%d}"] = entry if first == last else entry | {"to": f"{last:%m-%d}"}
    return {
        "tz": draw(st.sampled_from(ZONES)),
        "week": {str(day): [["08:00", "11:30"]] for day in draw(st.sets(st.integers(0, 6), min_size=1))},
        "holidays": [day.isoformat() for day in draw(st.lists(near, max_size=3))],
        "overrides": {day.isoformat(): draw(day_hours) for day in draw(st.lists(near, max_size=2))},
        "ranges": [
            {"from": first.isoformat(), "to": last.isoformat(), "hours": draw(day_hours)}
            for first, last in spans
        ],
        "yearly": yearly,
    }


LEAP_DAY = datetime(2028, 2, 27, 5, tzinfo=UTC)


@MANY
@given(
    st.data(),
    st.one_of(starts(), st.just(LEAP_DAY)),
    st.integers(0, 300),
    st.lists(pieces_of_time, max_size=2),
)
def test_a_deadline_among_own_days_is_where_a_walk_over_every_minute_ends(
    data: st.DataObject, start: datetime, minutes: int, drawn: list[tuple[int, int]]
) -> None:
    spec = data.draw(own_days(start))
    pauses = periods(start, drawn)
    due = BusinessCalendar.from_spec(spec).add(start, timedelta(minutes=minutes), pauses)
    assert due == slow_walk.deadline(spec, start, minutes, pauses)
