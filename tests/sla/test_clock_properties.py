"""Laws that every clock keeps, on timelines nobody would write."""

import os
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla.clock import ClockState, Kind, Metric, State, Target, TimelineEntry, Unit, cycles, evaluate
from tests.sla.scenes import DESK, PROMISED, at

MANY = settings(
    max_examples=int(os.environ.get("SLA_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
MICROSECOND = timedelta(microseconds=1)
DAYS = Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 2)
ALWAYS = Target(Metric.RESOLUTION, Unit.ELAPSED_TIME, 3600, 3 * 3600)
TARGETS = {**PROMISED, "days": DAYS, "always": ALWAYS}

statuses = st.sampled_from(["open", "pending", "on_hold", "awaiting_approval", "resolved", "closed"])
priorities = st.sampled_from(sorted(TARGETS))
gaps = st.integers(1, 2 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
changes = st.one_of(
    st.builds(lambda status: {"kind": Kind.STATUS, "status": status}, statuses),
    st.builds(lambda priority: {"kind": Kind.PRIORITY, "priority": priority}, priorities),
    st.sampled_from([Kind.STAFF_REPLY, Kind.REQUESTER_MESSAGE, Kind.NOTE, Kind.DUE_CLEARED]).map(
        lambda kind: {"kind": kind}
    ),
    st.integers(0, 200).map(lambda n: {"kind": Kind.DUE_SET, "due_at": at("6 0:00") + timedelta(hours=n)}),
    st.just({"kind": Kind.TARGETS, "targets": {"high": DAYS}}),
)


@st.composite
def timelines(draw: st.DrawFn) -> list[TimelineEntry]:
    start = at("6 0:00") + draw(st.integers(0, 7 * 86_400).map(lambda seconds: timedelta(seconds=seconds)))
    timeline = [TimelineEntry(start, Kind.FILED, status="new", priority=draw(priorities))]
    for gap, change in draw(st.lists(st.tuples(gaps, changes), max_size=8)):
        timeline.append(TimelineEntry(at=timeline[-1].at + gap, **change))
    return timeline


def judged(metric: str, timeline: list[TimelineEntry], now: datetime) -> ClockState:
    cycle = max(1, cycles(timeline)) if metric == Metric.NEXT_RESPONSE else 1
    return evaluate(metric, TARGETS, DESK, timeline, now=now, cycle=cycle)


metrics = st.sampled_from([Metric.FIRST_RESPONSE, Metric.RESOLUTION, Metric.NEXT_RESPONSE])


@MANY
@given(metrics, timelines(), st.integers(0, 5 * 86_400))
def test_by_itself_a_clock_changes_at_its_next_action_and_not_before(
    metric: str, timeline: list[TimelineEntry], later: int
) -> None:
    assume(metric != Metric.NEXT_RESPONSE or cycles(timeline))
    now = timeline[-1].at + timedelta(seconds=later)
    clock = judged(metric, timeline, now)
    upcoming = clock.next_action_at
    if upcoming is None:
        later_on = judged(metric, timeline, now + timedelta(days=400))
        assert (later_on.state, later_on.breached_at) == (clock.state, clock.breached_at)
        return
    assert upcoming > now
    assert clock.state is State.RUNNING
    just_before, then = judged(metric, timeline, upcoming - MICROSECOND), judged(metric, timeline, upcoming)
    assert (just_before.state, just_before.at_risk) == (clock.state, clock.at_risk)
    assert (then.state, then.at_risk) != (clock.state, clock.at_risk)


@MANY
@given(st.sampled_from([Metric.FIRST_RESPONSE, Metric.RESOLUTION]), timelines(), st.integers(1, 9))
def test_what_was_breached_stays_breached_at_the_same_instant(
    metric: str, timeline: list[TimelineEntry], known: int
) -> None:
    early = judged(metric, timeline[:known], timeline[:known][-1].at)
    following = timeline[known].at if known < len(timeline) else None
    if early.breached_at is None or early.breached_at == following:
        return
    assert judged(metric, timeline, timeline[-1].at).breached_at == early.breached_at


@MANY
@given(metrics, timelines(), st.integers(0, 5 * 86_400))
def test_a_clock_is_the_same_however_often_and_in_what_order_it_is_reckoned(
    metric: str, timeline: list[TimelineEntry], later: int
) -> None:
    assume(metric != Metric.NEXT_RESPONSE or cycles(timeline))
    now = timeline[-1].at + timedelta(seconds=later)
    noisy = [*timeline, *(replace(entry, at=entry.at + MICROSECOND, kind=Kind.NOTE) for entry in timeline)]
    quiet = [replace(entry, status="", priority="") if entry.kind == Kind.NOTE else entry for entry in noisy]
    expected = judged(metric, timeline, now)
    assert judged(metric, timeline[::-1], now) == expected
    assert judged(metric, quiet, max(now, timeline[-1].at + MICROSECOND)).limit_at == expected.limit_at


@MANY
@given(metrics, timelines())
def test_a_clock_keeps_its_word_about_itself(metric: str, timeline: list[TimelineEntry]) -> None:
    assume(metric != Metric.NEXT_RESPONSE or cycles(timeline))
    clock = judged(metric, timeline, timeline[-1].at)
    if clock.state is State.PAUSED:
        assert (clock.limit_at, clock.next_action_at, clock.breached_at) == (None, None, None)
        assert clock.remaining is not None
        assert clock.remaining > timedelta()
    if clock.state in {State.MET, State.CANCELLED}:
        assert clock.ended_at is not None
        assert clock.next_action_at is None
    if clock.aim_at is not None and clock.limit_at is not None:
        assert clock.started_at <= clock.reckoned_limit_at if clock.reckoned_limit_at else True
        assert clock.aim_at <= clock.limit_at
    if clock.breached_at is not None:
        assert clock.breached_at >= clock.started_at
    if clock.state is State.RUNNING and clock.manual_due_at is None and clock.remaining is not None:
        assert clock.remaining >= timedelta()
