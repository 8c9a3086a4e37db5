"""What is read out of an iCalendar file, and what is left out with which reason."""

from datetime import date, timedelta

import pytest

from sla.ics import MOST_BYTES, MOST_EVENTS, Reason, UnreadableFile, read_ics
from sla.own_days import OwnDays

TODAY = date(2026, 10, 20)


def file_of(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//EN\r\n{inside}END:VCALENDAR\r\n".encode()


def event(day: str, *more: str, name: str = "Day") -> str:
    return "\r\n".join([f"UID:{day}", f"SUMMARY:{name}", f"DTSTART;VALUE=DATE:{day}", *more])


def days(*events: str) -> list[tuple[str, str, bool]]:
    found, left_out = read_ics(file_of(*events), TODAY)
    assert not left_out
    return [own.when for own in found]


def reason(*lines: str) -> Reason:
    found, left_out = read_ics(file_of("\r\n".join(lines)), TODAY)
    assert not found
    return left_out[0].reason


def test_days_of_one_time_and_spans_come_in_order_with_their_names() -> None:
    found, left_out = read_ics(
        file_of(
            event("20270705", "DTEND;VALUE=DATE:20270717", name="Summer\\, break"),
            event("20261224", name="  Christmas\r\n  Eve "),
            event("20270105", "DURATION:P2D"),
        ),
        TODAY,
    )
    assert not left_out
    assert found == [
        OwnDays(date(2026, 12, 24), date(2026, 12, 24), name="Christmas Eve"),
        OwnDays(date(2027, 1, 5), date(2027, 1, 6), name="Day"),
        OwnDays(date(2027, 7, 5), date(2027, 7, 16), name="Summer, break"),
    ]


def test_what_comes_back_on_the_same_day_is_a_yearly_day() -> None:
    assert days(event("20201224", "DTEND;VALUE=DATE:20201227", "RRULE:FREQ=YEARLY")) == [
        ("12-24", "12-26", True)
    ]
    assert days(event("20201225", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25")) == [("12-25", "12-25", True)]
    assert days(event("20240229", "RRULE:FREQ=YEARLY")) == [("02-29", "02-29", True)]


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("20201126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26", "2027-11-25", "2028-11-23"]),
        ("20200525", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", ["2027-05-31", "2028-05-29", "2029-05-28"]),
        ("20250105", "FREQ=YEARLY;COUNT=3", ["2027-01-05"]),
        ("20250105", "FREQ=YEARLY;UNTIL=20280105", ["2027-01-05", "2028-01-05"]),
        ("20251231", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1;INTERVAL=2", ["2027-12-31", "2029-12-31"]),
        ("20250105", "FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20270105", ["2028-01-05", "2029-01-05"]),
    ],
)
def test_other_yearly_rules_are_written_out_for_the_years_ahead(
    start: str, rule: str, expected: list[str]
) -> None:
    written = days(event(start, f"RRULE:{rule}"))
    assert [first for first, _last, _yearly in written][: len(expected)] == expected
    assert all(first <= "2029-12-31" and not yearly for first, _last, yearly in written)


def test_midnight_to_midnight_is_a_whole_day() -> None:
    zone = "TZID=Europe/Madrid"
    lines = f"DTSTART;{zone}:20261126T000000\r\nDTEND;{zone}:20261128T000000"
    assert days(f"UID:1\r\nSUMMARY:Days\r\n{lines}") == [("2026-11-26", "2026-11-27", False)]


def test_what_is_left_out_says_why() -> None:
    day = "DTSTART;VALUE=DATE:20271126"
    assert reason("DTSTART:20271126T100000Z", "DTEND:20271126T110000Z") == Reason.TIMES
    assert reason("DTSTART;VALUE=DATE:20260101") == Reason.OVER
    assert reason("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY;COUNT=2") == Reason.OVER
    assert reason(day, "STATUS:CANCELLED") == Reason.CANCELLED
    assert reason(day, "RRULE:FREQ=WEEKLY") == Reason.OFTEN
    assert reason(day, "RRULE:FREQ=YEARLY;BYWEEKNO=20") == Reason.OFTEN
    assert reason(day, "RDATE;VALUE=DATE:20281126") == Reason.OFTEN
    assert reason("DTSTART;VALUE=DATE:20271340") == Reason.UNREADABLE
    assert reason("SUMMARY:No date") == Reason.UNREADABLE
    assert reason(day, "RRULE:FREQ=YEARLY;BYDAY=4XX;BYMONTH=2") == Reason.UNREADABLE
    assert reason(day, "DTEND;VALUE=DATE:20291126") == Reason.TOO_LONG
    # The 30th of February: looked for in a handful of years and not until the end of time.
    assert reason(day, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == Reason.OVER


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"hello", "not_a_calendar"),
        (b"\x00\xff\xfe" * 100, "not_a_calendar"),
        (b"<html>BEGIN:VCALENDAR", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no_events"),
        (b"BEGIN:VCALENDAR\r\n" + b" " * MOST_BYTES, "too_large"),
        (file_of(*["SUMMARY:x"] * (MOST_EVENTS + 1)), "too_many"),
    ],
)
def test_a_bad_file_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_ics(content, TODAY)
    assert refused.value.reason == why


def test_the_next_round_of_yearly_days_has_the_years_in_which_they_exist() -> None:
    leap = OwnDays(date(2024, 2, 29), date(2024, 2, 29), yearly=True)
    assert leap.coming(TODAY).first == date(2028, 2, 29)
    over = OwnDays(date(2000, 12, 30), date(2001, 1, 2), yearly=True)
    assert over.coming(date(2027, 1, 1)).first == date(2026, 12, 30)
    assert over.coming(date(2027, 1, 3)).first == date(2027, 12, 30)
    round_about = OwnDays(date(2024, 2, 27), date(2024, 3, 2), yearly=True).coming(TODAY)
    assert round_about.last - round_about.first == timedelta(days=3)
