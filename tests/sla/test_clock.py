"""What each clock counts: when it starts and ends, its aim and limit, and its pauses (rules 8 to 10)."""

from datetime import timedelta

import pytest

from sla.clock import Kind, Metric, Pause, State, Target, TimelineEntry, Unit, cycles
from tests.sla.scenes import (
    HOUR,
    at,
    entry,
    filed,
    first_response,
    hours,
    judged,
    message,
    next_response,
    priority,
    reply,
    resolution,
    status,
)

# First response (rule 8)


def test_first_response_starts_when_the_ticket_is_filed() -> None:
    clock = first_response(filed("6 10:00"), now="6 10:00")
    assert (clock.state, clock.started_at) == (State.RUNNING, at("6 10:00"))
    assert (clock.aim_at, clock.limit_at) == (at("6 12:00"), at("6 14:00"))


def test_first_response_ends_with_the_first_public_reply_of_staff() -> None:
    clock = first_response(filed("6 10:00"), reply("6 11:00"), reply("6 12:00"), now="6 15:00")
    assert (clock.state, clock.met_at, clock.ended_at) == (State.MET, at("6 11:00"), at("6 11:00"))
    assert (clock.breached_at, clock.next_action_at, clock.remaining) == (None, None, None)


@pytest.mark.parametrize("kind", [Kind.AUTOMATIC_REPLY, Kind.NOTE])
def test_automatic_answers_and_notes_end_no_response_clock(kind: Kind) -> None:
    assert first_response(filed("6 10:00"), entry("6 10:01", kind), now="6 11:00").state is State.RUNNING
    clock = next_response(
        filed("6 10:00"), reply("6 10:30"), message("6 11:00"), entry("6 11:01", kind), now="6 12:00"
    )
    assert clock.state is State.RUNNING


@pytest.mark.parametrize("waiting", ["pending", "on_hold", "awaiting_approval"])
def test_no_status_pauses_a_first_response(waiting: str) -> None:
    clock = first_response(filed("6 10:00"), status("6 10:30", waiting), now="6 12:00")
    assert (clock.state, clock.limit_at) == (State.RUNNING, at("6 14:00"))


def test_a_resolution_without_an_answer_cancels_the_first_response_until_the_ticket_is_opened_again() -> None:
    done = [filed("6 10:00"), status("6 11:00", "resolved")]
    clock = first_response(*done, now="9 15:00")
    assert (clock.state, clock.ended_at, clock.breached_at) == (State.CANCELLED, at("6 11:00"), None)
    again = first_response(*done, status("9 10:00", "open"), now="9 11:00")
    assert (again.state, again.limit_at) == (State.RUNNING, at("9 13:00"))


# Next response (rule 8)


def test_next_response_starts_with_the_first_unanswered_message_after_a_staff_reply() -> None:
    timeline = [
        filed("6 10:00"),
        message("6 10:10"),
        reply("6 10:30"),
        message("6 11:00"),
        message("6 11:30"),
    ]
    clock = next_response(*timeline, now="6 12:00")
    assert (clock.started_at, clock.limit_at) == (at("6 11:00"), at("6 15:00"))
    assert cycles(timeline) == 1


def test_each_unanswered_message_after_an_answer_is_a_cycle_of_its_own() -> None:
    timeline = [filed("6 10:00"), reply("6 10:30"), message("6 11:00"), reply("6 12:00"), message("6 13:00")]
    assert cycles(timeline) == 2
    assert next_response(*timeline, now="6 13:00", cycle=1).met_at == at("6 12:00")
    assert next_response(*timeline, now="6 13:00", cycle=2).limit_at == at("6 17:00")


def test_a_cycle_that_has_not_started_is_refused() -> None:
    with pytest.raises(ValueError, match="number 1"):
        next_response(filed("6 10:00"), message("6 11:00"), now="6 12:00")


