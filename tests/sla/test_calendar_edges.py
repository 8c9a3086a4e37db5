"""Calendars that never open, that cannot be read, and that were edited."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sla.business_time import (
    BusinessCalendar,
    CalendarNeverOpens,
    InvalidCalendar,
    SplicedCalendar,
    around_the_clock,
    overlaps,
    splice,
)

NINE_TO_SIX = {str(day): [["09:00", "18:00"]] for day in range(5)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def calendar(tz: str = "UTC", **parts: object) -> BusinessCalendar:
    return BusinessCalendar.from_spec({"tz": tz, "week": NINE_TO_SIX, **parts}, "desk")


# Calendars that never open, and those that cannot be read


def test_a_calendar_that_never_opens_is_named_at_save_and_at_use() -> None:
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": {}}, "Night desk")
    for use in (
        desk.check,
        lambda: desk.add(at("2026-03-06T11:00Z"), hours(1)),
        lambda: desk.add_days(at("2026-03-06T11:00Z"), 1),
        lambda: desk.next_open(at("2026-03-06T11:00Z")),
    ):
        with pytest.raises(CalendarNeverOpens, match="Night desk"):
            use()


def test_a_calendar_whose_last_opening_is_past_never_opens_again() -> None:
    desk = BusinessCalendar.from_spec(
        {"tz": "UTC", "overrides": {"2031-03-09": [["09:00", "12:00"]]}}, "Fair"
    )
    desk.check()
    assert desk.add(at("2026-03-06T11:00Z"), hours(3)) == at("2031-03-09T12:00Z")
    with pytest.raises(CalendarNeverOpens, match="Fair"):
        desk.add(at("2026-03-06T11:00Z"), hours(3.5))
    with pytest.raises(CalendarNeverOpens, match="Fair"):
        desk.check(at("2031-03-09T12:00Z"))


@pytest.mark.parametrize(
    ("part", "reason", "day"),
    [
        ({"tz": "Mars/Olympus"}, "unknown_zone", None),
        ({"tz": "../etc/passwd"}, "unknown_zone", None),
        ({"tz": "America"}, "unknown_zone", None),
        ({"tz": None}, "unknown_zone", None),
        ({"week": {"7": [["09:00", "18:00"]]}}, "bad_weekday", "7"),
        ({"week": {"0": [["9:00", "18:00"]]}}, "bad_time", "0"),
        ({"week": {"0": [["24:00", "18:00"]]}}, "bad_time", "0"),
        ({"week": {"1": [["09:00"]]}}, "bad_shape", "1"),
        ({"week": {"1": "09:00"}}, "bad_shape", "1"),
        ({"week": []}, None, None),
        ({"holidays": ["2026-02-30"]}, "bad_date", "2026-02-30"),
        ({"holidays": ["2026-W01-1"]}, "bad_date", "2026-W01-1"),
        ({"overrides": {"2026-01-01": [["09:00", "25:00"]]}}, "bad_time", "2026-01-01"),
    ],
)
def test_a_calendar_that_cannot_be_read_says_why_and_where(
    part: dict[str, object], reason: str | None, day: str | None
) -> None:
    spec = {"tz": "UTC", "week": NINE_TO_SIX, **part}
    if reason is None:
        BusinessCalendar.from_spec(spec)  # empty is readable, and `check` refuses it
        return
    with pytest.raises(InvalidCalendar) as refused:
        BusinessCalendar.from_spec(spec)
    assert (refused.value.reason, refused.value.day) == (reason, day)


def test_overlapping_intervals_are_found_for_the_form() -> None:
    touching = [["09:00", "13:00"], ["13:00", "18:00"]]
    assert overlaps(touching) == []
    assert overlaps([*touching, ["12:30", "14:00"]]) == [
        (("09:00", "13:00"), ("12:30", "14:00")),
        (("12:30", "14:00"), ("13:00", "18:00")),
    ]


def test_names_of_exceptions_may_stand_beside_them() -> None:
    desk = calendar(overrides={"2026-12-31": []}, override_names={"2026-12-31": "Stocktaking"})
    assert desk.holiday_name(date(2026, 12, 31)) == "Stocktaking"


def test_a_period_without_length_has_no_windows() -> None:
    noon = at("2026-03-09T12:00Z")
    assert calendar().windows(noon, noon) == calendar().windows(noon, noon - hours(1)) == []


# Calendars that were edited


def edited(*versions: tuple[str, BusinessCalendar]) -> SplicedCalendar:
    return SplicedCalendar([(at(since), version) for since, version in versions])


def test_time_before_an_edit_is_reckoned_under_the_version_then_in_force() -> None:
    longer = BusinessCalendar.from_spec(
        {"tz": "UTC", "week": {str(d): [["08:00", "20:00"]] for d in range(7)}}
    )
    desk = edited(("2020-01-01T00:00Z", calendar()), ("2026-03-07T00:00Z", longer))
    assert desk.add(at("2026-03-06T17:00Z"), hours(2)) == at("2026-03-07T09:00Z")
    assert desk.elapsed(at("2026-03-05T00:00Z"), at("2026-03-08T00:00Z")) == hours(9 + 9 + 12)
    assert desk.next_open(at("2026-03-06T18:00Z")) == at("2026-03-07T08:00Z")


def test_an_edit_in_the_middle_of_a_window_splices_at_that_instant() -> None:
    shut = calendar(overrides={"2026-03-09": []})
    desk = edited(("2020-01-01T00:00Z", calendar()), ("2026-03-09T12:00Z", shut))
    assert desk.windows(at("2026-03-09T00:00Z"), at("2026-03-10T00:00Z")) == [
        (at("2026-03-09T09:00Z"), at("2026-03-09T12:00Z"))
    ]
    assert desk.add(at("2026-03-09T11:00Z"), hours(1)) == at("2026-03-09T12:00Z")
    assert desk.add(at("2026-03-09T11:00Z"), hours(2)) == at("2026-03-10T10:00Z")


def test_business_days_pass_over_an_edit() -> None:
    weekend = BusinessCalendar.from_spec({"tz": "UTC", "week": {"5": [["10:00", "14:00"]]}})
    desk = edited(("2020-01-01T00:00Z", calendar()), ("2026-03-07T00:00Z", weekend))
    assert desk.add_days(at("2026-03-05T12:00Z"), 2) == at("2026-03-07T12:00Z")
    assert desk.add_days(at("2026-03-05T12:00Z"), 3) == at("2026-03-14T12:00Z")


def test_windows_of_two_versions_that_touch_are_one() -> None:
    desk = edited(
        ("2020-01-01T00:00Z", around_the_clock()), ("2026-03-09T12:34Z", around_the_clock("Asia/Karachi"))
    )
    day = (at("2026-03-09T00:00Z"), at("2026-03-10T00:00Z"))
    assert desk.windows(*day) == [day]
    assert desk.add_days(at("2026-03-09T01:00Z"), 1) > at("2026-03-09T12:34Z")


def test_a_single_version_needs_no_splice() -> None:
    desk = calendar()
    assert splice([(None, desk)]) is desk
    assert isinstance(splice([(None, desk), (at("2026-01-01T00:00Z"), desk)]), SplicedCalendar)


def test_an_edited_calendar_that_never_opens_again_is_named() -> None:
    closed = BusinessCalendar.from_spec({"tz": "UTC", "week": {}}, "Closed desk")
    desk = edited(("2020-01-01T00:00Z", calendar()), ("2026-03-09T12:00Z", closed))
    assert desk.add(at("2026-03-09T09:00Z"), hours(3)) == at("2026-03-09T12:00Z")
    with pytest.raises(CalendarNeverOpens, match="Closed desk"):
        desk.add(at("2026-03-09T09:00Z"), hours(4))
    with pytest.raises(CalendarNeverOpens, match="Closed desk"):
        desk.add_days(at("2026-03-06T09:30Z"), 5)
