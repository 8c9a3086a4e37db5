"""Business time against written cases, the days on which clocks change, and traps that caught others."""

import json
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla.business_time import (
    BusinessCalendar,
    around_the_clock,
)

CASES = json.loads((Path(__file__).parent / "data" / "sla-cases.json").read_text())
CALENDARS = {name: BusinessCalendar.from_spec(spec, name) for name, spec in CASES["calendars"].items()}
NINE_TO_SIX = {str(day): [["09:00", "18:00"]] for day in range(5)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def calendar(tz: str = "UTC", **parts: object) -> BusinessCalendar:
    return BusinessCalendar.from_spec({"tz": tz, "week": NINE_TO_SIX, **parts}, "desk")


def amount(case: Mapping[str, Any], prefix: str = "") -> timedelta:
    return timedelta(minutes=case.get(f"{prefix}minutes", 0), seconds=case.get(f"{prefix}seconds", 0))


@pytest.mark.parametrize("kind", ["deadline", "deadline_paused", "elapsed", "business_days"])
def test_every_written_case_comes_out_as_expected(kind: str) -> None:
    wrong = []
    for case in (case for case in CASES["cases"] if case["kind"] == kind):
        desk, start = CALENDARS[case["calendar"]], at(case["start"])
        pauses = [(at(begin), at(end)) for begin, end in case.get("pauses", ())]
        if kind == "elapsed":
            right = desk.elapsed(start, at(case["end"])) == amount(case, "expected_")
        elif kind == "business_days":
            right = desk.add_days(start, case["days"]) == at(case["expected"])
        else:
            right = desk.add(start, amount(case), pauses) == at(case["expected"])
        if not right:
            wrong.append(case["id"])
    assert wrong == []


# The unit


def test_a_target_used_up_at_closing_time_is_due_at_closing_time() -> None:
    assert calendar().add(at("2026-03-06T14:00Z"), hours(4)) == at("2026-03-06T18:00Z")


def test_a_start_exactly_at_close_counts_from_the_next_opening() -> None:
    assert calendar().add(at("2026-03-06T18:00Z"), hours(1)) == at("2026-03-09T10:00Z")


def test_a_start_exactly_at_open_counts_at_once() -> None:
    assert calendar().add(at("2026-03-09T09:00Z"), hours(1)) == at("2026-03-09T10:00Z")


def test_nothing_to_count_is_due_at_the_start_even_when_closed() -> None:
    assert calendar().add(at("2026-03-07T03:00Z"), hours(0)) == at("2026-03-07T03:00Z")


def test_a_start_one_second_before_midnight_is_exact() -> None:
    assert calendar().add(at("2026-03-06T23:59:59Z"), timedelta(seconds=1)) == at("2026-03-09T09:00:01Z")


def test_microseconds_are_neither_lost_nor_invented() -> None:
    due = calendar().add(at("2026-03-09T17:59:59.999999Z"), timedelta(microseconds=2))
    assert due == at("2026-03-10T09:00:00.000001Z")


def test_answers_are_in_utc_whatever_the_zone_of_the_question() -> None:
    due = calendar().add(datetime.fromisoformat("2026-03-09T14:00+05:00"), hours(1))
    assert (due, due.tzinfo) == (at("2026-03-09T10:00Z"), UTC)


def test_naive_datetimes_are_refused() -> None:
    with pytest.raises(TypeError):
        calendar().add(datetime(2026, 3, 9, 9), hours(1))  # noqa: DTZ001


def test_negative_durations_are_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        calendar().add(at("2026-03-09T09:00Z"), hours(-1))


def test_elapsed_time_backwards_is_negative() -> None:
    assert calendar().elapsed(at("2026-03-09T12:00Z"), at("2026-03-09T10:00Z")) == hours(-2)


def test_windows_are_half_open() -> None:
    desk = calendar()
    assert [desk.is_open(at(f"2026-03-09T{t}Z")) for t in ("08:59:59", "09:00", "17:59:59", "18:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_next_open_is_now_when_open_and_the_next_window_when_not() -> None:
    desk = calendar()
    assert desk.next_open(at("2026-03-09T12:00Z")) == at("2026-03-09T12:00Z")
    assert desk.next_open(at("2026-03-06T18:00Z")) == at("2026-03-09T09:00Z")


# Days on which the clocks change


@pytest.mark.parametrize(("day", "length"), [("2026-03-08", 23), ("2026-11-01", 25), ("2026-07-01", 24)])
def test_around_the_clock_is_exact_on_short_and_long_days(day: str, length: int) -> None:
    zone = zoneinfo.ZoneInfo("America/New_York")
    start = datetime.fromisoformat(day).replace(tzinfo=zone)
    end = datetime.fromisoformat(day).replace(tzinfo=zone) + timedelta(days=1)
    assert around_the_clock("America/New_York").elapsed(start, end) == hours(length)


def test_a_window_inside_the_skipped_hour_is_empty() -> None:
    desk = CALENDARS["ny_gapedge"]  # Sundays 02:00 to 03:00
    assert desk.elapsed(at("2026-03-08T00:00Z"), at("2026-03-09T00:00Z")) == hours(0)
    assert desk.elapsed(at("2026-03-15T00:00Z"), at("2026-03-16T00:00Z")) == hours(1)


def test_a_label_in_the_repeated_hour_is_its_first_reading() -> None:
    desk = calendar("America/New_York", overrides={"2026-11-01": [["01:30", "03:00"]]})
    assert desk.next_open(at("2026-11-01T00:00Z")) == at("2026-11-01T05:30Z")
    assert desk.elapsed(at("2026-11-01T00:00Z"), at("2026-11-02T00:00Z")) == hours(2.5)


def test_a_day_that_begins_inside_a_gap_opens_at_the_change() -> None:
    desk = BusinessCalendar.from_spec({"tz": "Africa/Cairo", "week": {"4": [["00:00", "08:00"]]}})
    assert desk.next_open(at("2026-04-23T20:00Z")) == at(
        "2026-04-23T22:00Z"
    )  # 00:00 does not exist that Friday
    assert desk.elapsed(at("2026-04-23T20:00Z"), at("2026-04-24T20:00Z")) == hours(7)


def test_half_an_hour_of_summer_time_is_half_an_hour() -> None:
    desk = around_the_clock("Australia/Lord_Howe")
    sydney_day = desk.windows(at("2026-04-04T00:00Z"), at("2026-04-06T00:00Z"))
    assert sydney_day == [(at("2026-04-04T00:00Z"), at("2026-04-06T00:00Z"))]
    spec = {"tz": "Australia/Lord_Howe", "week": {"6": [["00:00", "24:00"]]}}
    sunday = BusinessCalendar.from_spec(spec)
    assert sunday.elapsed(at("2026-04-04T00:00Z"), at("2026-04-06T00:00Z")) == hours(24.5)


def test_casablanca_leaves_summer_time_for_good_in_september_2026() -> None:
    desk = calendar("Africa/Casablanca")
    assert desk.next_open(at("2026-09-18T00:00Z")) == at("2026-09-18T08:00Z")
    assert desk.next_open(at("2026-09-21T00:00Z")) == at("2026-09-21T09:00Z")


def test_zones_come_from_the_package_and_not_from_the_system() -> None:
    assert zoneinfo.TZPATH == ()


# Windows, holidays, exceptions


def test_several_windows_a_day_leave_lunch_out() -> None:
    assert CALENDARS["newyork"].add(at("2026-03-09T16:30Z"), hours(1)) == at("2026-03-09T18:30Z")


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_opens() -> None:
    spec = {"tz": "UTC", "week": {"0": [["22:00", "06:00"]]}, "holidays": ["2026-03-10"]}
    desk = BusinessCalendar.from_spec(spec)
    assert desk.windows(at("2026-03-09T00:00Z"), at("2026-03-12T00:00Z")) == [
        (at("2026-03-09T22:00Z"), at("2026-03-10T06:00Z"))
    ]


def test_a_holiday_closes_the_whole_window_that_opens_on_it() -> None:
    spec = {"tz": "UTC", "week": {"0": [["22:00", "06:00"]]}, "holidays": ["2026-03-09"]}
    assert BusinessCalendar.from_spec(spec).next_open(at("2026-03-09T00:00Z")) == at("2026-03-16T22:00Z")


def test_touching_and_overlapping_windows_merge() -> None:
    desk = calendar(overrides={"2026-03-09": [["09:00", "12:00"], ["12:00", "14:00"], ["13:00", "15:00"]]})
    expected = [(at("2026-03-09T09:00Z"), at("2026-03-09T15:00Z"))]
    assert desk.windows(at("2026-03-09T00:00Z"), at("2026-03-10T00:00Z")) == expected


def test_a_window_over_new_year_is_not_torn() -> None:
    week = {str(day): [["22:00", "06:00"]] for day in range(7)}
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": week})
    assert desk.elapsed(at("2027-01-01T00:00Z"), at("2027-01-01T12:00Z")) == hours(6)
    assert desk.add(at("2026-12-31T23:00Z"), hours(8)) == at("2027-01-01T23:00Z")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-12-23T17:00Z", "2026-12-24T10:00Z"),  # before the half day
        ("2026-12-24T10:00Z", "2026-12-24T12:00Z"),  # around it
        ("2026-12-24T13:00Z", "2026-12-25T11:00Z"),  # after it has closed
    ],
)
def test_a_half_day_counts_its_hours_only(start: str, due: str) -> None:
    desk = calendar(overrides={"2026-12-24": [["09:00", "12:00"]]})
    assert desk.add(at(start), hours(2)) == at(due)


def test_an_exception_beats_a_holiday_and_an_empty_one_closes_the_day() -> None:
    desk = calendar(holidays=["2026-03-09"], overrides={"2026-03-09": [["10:00", "11:00"]], "2026-03-10": []})
    assert desk.add(at("2026-03-09T00:00Z"), hours(2)) == at("2026-03-11T10:00Z")


def test_holidays_across_new_year_are_left_out() -> None:
    assert CALENDARS["hol_run"].add(at("2026-12-23T17:00Z"), hours(1)) == at("2027-01-04T09:30Z")


def test_thirty_closed_days_do_not_hide_a_short_target() -> None:
    closed = [(date(2026, 6, 1) + timedelta(days=n)).isoformat() for n in range(30)]
    due = calendar(holidays=closed).add(at("2026-05-29T18:00Z"), timedelta(minutes=30))
    assert due == at("2026-07-01T09:30Z")


def test_a_week_with_one_working_day_goes_from_week_to_week() -> None:
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": {"2": [["09:00", "10:00"]]}})
    assert desk.add(at("2026-03-11T09:30Z"), hours(2)) == at("2026-03-25T09:30Z")


def test_a_date_says_what_closes_it() -> None:
    desk = calendar(
        holidays={"2026-03-23": "Pakistan Day", "2026-03-24": "Eid"},
        overrides={"2026-03-24": [["09:00", "12:00"]], "2026-12-31": {"name": "Stocktaking", "hours": []}},
    )
    names = [desk.holiday_name(date(2026, *day)) for day in ((3, 23), (3, 24), (12, 31), (3, 25))]
    assert names == ["Pakistan Day", None, "Stocktaking", None]
    [closure] = desk.closures(at("2026-03-22T00:00Z"), at("2026-03-23T12:00Z"))
    assert closure == (at("2026-03-23T00:00Z"), at("2026-03-23T12:00Z"), "Pakistan Day")


# Pauses


def test_a_pause_at_or_after_the_deadline_does_not_move_it() -> None:
    pause = [(at("2026-03-09T11:00Z"), at("2026-03-09T15:00Z"))]
    assert calendar().add(at("2026-03-09T09:00Z"), hours(2), pause) == at("2026-03-09T11:00Z")


def test_overlapping_pauses_are_left_out_once() -> None:
    pauses = [
        (at("2026-03-09T11:00Z"), at("2026-03-09T13:00Z")),
        (at("2026-03-09T10:00Z"), at("2026-03-09T12:00Z")),
        (at("2026-03-09T10:30Z"), at("2026-03-09T10:31Z")),
    ]
    assert calendar().add(at("2026-03-09T09:00Z"), hours(2), pauses) == at("2026-03-09T14:00Z")
    assert calendar().elapsed(at("2026-03-09T09:00Z"), at("2026-03-09T14:00Z"), pauses) == hours(2)


def test_a_pause_over_the_weekend_costs_only_its_open_hours() -> None:
    pause = [(at("2026-03-06T17:00Z"), at("2026-03-09T10:00Z"))]
    assert calendar().add(at("2026-03-06T16:00Z"), hours(2), pause) == at("2026-03-09T11:00Z")


# Business days


def test_a_business_day_is_the_same_wall_clock_on_the_next_day_with_hours() -> None:
    assert calendar().add_days(at("2026-03-06T15:20Z"), 1) == at("2026-03-09T15:20Z")


def test_a_business_day_from_a_closed_day_ends_at_a_close() -> None:
    assert calendar().add_days(at("2026-03-07T15:20Z"), 1) == at("2026-03-09T18:00Z")


def test_a_business_day_keeps_the_wall_clock_when_the_clocks_change() -> None:
    desk = calendar("America/New_York")
    assert desk.add_days(at("2026-03-06T10:00-05:00"), 1) == at("2026-03-09T10:00-04:00")


def test_a_business_day_is_clamped_into_a_shorter_day() -> None:
    desk = calendar(overrides={"2026-03-10": [["10:00", "12:00"]]})
    assert desk.add_days(at("2026-03-09T15:00Z"), 1) == at("2026-03-10T12:00Z")
    assert desk.add_days(at("2026-03-09T09:15Z"), 1) == at("2026-03-09T18:00Z")


def test_a_business_day_of_a_night_shift_is_the_next_night() -> None:
    week = {str(day): [["22:00", "06:00"]] for day in range(5)}
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": week})
    assert desk.add_days(at("2026-03-10T02:00Z"), 1) == at("2026-03-11T02:00Z")
    assert desk.add_days(at("2026-03-14T02:00Z"), 1) == at("2026-03-17T02:00Z")


def test_a_plan_may_promise_the_end_of_that_day() -> None:
    assert calendar().add_days(at("2026-03-06T11:00Z"), 2, end_of_day=True) == at("2026-03-10T18:00Z")


def test_a_pause_moves_a_day_deadline_by_its_open_time() -> None:
    pause = [(at("2026-03-06T17:00Z"), at("2026-03-09T10:00Z"))]
    assert calendar().add_days(at("2026-03-06T15:00Z"), 1, pause) == at("2026-03-09T17:00Z")
