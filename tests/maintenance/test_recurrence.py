"""Windows that recur, in zones that change their clocks. The dates below were worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from maintenance.recurrence import Occurrence, Recurrence, UnreadableRule, instant_of, occurrences

TWO = time(2, 0)


def of(rule: str, zone: str, at: time = TWO, minutes: int = 120, last: date | None = None) -> Recurrence:
    return Recurrence(rule, zone, date(2026, 1, 1), last, at, minutes)


def two_years(recurrence: Recurrence) -> list[Occurrence]:
    return occurrences(recurrence, date(2026, 1, 1), date(2027, 12, 31))


def utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


# First Sundays. New York is at -5, and at -4 from the second Sunday of March (8 March 2026, 14 March 2027) to
# the first Sunday of November (1 November 2026, 7 November 2027), when at 02:00 clocks go back to 01:00: that
# day 02:00 comes once, an hour later in UTC than the day before.
NEW_YORK = [
    "2026-01-04 07:00",
    "2026-02-01 07:00",
    "2026-03-01 07:00",
    "2026-04-05 06:00",
    "2026-05-03 06:00",
    "2026-06-07 06:00",
    "2026-07-05 06:00",
    "2026-08-02 06:00",
    "2026-09-06 06:00",
    "2026-10-04 06:00",
    "2026-11-01 07:00",
    "2026-12-06 07:00",
    "2027-01-03 07:00",
    "2027-02-07 07:00",
    "2027-03-07 07:00",
    "2027-04-04 06:00",
    "2027-05-02 06:00",
    "2027-06-06 06:00",
    "2027-07-04 06:00",
    "2027-08-01 06:00",
    "2027-09-05 06:00",
    "2027-10-03 06:00",
    "2027-11-07 07:00",
    "2027-12-05 07:00",
]
# Second Sundays: on 8 March 2026 and 14 March 2027 New York skips 02:00 to 03:00. The window begins with the
# change, 07:00 UTC, and not a day earlier or an hour later.
NEW_YORK_SKIPPED = ["2026-03-08 07:00", "2027-03-14 07:00"]
# Last Sundays. Madrid is at +1, and at +2 from the last Sunday of March (29 March 2026, 28 March 2027), when
# 02:00 to 03:00 is skipped (the change is at 01:00 UTC), to the last Sunday of October (25 October 2026, 31
# October 2027), when 02:00 to 03:00 comes twice, first at 00:00 UTC.
MADRID = [
    "2026-01-25 01:00",
    "2026-02-22 01:00",
    "2026-03-29 01:00",
    "2026-04-26 00:00",
    "2026-05-31 00:00",
    "2026-06-28 00:00",
    "2026-07-26 00:00",
    "2026-08-30 00:00",
    "2026-09-27 00:00",
    "2026-10-25 00:00",
    "2026-11-29 01:00",
    "2026-12-27 01:00",
    "2027-01-31 01:00",
    "2027-02-28 01:00",
    "2027-03-28 01:00",
    "2027-04-25 00:00",
    "2027-05-30 00:00",
    "2027-06-27 00:00",
    "2027-07-25 00:00",
    "2027-08-29 00:00",
    "2027-09-26 00:00",
    "2027-10-31 00:00",
    "2027-11-28 01:00",
    "2027-12-26 01:00",
]
# First Sundays. Karachi is at +5 all year: 02:00 is 21:00 UTC of the Saturday before.
KARACHI = [
    "2026-01-03 21:00",
    "2026-01-31 21:00",
    "2026-02-28 21:00",
    "2026-04-04 21:00",
    "2026-05-02 21:00",
    "2026-06-06 21:00",
    "2026-07-04 21:00",
    "2026-08-01 21:00",
    "2026-09-05 21:00",
    "2026-10-03 21:00",
    "2026-10-31 21:00",
    "2026-12-05 21:00",
    "2027-01-02 21:00",
    "2027-02-06 21:00",
    "2027-03-06 21:00",
    "2027-04-03 21:00",
    "2027-05-01 21:00",
    "2027-06-05 21:00",
    "2027-07-03 21:00",
    "2027-07-31 21:00",
    "2027-09-04 21:00",
    "2027-10-02 21:00",
    "2027-11-06 21:00",
    "2027-12-04 21:00",
]


@pytest.mark.parametrize(
    ("rule", "zone", "starts"),
    [
        ("FREQ=MONTHLY;BYDAY=1SU", "America/New_York", NEW_YORK),
        ("FREQ=MONTHLY;BYDAY=-1SU", "Europe/Madrid", MADRID),
        ("FREQ=MONTHLY;BYDAY=1SU", "Asia/Karachi", KARACHI),
    ],
)
def test_two_years_of_monthly_windows_at_two(rule: str, zone: str, starts: list[str]) -> None:
    found = two_years(of(rule, zone))
    assert [one.starts_at for one in found] == [utc(start) for start in starts]
    # The work takes two hours, also where the wall says one or three.
    assert {one.ends_at - one.starts_at for one in found} == {timedelta(hours=2)}


def test_an_hour_that_spring_skips_begins_with_the_change() -> None:
    found = two_years(of("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "America/New_York"))
    assert [one.starts_at for one in found] == [utc(start) for start in NEW_YORK_SKIPPED]
    assert [one.day for one in found] == [date(2026, 3, 8), date(2027, 3, 14)]


def test_an_hour_that_autumn_repeats_is_its_first_reading() -> None:
    assert instant_of(date(2026, 11, 1), time(1, 30), "America/New_York") == utc("2026-11-01 05:30")
    assert instant_of(date(2026, 10, 25), time(2, 30), "Europe/Madrid") == utc("2026-10-25 00:30")


def test_first_and_last_day_are_both_in() -> None:
    weekly = of("FREQ=WEEKLY;BYDAY=TH", "UTC", last=date(2026, 1, 15))
    days = [one.day for one in occurrences(weekly, date(2025, 1, 1), date(2027, 1, 1))]
    assert days == [date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15)]
    assert occurrences(weekly, date(2026, 1, 16), date(2026, 2, 1)) == []
    # Every second week is counted from the first day, wherever one begins to look.
    every_other = of("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "UTC")
    days = [one.day for one in occurrences(every_other, date(2026, 1, 2), date(2026, 2, 1))]
    assert days == [date(2026, 1, 15), date(2026, 1, 29)]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every sunday",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;INTERVAL=1",
        "BYDAY=1SU",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;UNTIL=20270101",
        "FREQ=DAILY;BYHOUR=2",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=",
        "FREQ=DAILY;INTERVAL=0",
        "DTSTART:20260101T000000\nRRULE:FREQ=DAILY",
    ],
)
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    with pytest.raises(UnreadableRule):
        two_years(of(rule, "UTC"))


def test_a_rule_that_names_no_day_ends_all_the_same() -> None:
    assert two_years(of("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "UTC")) == []
    assert two_years(of("FREQ=MONTHLY;BYMONTHDAY=99", "UTC")) == []