def test_thanks_after_the_resolution_starts_no_cycle() -> None:
    timeline = [filed("6 10:00"), reply("6 10:30"), status("6 10:31", "resolved"), message("6 11:00")]
    assert cycles(timeline) == 0
    assert cycles([*timeline, status("9 10:00", "open")]) == 0


def test_a_message_that_reopens_starts_a_cycle() -> None:
    timeline = [filed("6 10:00"), reply("6 10:30"), status("6 10:31", "resolved")]
    assert cycles([*timeline, message("6 11:00"), status("6 11:00", "open")]) == 1
    assert cycles([*timeline, status("6 11:00", "open"), message("6 11:00")]) == 1
    assert cycles([*timeline, message("6 11:00", status="open")]) == 1


def test_a_cycle_uses_the_priority_of_its_own_time() -> None:
    timeline = [filed("6 10:00"), reply("6 10:30"), priority("6 10:45", "critical"), message("6 11:00")]
    assert next_response(*timeline, now="6 11:00").limit_at == at("6 13:00")


# Resolution (rule 8) and aim and limit (rule 9)


def test_resolution_starts_with_filing_and_ends_when_resolved() -> None:
    clock = resolution(
        filed("6 10:00"), status("6 12:30", "open"), status("6 13:00", "resolved"), now="9 9:00"
    )
    assert (clock.state, clock.met_at, clock.counted) == (State.MET, at("6 13:00"), timedelta(hours=3))


def test_closing_after_resolving_leaves_the_instant_of_resolution() -> None:
    clock = resolution(filed(), status("6 13:00", "resolved"), status("9 13:00", "closed"), now="10 9:00")
    assert clock.met_at == at("6 13:00")


def test_past_the_aim_it_is_at_risk_and_past_the_limit_breached() -> None:
    before, after, late = (resolution(filed("6 10:00"), now=now) for now in ("6 11:59", "6 12:00", "6 14:00"))
    assert (before.at_risk, before.next_action_at) == (False, at("6 12:00"))
    assert (after.at_risk, after.next_action_at) == (True, at("6 14:00"))
    assert (late.state, late.breached_at, late.next_action_at) == (State.BREACHED, at("6 14:00"), None)


def test_a_single_figure_is_its_own_aim() -> None:
    clock = resolution(filed("6 10:00"), now="6 10:00", targets={"high": hours(4, 4)})
    assert clock.aim_at == clock.limit_at == clock.next_action_at == at("6 14:00")


def test_the_instant_of_a_breach_is_the_limit_and_not_the_time_of_the_sweep() -> None:
    clock = resolution(filed("6 10:00"), now="20 3:00")
    assert clock.breached_at == at("6 14:00")
    assert clock.remaining == timedelta(hours=4) - clock.counted


def test_restore_may_run_around_the_clock_while_responses_run_in_business_hours() -> None:
    targets = {"high": hours(4, 12, Unit.ELAPSED_TIME)}
    clock = judged(Metric.RESTORE, filed("6 17:00"), now="6 17:00", targets=targets)
    assert (clock.aim_at, clock.limit_at) == (at("6 21:00"), at("7 5:00"))
    assert first_response(filed("6 17:00"), now="6 17:00").limit_at == at("9 12:00")


def test_business_days_are_their_own_unit() -> None:
    targets = {"high": Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 2)}
    clock = resolution(filed("6 15:00"), now="6 15:00", targets=targets)
    assert (clock.aim_at, clock.limit_at) == (at("9 15:00"), at("10 15:00"))


def test_business_days_may_end_with_the_day() -> None:
    targets = {"high": Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 1, end_of_day=True)}
    assert resolution(filed("6 15:00"), now="6 15:00", targets=targets).limit_at == at("9 18:00")


def test_an_aim_beyond_its_limit_and_an_unknown_unit_are_refused() -> None:
    with pytest.raises(ValueError, match="not in order"):
        hours(4, 2)
    with pytest.raises(ValueError, match="fortnights"):
        Target(Metric.RESOLUTION, "fortnights", 1, 2)


# Pause (rule 10)


