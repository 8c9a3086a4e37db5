"""What a ticket would be promised, had it arrived then: reckoned like any ticket, on an invented timeline."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import BusinessCalendar, splice
from sla.clock import Metric, Part, Target, Unit
from sla.simulator import Outcome, Simulated, Wall, on_the_wall, simulate
from tests.sla.scenes import DESK, at, hours

TARGETS = {
    "first_response": {"critical": hours(1, 2, metric=Metric.FIRST_RESPONSE)},
    "next_response": {"critical": hours(1, 2, metric=Metric.NEXT_RESPONSE)},
    "resolution": {
        "critical": hours(2, 4),
        "high": Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 2),
        "low": hours(2, 4, Unit.ELAPSED_TIME),
    },
}
NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


def played(metric: str, when: str, *pauses: tuple[str, str], **more: object) -> Simulated:
    [found] = simulate(
        more.pop("calendar", DESK),  # type: ignore[arg-type]
        TARGETS,
        metrics=[metric],
        priority=str(more.pop("priority", "critical")),
        arrives_at=at(when),
        pauses=[(at(start), at(end)) for start, end in pauses],
        **more,  # type: ignore[arg-type]
    )
    return found


@pytest.mark.parametrize("metric", ["first_response", "next_response"])
def test_a_response_is_due_after_its_business_hours(metric: str) -> None:
    found = played(metric, "6 17:00")
    assert (found.outcome, found.aim_at, found.limit_at) == (Outcome.PROMISED, at("6 18:00"), at("9 10:00"))
    assert found.segments[0].part == Part.RECEIVED
    assert found.segments[0].start == at("6 17:00")


def test_the_receipt_adds_up_and_nothing_of_it_has_happened() -> None:
    found = played("resolution", "6 16:00", ("6 17:00", "9 10:00"))
    assert sum((part.counted for part in found.segments), timedelta()) == timedelta(hours=4)
    assert all(part.projected for part in found.segments)
    assert found.segments[-1].part == Part.LIMIT


def test_a_pause_is_left_out() -> None:
    assert played("resolution", "6 10:00").limit_at == at("6 14:00")
    assert played("resolution", "6 10:00", ("6 11:00", "6 12:30")).limit_at == at("6 15:30")


def test_overlapping_pauses_count_once_and_one_begun_before_the_arrival_from_it_on() -> None:
    pauses = ("6 9:00", "6 11:00"), ("6 10:30", "6 12:00"), ("6 13:00", "6 13:00")
    assert played("resolution", "6 10:00", *pauses).limit_at == at("6 16:00")


def test_a_pause_after_the_limit_changes_nothing() -> None:
    found = played("resolution", "6 10:00", ("6 14:00", "9 12:00"))
    assert found == played("resolution", "6 10:00")
    assert Part.BREACHED not in {part.part for part in found.segments}


def test_a_pause_does_not_stop_a_response() -> None:
    assert played("first_response", "6 10:00", ("6 10:30", "9 10:00")).limit_at == at("6 12:00")


def test_planned_maintenance_is_left_out_of_a_resolution_alone() -> None:
    works = [(at("6 8:00"), at("6 11:00")), (at("6 10:30"), at("6 12:00"))]
    assert played("resolution", "6 10:00", planned=works).limit_at == at("6 16:00")
    assert played("resolution", "6 10:00", ("6 11:30", "6 13:00"), planned=works).limit_at == at("6 17:00")
    assert played("first_response", "6 10:00", planned=works).limit_at == at("6 12:00")
    parts = {part.part for part in played("resolution", "6 10:00", planned=works).segments}
    assert Part.PLANNED in parts


def test_business_days_and_hours_around_the_clock() -> None:
    assert played("resolution", "6 10:00", priority="high").limit_at == at("10 10:00")
    assert played("resolution", "6 22:00", priority="low").limit_at == at("7 2:00")


def test_nothing_promised_is_no_commitment() -> None:
    assert played("first_response", "6 10:00", priority="low").outcome == Outcome.NO_COMMITMENT
    assert played("restore", "6 10:00").outcome == Outcome.NO_COMMITMENT


def test_a_calendar_that_never_opens_again_is_said() -> None:
    once = BusinessCalendar.from_spec(
        {"tz": "UTC", "overrides": {"2026-03-06": [["09:00", "10:00"]]}}, "once"
    )
    assert played("resolution", "6 9:00", calendar=once).outcome == Outcome.NEVER_OPENS
    # What is promised around the clock does not ask when it opens.
    assert played("resolution", "6 9:00", calendar=once, priority="low").limit_at == at("6 13:00")


def test_an_edit_that_is_known_counts_from_its_instant_on() -> None:
    later = BusinessCalendar.from_spec({"tz": "UTC", "week": {"4": [["09:00", "20:00"]]}}, "longer")
    edited = splice([(None, DESK), (at("6 17:30"), later)])
    assert played("resolution", "6 16:00", calendar=edited).limit_at == at("6 20:00")


def test_targets_that_take_over_before_the_limit_hold() -> None:
    slower = {"resolution": {"critical": hours(2, 6)}}
    assert played("resolution", "6 10:00", changes=[(at("6 11:00"), slower)]).limit_at == at("6 16:00")
    assert played("resolution", "6 10:00", changes=[(at("6 14:00"), slower)]).limit_at == at("6 14:00")


def test_a_plain_time_on_the_wall() -> None:
    noon = datetime(2026, 3, 6, 12)  # noqa: DTZ001
    assert on_the_wall(noon, NEW_YORK) == (datetime(2026, 3, 6, 17, tzinfo=UTC), Wall.PLAIN)


def test_a_time_that_spring_skips_is_the_instant_of_the_change() -> None:
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)
    for second in (False, True):
        skipped = datetime(2026, 3, 8, 2, 30)  # noqa: DTZ001
        assert on_the_wall(skipped, NEW_YORK, second=second) == (change, Wall.SKIPPED)


def test_a_time_that_autumn_repeats_is_the_first_or_the_second() -> None:
    twice = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert on_the_wall(twice, NEW_YORK) == (first, Wall.TWICE)
    assert on_the_wall(twice, NEW_YORK, second=True) == (first + 60 * MINUTE, Wall.TWICE)


def test_half_an_hour_of_summer_time_repeats_half_an_hour() -> None:
    island = ZoneInfo("Australia/Lord_Howe")
    twice = datetime(2026, 4, 5, 1, 45)  # noqa: DTZ001
    first, wall = on_the_wall(twice, island)
    assert wall == Wall.TWICE
    assert on_the_wall(twice, island, second=True)[0] - first == 30 * MINUTE
