"""Why something is due when it is, in a sentence that needs no receipt."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from sla.because import because, due_sentence
from sla.business_time import BusinessCalendar
from sla.clock import Kind, Metric, Pause, Target, TimelineEntry, Unit, evaluate, receipt
from tests.sla.scenes import DESK, at, due_set, entry, filed, hours, status

UTC = ZoneInfo("UTC")
LUNCH = BusinessCalendar.from_spec(
    {
        "tz": "UTC",
        "week": {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(6)},
        "holidays": {"2026-03-09": "Founders' Day"},
    }
)


@pytest.fixture(autouse=True)
def _reader_in_utc() -> object:
    with timezone.override(UTC), translation.override("en"):
        yield


def why(target: Target, *timeline: TimelineEntry, now: str, **more: object) -> str:
    calendar, planned = more.pop("calendar", DESK), more.pop("planned", ())
    known = (Metric.RESOLUTION, {"high": target}, calendar, timeline)
    moment = at(now)
    state = evaluate(*known, now=moment, planned=planned)  # type: ignore[arg-type]
    segments = receipt(*known, now=moment, planned=planned)  # type: ignore[arg-type]
    return because(segments, state.target, zone=UTC, now=moment)


def test_hours_that_count_and_the_night_between() -> None:
    assert why(hours(2, 4), filed("5 16:30"), now="5 16:30") == (
        "our promise is 4 business hours from Thu 5 Mar, 16:30; we count Thu 16:30\u201318:00 and "
        "Fri 09:00\u201311:30 and leave out the night"
    )


def test_nothing_left_out_needs_no_more_words() -> None:
    assert why(hours(1, 2), filed(), now="6 10:00") == "our promise is 2 business hours from Fri 6 Mar, 10:00"
    around = why(hours(1, 20, Unit.ELAPSED_TIME), filed(), now="6 10:00")
    assert around == "our promise is 20 h around the clock from Fri 6 Mar, 10:00"


def test_breaks_weekends_and_holidays_by_name() -> None:
    said = why(hours(8, 15), filed("6 12:00"), now="6 12:00", calendar=LUNCH)
    assert said.endswith("leave out 2 breaks, the night, the weekend, and Founders' Day (9 Mar)")
    assert "we count the support hours of 3 days" in said


def test_the_rest_of_a_sunday_is_the_weekend_and_an_evening_is_the_night() -> None:
    assert why(hours(1, 2), filed("8 10:00"), now="8 10:00").endswith("and leave out the weekend")
    assert why(hours(1, 2), filed("4 20:00"), now="4 20:00").endswith("and leave out the night")


def test_pauses_by_what_was_waited_for() -> None:
    timeline = [filed("4 9:00"), status("4 10:00", "pending"), status("4 10:40", "open")]
    timeline += [status("4 11:00", "on_hold"), status("4 13:00", "open")]
    assert why(hours(2, 4), *timeline, now="4 13:00").endswith(
        "leave out 40 min in which we waited for your answer and 2 h in which we waited for somebody outside"
    )
    works = (Pause(at("4 10:00"), at("4 11:00"), "Database upgrade"),)
    assert "1 h of planned maintenance" in why(hours(2, 4), filed("4 9:00"), now="4 9:00", planned=works)


def test_business_days_are_counted_as_days() -> None:
    days = Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 2)
    said = why(days, filed("4 10:00"), now="4 10:00")
    assert said.startswith("our promise is 2 business days from Wed 4 Mar, 10:00; we count")
    assert said.endswith("leave out 2 nights")


def test_a_due_time_set_by_hand_is_an_agreement() -> None:
    assert why(hours(2, 4), filed(), due_set("6 11:00", "9 12:00"), now="6 11:00") == (
        "this time was agreed for this ticket"
    )
    nothing = entry("6 10:00", Kind.FILED, status="new", priority="none")
    assert why(hours(2, 4), nothing, now="6 11:00") == ""


def test_the_sentence_says_both_times_where_they_differ() -> None:
    karachi = ZoneInfo("Asia/Karachi")
    due = at("12 6:30")
    with timezone.override(ZoneInfo("Asia/Dhaka")):
        said = due_sentence("next_response", due, "we say so", zone=karachi, now=at("11 9:00"))
    assert said == "Reply due by Thu 12 Mar, 12:30 your time (11:30 in Karachi), because we say so."
    with timezone.override(ZoneInfo("America/Mexico_City")):
        said = due_sentence("first_response", due, "", zone=karachi, now=at("11 9:00"))
    assert said == "First reply due by Thu 12 Mar, 00:30 your time (11:30 in Karachi)."


def test_after_the_limit_it_says_that_we_are_late() -> None:
    now = at("12 6:30") + timedelta(minutes=1)
    assert due_sentence("resolution", at("12 6:30"), "", zone=UTC, now=now) == (
        "We are late: the solution was due by Thu 12 Mar, 06:30."
    )