@pytest.mark.parametrize("waiting", ["pending", "on_hold", "awaiting_approval"])
def test_a_pause_freezes_the_clock(waiting: str) -> None:
    clock = resolution(filed("6 10:00"), status("6 11:00", waiting), now="20 10:00")
    assert (clock.state, clock.paused_by, clock.paused_at) == (State.PAUSED, waiting, at("6 11:00"))
    assert (clock.limit_at, clock.next_action_at, clock.remaining) == (None, None, timedelta(hours=3))
    assert clock.remaining_seconds == 3 * HOUR


def test_open_runs() -> None:
    assert resolution(filed("6 10:00"), status("6 11:00", "open"), now="6 12:00").state is State.RUNNING


def test_a_pause_is_left_out() -> None:
    clock = resolution(
        filed("6 10:00"), status("6 11:00", "pending"), status("6 13:00", "open"), now="6 13:00"
    )
    assert (clock.state, clock.aim_at, clock.limit_at) == (State.RUNNING, at("6 14:00"), at("6 16:00"))


def test_a_pause_over_the_weekend_costs_only_its_open_hours() -> None:
    clock = resolution(filed("6 16:00"), status("6 17:00", "pending"), status("9 9:30", "open"), now="9 9:30")
    assert clock.limit_at == at("9 12:30")


def test_a_pause_over_the_weekend_with_a_day_target_moves_it_by_its_open_hours() -> None:
    targets = {"high": Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 1)}
    clock = resolution(
        filed("6 15:00"),
        status("6 17:00", "pending"),
        status("9 10:00", "open"),
        now="9 10:00",
        targets=targets,
    )
    assert clock.limit_at == at("9 17:00")


def test_two_pauses_in_one_minute_are_both_left_out() -> None:
    steps = [
        TimelineEntry(at("6 11:00") + timedelta(seconds=second), Kind.STATUS, status=new)
        for second, new in ((0, "pending"), (10, "open"), (20, "on_hold"), (35, "open"))
    ]
    clock = resolution(filed("6 10:00"), *steps, now="6 12:00")
    assert clock.limit_at == at("6 14:00") + timedelta(seconds=25)


def test_from_one_pause_into_another_time_stands_still() -> None:
    clock = resolution(
        filed("6 10:00"), status("6 11:00", "pending"), status("6 12:00", "on_hold"), now="6 13:00"
    )
    assert (clock.remaining, clock.paused_by) == (timedelta(hours=3), "on_hold")


def test_a_pause_after_the_deadline_leaves_the_breach_where_it_was() -> None:
    clock = resolution(filed("6 10:00"), status("6 15:00", "pending"), now="9 10:00")
    assert (clock.state, clock.limit_at, clock.breached_at) == (State.BREACHED, at("6 14:00"), at("6 14:00"))


def test_a_pause_that_begins_exactly_at_the_deadline_does_not_move_it() -> None:
    clock = resolution(filed("6 10:00"), status("6 14:00", "pending"), now="9 10:00")
    assert (clock.state, clock.breached_at) == (State.BREACHED, at("6 14:00"))


def test_nothing_is_breached_while_it_is_paused() -> None:
    clock = resolution(filed("6 10:00"), status("6 13:59", "pending"), now="20 10:00")
    assert (clock.state, clock.breached_at) == (State.PAUSED, None)


def test_a_pause_that_ends_in_a_resolution_is_not_lost() -> None:
    clock = resolution(
        filed("6 10:00"), status("6 11:00", "pending"), status("9 17:00", "resolved"), now="9 17:00"
    )
    assert (clock.state, clock.counted) == (State.MET, timedelta(hours=1))
    assert clock.limit_at == at("10 11:00")


def test_planned_maintenance_is_left_out_where_the_caller_says_so() -> None:
    works = Pause(at("6 11:00"), at("6 12:30"), "maintenance")
    clock = resolution(filed("6 10:00"), now="6 11:15", planned=[works])
    assert (clock.state, clock.limit_at) == (State.RUNNING, at("6 15:30"))
