"""A ladder counts as its clock counts: in business time, with pauses left out, on from the limit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla.clock import Metric, Target, Unit, evaluate
from sla.ladder import Footing, Mark, footing_of, marks, never_closes
from tests.sla.scenes import DESK, at, filed, hours
from tests.sla.test_clock_properties import ALWAYS, MANY

EIGHT = hours(4, 8)
DAY = Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, 1, 2)


@dataclass(frozen=True)
class Step:
    place: str
    amount: int = 0
    times: int = 1


LADDER = [
    Step("share", 50),
    Step("share", 75),
    Step("aim"),
    Step("limit"),
    Step("after", 2 * 3600),
    Step("daily", times=3),
]


def instants(target: Target, start: str, ladder: list[Step] = LADDER) -> list[datetime]:
    return [mark.at for mark in marks(ladder, footing_of(target, DESK, at(start)), DESK)]


def test_steps_fall_due_in_business_time() -> None:
    # Friday 10:00, eight hours: until 18:00, with half of it gone at 14:00, which is the aim too.
    assert instants(EIGHT, "6 10:00") == [
        at("6 14:00"),
        at("6 14:00"),
        at("6 16:00"),
        at("6 18:00"),
        at("9 11:00"),  # two hours of Monday
        at("9 18:00"),  # at a close, the next business day ends at its close
        at("10 18:00"),
        at("11 18:00"),
    ]


def test_a_share_of_business_days_is_a_share_of_their_hours() -> None:
    assert instants(DAY, "9 10:00", [Step("share", 50)]) == [at("10 10:00")]


def test_around_the_clock_steps_are_too() -> None:
    assert instants(ALWAYS, "6 17:00", LADDER[3:]) == [
        at("6 20:00"),
        at("6 22:00"),
        at("7 20:00"),
        at("8 20:00"),
        at("9 20:00"),
    ]


def test_an_aim_that_is_the_limit_is_no_step() -> None:
    assert instants(hours(4, 4), "6 10:00", LADDER[2:4]) == [at("6 14:00")]


def test_a_pause_after_the_limit_freezes_what_lies_behind_it() -> None:
    footing = replace(footing_of(EIGHT, DESK, at("6 10:00")), paused_at=at("9 12:00"))
    assert [mark.at for mark in marks(LADDER, footing, DESK)][-2:] == [at("6 18:00"), at("9 11:00")]


def test_a_frozen_clock_has_no_steps() -> None:
    footing = Footing(at("6 10:00"), Unit.BUSINESS_TIME, None, None, paused_at=at("6 11:00"))
    assert marks(LADDER, footing, DESK) == []


def test_a_due_time_by_hand_before_the_start_does_not_break_shares() -> None:
    footing = Footing(at("6 10:00"), "", at("6 9:00"), at("6 9:00"))
    assert marks([Step("share", 50)], footing, DESK) == [Mark(at("6 10:00"), Step("share", 50))]


def test_before_the_limit_what_comes_after_it_is_not_reckoned() -> None:
    footing = footing_of(EIGHT, DESK, at("6 10:00"))
    assert len(marks(LADDER, footing, DESK, past_limit=False)) == 4


@pytest.mark.parametrize("hour", [0, 23])
def test_only_hours_without_a_gap_never_close(hour: int) -> None:
    from sla.business_time import around_the_clock

    assert never_closes(around_the_clock("Asia/Karachi"), at(f"6 {hour}:00"))
    assert not never_closes(DESK, at(f"6 {hour}:00"))


targets = st.sampled_from([EIGHT, hours(1, 30), hours(4, 4), ALWAYS, DAY])
starts = st.integers(0, 14 * 86_400).map(lambda seconds: at("2 0:00") + timedelta(seconds=seconds))
ladders = st.lists(
    st.one_of(
        st.builds(Step, st.just("share"), st.integers(1, 99)),
        st.builds(Step, st.sampled_from(["aim", "limit"])),
        st.builds(Step, st.just("after"), st.integers(1, 200_000)),
        st.builds(Step, st.just("daily"), times=st.integers(1, 5)),
    ),
    max_size=8,
)
periods = st.lists(st.tuples(starts, st.integers(1, 3 * 86_400)), max_size=3).map(
    lambda found: [(start, start + timedelta(seconds=length)) for start, length in found]
)


@MANY
@given(targets, starts)
def test_the_footing_is_that_of_a_clock_that_nothing_happens_to(target: Target, start: datetime) -> None:
    entry = replace(filed(), at=start)
    state = evaluate(Metric.RESOLUTION, {"high": target}, DESK, [entry], now=start)
    footing = footing_of(target, DESK, start)
    assert (footing.aim_at, footing.limit_at) == (state.aim_at, state.limit_at)


@MANY
@given(targets, starts, ladders)
def test_steps_stand_in_the_order_of_their_places(
    target: Target, start: datetime, ladder: list[Step]
) -> None:
    footing = footing_of(target, DESK, start)
    assert footing.limit_at is not None
    for mark in marks(ladder, footing, DESK):
        if mark.step.place in {"after", "daily"}:
            assert mark.at > footing.limit_at
        elif mark.step.place == "share":
            assert start < mark.at <= footing.limit_at
    shares = {
        mark.step.amount: mark.at for mark in marks(ladder, footing, DESK) if mark.step.place == "share"
    }
    assert [shares[amount] for amount in sorted(shares)] == sorted(shares.values())
    for step in ladder:
        turns = [mark.at for mark in marks([step], footing, DESK)]
        assert turns == sorted(set(turns))


@MANY
@given(targets, starts, ladders, periods)
def test_a_pause_never_brings_a_step_forward_and_moves_it_by_no_open_time(
    target: Target, start: datetime, ladder: list[Step], left_out: list[tuple[datetime, datetime]]
) -> None:
    """The open time before each step, the pauses left out, is the same with and without them."""
    plain = footing_of(target, DESK, start)
    assume(target.unit != Unit.ELAPSED_TIME and plain.limit_at is not None)
    budget = DESK.elapsed(start, plain.limit_at or start)
    moved = DESK.add(start, budget, left_out)
    paused = replace(plain, limit_at=moved, aim_at=None, left_out=left_out)
    before, after = (
        {(mark.step, mark.number): mark.at for mark in marks(ladder, footing, DESK)}
        for footing in (replace(plain, aim_at=None), paused)
    )
    for key, instant in before.items():
        assert after[key] >= instant
        if key[0].place != "daily":
            assert DESK.elapsed(start, after[key], left_out) == DESK.elapsed(start, instant)
