"""Planned maintenance read out of a ticket's history, whatever is said of windows and when."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sla.clock import ClockState, Metric, evaluate
from sla.records import pausing_periods, planned_of
from tests.sla.scenes import DESK, PROMISED, at, filed
from tickets.models import EventKind, TicketEvent

START = at("6 10:00")
Said = tuple[int, int, tuple[int, int] | None]
"""Minutes after START, the window, and the minutes that it was said to take: from, and how long."""


def events(said: list[Said]) -> list[TicketEvent]:
    found = []
    for said_at, window, period in said:
        data: dict[str, Any] = {"window": window, "title": f"Works {window}"}
        kind = EventKind.MAINTENANCE_LIFTED
        if period is not None:
            kind, (first, length) = EventKind.MAINTENANCE_PLANNED, period
            data["starts_at"] = minute(first).isoformat()
            data["ends_at"] = minute(first + length).isoformat()
        found.append(TicketEvent(kind=kind, at=minute(said_at), data=data))
    return found


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def periods(*said: Said) -> list[tuple[int, int]]:
    found = planned_of(events(list(said)))
    return [(minutes(works.start), minutes(works.end)) for works in found if works.end is not None]


def minutes(instant: datetime) -> int:
    return round((instant - START) / timedelta(minutes=1))


def test_the_latest_word_holds_from_when_it_was_said() -> None:
    assert periods((0, 1, (10, 20))) == [(10, 30)]
    assert periods((0, 1, (10, 20)), (5, 1, (40, 20))) == [(40, 60)]
    assert periods((0, 1, (10, 20)), (15, 1, None)) == [(10, 15)]
    assert periods((0, 1, (10, 20)), (30, 1, None)) == [(10, 30)]
    assert periods((0, 1, (10, 20)), (20, 1, (10, 60))) == [(10, 70)]
    assert periods((0, 1, (10, 20)), (40, 1, (10, 60))) == [(10, 30), (40, 70)]
    assert periods((15, 1, (10, 20))) == [(15, 30)]
    assert periods((0, 1, (10, 20)), (0, 2, (20, 20))) == [(10, 30), (20, 40)]


def test_a_period_counts_where_the_terms_say_so() -> None:
    works = planned_of(events([(0, 1, (10, 20))]))
    on_then_off = ((None, True), (minute(20), False))
    off_then_on = ((None, False), (minute(20), True))
    assert [(one.start, one.end) for one in pausing_periods(on_then_off, works)] == [(minute(10), minute(20))]
    assert [(one.start, one.end) for one in pausing_periods(off_then_on, works)] == [(minute(20), minute(30))]
    assert pausing_periods(((None, False),), works) == ()


PERIOD = st.tuples(st.integers(0, 900), st.integers(1, 300))
SAID = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 3), st.none() | PERIOD), max_size=8)


def judged(said: list[Said], now: datetime) -> ClockState:
    planned = planned_of(events(said))
    return evaluate(Metric.RESOLUTION, PROMISED, DESK, [filed()], now=now, planned=planned)


@given(SAID)
def test_nothing_that_was_judged_is_undone_by_what_is_said_later(said: list[Said]) -> None:
    said.sort(key=lambda one: one[0])
    after_all = judged(said, minute(20_000)).breached_at
    for place in range(len(said)):
        now = minute(said[place][0])
        # Before and after the word of that instant.
        for known in (said[:place], said[: place + 1]):
            breached_at = judged(known, now).breached_at
            if breached_at is not None:
                assert after_all == breached_at
            else:
                assert after_all is None or after_all >= now
