"""What changes do to a clock: priority, plan, reopening, calendar, a set time, merging (rules 11 to 17)."""

from datetime import timedelta

import pytest

from sla.business_time import BusinessCalendar, CalendarNeverOpens, SplicedCalendar
from sla.clock import Kind, Metric, State
from tests.sla.scenes import (
    DESK,
    at,
    due_set,
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

# Priority, plan, category (rule 11)


def test_a_new_priority_lets_the_clock_go_on_from_its_own_start() -> None:
    clock = resolution(filed("6 10:00", "low"), priority("6 11:00", "high"), now="6 11:00")
    assert (clock.priority, clock.started_at, clock.limit_at) == ("high", at("6 10:00"), at("6 14:00"))


def test_a_breach_that_had_happened_stays_on_record() -> None:
    clock = resolution(filed("6 10:00"), priority("6 15:00", "low"), now="6 16:00")
    assert (clock.state, clock.breached_at) == (State.BREACHED, at("6 14:00"))
    assert (clock.limit_at, clock.next_action_at) == (at("10 10:00"), None)


def test_a_priority_that_makes_a_ticket_overdue_breaches_it_at_the_change() -> None:
    clock = resolution(filed("6 10:00", "low"), priority("6 16:00", "critical"), now="6 16:00")
    assert (clock.limit_at, clock.breached_at) == (at("6 12:00"), at("6 16:00"))


def test_a_priority_lowered_at_the_very_limit_saves_the_clock() -> None:
    clock = resolution(filed("6 10:00"), priority("6 14:00", "low"), now="6 14:00")
    assert (clock.state, clock.breached_at) == (State.RUNNING, None)


def test_a_priority_change_while_paused_keeps_the_pause() -> None:
    clock = resolution(
        filed("6 10:00"), status("6 11:00", "pending"), priority("6 12:00", "critical"), now="6 17:00"
    )
    assert (clock.state, clock.remaining) == (State.PAUSED, timedelta(hours=1))
    resumed = resolution(
        filed("6 10:00"),
        status("6 11:00", "pending"),
        priority("6 12:00", "critical"),
        status("6 13:00", "open"),
        now="6 13:00",
    )
    assert resumed.limit_at == at("6 14:00")


def test_another_plan_lets_the_clock_go_on_from_its_own_start() -> None:
    change = entry("6 11:00", Kind.TARGETS, targets={"high": hours(6, 7)})
    assert resolution(filed("6 10:00"), change, now="6 11:00").limit_at == at("6 17:00")


# Reopen (rule 12)


def test_reopening_goes_on_with_the_same_clock_without_the_resolved_time() -> None:
    timeline = [filed("6 10:00"), status("6 11:00", "resolved"), status("9 10:00", "open")]
    clock = resolution(*timeline, now="9 10:00")
    assert (clock.state, clock.met_at, clock.limit_at) == (State.RUNNING, None, at("9 13:00"))


def test_a_first_response_once_met_stays_met() -> None:
    timeline = [filed("6 10:00"), reply("6 11:00"), status("6 11:00", "resolved"), status("9 10:00", "open")]
    assert first_response(*timeline, now="20 10:00").met_at == at("6 11:00")


def test_a_second_resolution_counts_both_stretches() -> None:
    timeline = [
        filed(),
        status("6 11:00", "resolved"),
        status("9 10:00", "open"),
        status("9 12:00", "resolved"),
    ]
    clock = resolution(*timeline, now="9 17:00")
    assert (clock.state, clock.met_at, clock.counted) == (State.MET, at("9 12:00"), timedelta(hours=3))


def test_a_ticket_opened_again_with_nothing_left_is_breached_then_and_not_before() -> None:
    timeline = [filed("6 10:00"), status("6 14:00", "resolved")]
    assert resolution(*timeline, now="9 10:00").breached_at is None
    again = resolution(*timeline, status("9 10:00", "open"), now="9 10:00")
    assert (again.state, again.breached_at) == (State.BREACHED, at("9 10:00"))


def test_a_priority_change_after_the_end_judges_nothing_again() -> None:
    clock = resolution(
        filed("6 10:00"), status("6 13:00", "resolved"), priority("6 13:30", "critical"), now="9 9:00"
    )
    assert (clock.state, clock.priority, clock.breached_at) == (State.MET, "high", None)


# Calendar change (rule 13)


def test_time_before_a_calendar_change_is_reckoned_as_it_then_was() -> None:
    longer = BusinessCalendar.from_spec(
        {"tz": "UTC", "week": {str(day): [["08:00", "20:00"]] for day in range(7)}}, "longer"
    )
    calendar = SplicedCalendar([(at("1 0:00"), DESK), (at("7 0:00"), longer)])
    assert resolution(filed("6 17:00"), now="6 17:00", calendar=calendar).limit_at == at("7 11:00")


def test_a_calendar_that_never_opens_is_an_error_that_names_it() -> None:
    closed = BusinessCalendar.from_spec({"tz": "UTC", "week": {}}, "Night desk")
    with pytest.raises(CalendarNeverOpens, match="Night desk"):
        resolution(filed("6 10:00"), now="6 10:00", calendar=closed)


# Manual due time (rule 14)


def test_a_manual_due_time_wins_and_the_reckoned_one_stays_visible() -> None:
    clock = resolution(filed("6 10:00"), due_set("6 11:00", "10 12:00"), now="6 15:00")
    assert (clock.state, clock.limit_at, clock.next_action_at) == (
        State.RUNNING,
        at("10 12:00"),
        at("10 12:00"),
    )
    assert (clock.reckoned_limit_at, clock.manual_due_at) == (at("6 14:00"), at("10 12:00"))


def test_a_cleared_due_time_gives_way_to_the_reckoned_one() -> None:
    timeline = [filed("6 10:00"), due_set("6 11:00", "10 12:00")]
    clear = entry("6 12:00", Kind.DUE_CLEARED)
    assert resolution(*timeline, clear, now="6 12:00").limit_at == at("6 14:00")
    late = entry("9 12:00", Kind.DUE_CLEARED)
    assert resolution(*timeline, late, now="9 12:00").breached_at == at("9 12:00")


def test_a_manual_due_time_stands_in_a_pause() -> None:
    timeline = [filed("6 10:00"), due_set("6 11:00", "9 12:00"), status("6 12:00", "on_hold")]
    clock = resolution(*timeline, now="6 13:00")
    assert (clock.state, clock.limit_at, clock.next_action_at) == (
        State.RUNNING,
        at("9 12:00"),
        at("9 12:00"),
    )
    assert resolution(*timeline, now="9 13:00").breached_at == at("9 12:00")


def test_a_manual_due_time_concerns_its_own_clock_only() -> None:
    timeline = [filed("6 10:00"), due_set("6 11:00", "10 12:00")]
    assert first_response(*timeline, now="6 11:00").limit_at == at("6 14:00")
    named = due_set("6 11:00", "10 12:00", metric=Metric.FIRST_RESPONSE)
    assert first_response(filed("6 10:00"), named, now="6 11:00").limit_at == at("10 12:00")


def test_a_manual_due_time_is_a_commitment_where_the_plan_has_none() -> None:
    clock = resolution(filed("6 10:00", "none"), due_set("6 11:00", "10 12:00"), now="6 11:00")
    assert (clock.state, clock.limit_at, clock.reckoned_limit_at) == (State.RUNNING, at("10 12:00"), None)


def test_a_manual_due_time_goes_with_the_cycle_that_it_was_set_for() -> None:
    timeline = [
        filed("6 10:00"),
        reply("6 11:00"),
        message("6 12:00"),
        due_set("6 12:30", "6 13:00", metric=Metric.NEXT_RESPONSE),
        reply("6 12:45"),
        message("6 14:00"),
    ]
    first, second = (next_response(*timeline, now="6 14:00", cycle=cycle) for cycle in (1, 2))
    assert (first.limit_at, first.breached_at) == (at("6 13:00"), None)
    assert (second.manual_due_at, second.limit_at, second.breached_at) == (None, at("6 18:00"), None)


# Merge (rule 15)


def test_a_merge_cancels_what_was_open() -> None:
    timeline = [filed("6 10:00"), entry("6 11:00", Kind.MERGED)]
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        clock = judged(metric, *timeline, now="9 10:00")
        assert (clock.state, clock.ended_at, clock.met_at) == (State.CANCELLED, at("6 11:00"), None)
        assert (clock.breached_at, clock.next_action_at) == (None, None)


def test_a_merge_leaves_what_had_ended() -> None:
    timeline = [
        filed("6 10:00"),
        reply("6 10:30"),
        status("6 11:00", "resolved"),
        entry("6 12:00", Kind.MERGED),
    ]
    assert first_response(*timeline, now="9 10:00").state is State.MET
    assert resolution(*timeline, now="9 10:00").met_at == at("6 11:00")


def test_a_breach_before_a_merge_stays_on_record() -> None:
    clock = resolution(filed("6 10:00"), entry("6 16:00", Kind.MERGED), now="9 10:00")
    assert (clock.state, clock.breached_at) == (State.CANCELLED, at("6 14:00"))


# Met and breached (rule 16)


def test_met_exactly_at_the_deadline_is_met() -> None:
    assert first_response(filed("6 10:00"), reply("6 14:00"), now="9 10:00").breached_at is None
    assert resolution(filed("6 10:00"), status("6 14:00", "resolved"), now="9 10:00").state is State.MET


def test_met_after_the_deadline_is_met_late() -> None:
    clock = first_response(filed("6 10:00"), reply("6 14:01"), now="6 14:01")
    assert (clock.state, clock.is_late) == (State.MET, True)
    assert (clock.met_at, clock.breached_at) == (at("6 14:01"), at("6 14:00"))


def test_an_answer_after_hours_to_what_was_due_at_close_is_late() -> None:
    clock = first_response(filed("6 14:00"), reply("6 18:01"), now="6 18:01")
    assert (clock.breached_at, clock.is_late) == (at("6 18:00"), True)


def test_an_event_of_a_machine_whose_clock_is_ahead_counts_as_having_happened() -> None:
    assert first_response(filed("6 10:00"), reply("6 11:00"), now="6 10:59").state is State.MET


def test_entries_are_taken_in_order_of_time() -> None:
    assert first_response(reply("6 11:00"), filed("6 10:00"), now="6 12:00").met_at == at("6 11:00")


# No commitment (rule 17)


@pytest.mark.parametrize("level", ["none", "unheard-of"])
def test_no_target_for_a_priority_is_no_commitment_and_never_overdue(level: str) -> None:
    clock = resolution(filed("6 10:00", level), now="20 10:00")
    assert (clock.state, clock.limit_at, clock.breached_at) == (State.NO_COMMITMENT, None, None)
    assert (clock.next_action_at, clock.remaining, clock.remaining_seconds) == (None, None, None)


def test_a_suspended_contract_is_no_commitment_but_a_breach_before_it_stays_on_record() -> None:
    suspended = entry("6 11:00", Kind.TARGETS, targets={})
    assert resolution(filed("6 10:00"), suspended, now="20 10:00").state is State.NO_COMMITMENT
    too_late = entry("6 15:00", Kind.TARGETS)
    clock = resolution(filed("6 10:00"), too_late, now="20 10:00")
    assert (clock.state, clock.breached_at) == (State.NO_COMMITMENT, at("6 14:00"))


def test_a_commitment_made_later_counts_from_the_clocks_own_start() -> None:
    clock = resolution(filed("6 10:00", "none"), priority("6 11:00", "high"), now="6 11:00")
    assert (clock.state, clock.limit_at) == (State.RUNNING, at("6 14:00"))


def test_a_timeline_without_a_filing_is_refused() -> None:
    with pytest.raises(ValueError, match="resolution"):
        resolution(reply("6 11:00"), now="6 12:00")


def test_a_ticket_logged_as_already_resolved_is_met_at_once() -> None:
    clock = resolution(filed("6 10:00", status="resolved"), now="6 12:00")
    assert (clock.state, clock.met_at) == (State.MET, at("6 10:00"))
