"""Many clocks at once are reckoned exactly as each alone, whatever the calendar, the pauses and the zone."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import many
from sla.business_time import BusinessCalendar, Calendar, CalendarNeverOpens, SplicedCalendar
from sla.clock import Kind, Metric, Target, TimelineEntry, evaluate
from sla.many import LeftOut, Line
from sla.timeline import Unit
from sla.zones import to_datetime, to_microseconds
from tests.sla.test_business_time_properties import MANY, specs, starts

CASES = json.loads((Path(__file__).parent / "data" / "sla-cases.json").read_text())
NINE_TO_SIX = {str(day): [["09:00", "18:00"]] for day in range(5)}
HOUR = 3_600_000_000
MONTH = 30 * 24 * HOUR

amounts = st.one_of(st.just(0), st.integers(1, 10**12), st.integers(1, 200).map(lambda n: n * HOUR // 4))
shifts = st.integers(-MONTH, MONTH)
pauses = st.lists(st.tuples(st.integers(-4 * HOUR, 200 * HOUR), st.integers(-HOUR, 60 * HOUR)), max_size=4)
rows = st.lists(st.tuples(shifts, amounts, st.integers(0, 5), pauses), min_size=1, max_size=8)


@st.composite
def calendars(draw: st.DrawFn, start: datetime) -> Calendar:
    """One calendar, one that was edited once or twice, or one with a last opening."""
    made = [BusinessCalendar.from_spec(spec) for spec in draw(st.lists(specs(start), min_size=1, max_size=3))]
    if draw(st.integers(0, 7)) == 0:
        day = start.date().isoformat()
        ends = {"tz": str(made[0].tz), "overrides": {day: [["08:00", "13:00"], ["14:00", "20:00"]]}}
        made[-1] = BusinessCalendar.from_spec(ends, "last day")
    if len(made) == 1:
        return made[0]
    edits = [start + timedelta(microseconds=draw(shifts)) for _ in made[1:]]
    return SplicedCalendar([(None, made[0]), *zip(edits, made[1:], strict=True)])


def at(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text))


def outcome(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except CalendarNeverOpens:
        return "never opens"


def each(answers: Sequence[datetime]) -> list[int]:
    return [to_microseconds(answer) for answer in answers]


def laid_out(start: datetime, drawn: Any) -> tuple[list[datetime], LeftOut, list[list[Any]]]:
    begins = [start + timedelta(microseconds=shift) for shift, *_ in drawn]
    periods = [
        [
            (begin + timedelta(microseconds=ahead), begin + timedelta(microseconds=ahead + length))
            for ahead, length in gaps
        ]
        for begin, (*_, gaps) in zip(begins, drawn, strict=True)
    ]
    flat = [[to_microseconds(instant) for pair in row for instant in pair] for row in periods]
    return begins, LeftOut.of(flat), periods


@MANY
@given(st.data(), starts(), rows)
def test_deadlines_of_many_are_those_of_each(data: st.DataObject, start: datetime, drawn: Any) -> None:
    desk = data.draw(calendars(start))
    begins, left_out, periods = laid_out(start, drawn)
    wanted = [amount for _, amount, *_ in drawn]
    alone = outcome(
        lambda: each(
            [
                desk.add(begin, timedelta(microseconds=amount), gaps)
                for begin, amount, gaps in zip(begins, wanted, periods, strict=True)
            ]
        )
    )
    assert outcome(lambda: many.add(desk, each(begins), wanted, left_out).tolist()) == alone


@MANY
@given(st.data(), starts(), rows, st.booleans())
def test_day_deadlines_of_many_are_those_of_each(
    data: st.DataObject, start: datetime, drawn: Any, end_of_day: bool
) -> None:
    desk = data.draw(calendars(start))
    begins, left_out, periods = laid_out(start, drawn)
    days = [count for _, _, count, _ in drawn]
    alone = outcome(
        lambda: each(
            [
                desk.add_days(begin, count, gaps, end_of_day=end_of_day)
                for begin, count, gaps in zip(begins, days, periods, strict=True)
            ]
        )
    )
    together = outcome(
        lambda: many.add_days(desk, each(begins), days, left_out, end_of_day=end_of_day).tolist()
    )
    assert together == alone


@MANY
@given(st.data(), starts(), rows)
def test_counted_time_of_many_is_that_of_each(data: st.DataObject, start: datetime, drawn: Any) -> None:
    desk = data.draw(calendars(start))
    begins, left_out, periods = laid_out(start, drawn)
    ends = [begin + timedelta(microseconds=data.draw(shifts)) for begin in begins]
    alone = [
        desk.elapsed(begin, end, gaps) // timedelta(microseconds=1)
        for begin, end, gaps in zip(begins, ends, periods, strict=True)
    ]
    assert many.counted(desk, each(begins), each(ends), left_out).tolist() == alone


@MANY
@given(st.data(), starts(), rows, rows)
def test_a_line_answers_batch_after_batch_alike(
    data: st.DataObject, start: datetime, one: Any, other: Any
) -> None:
    desk = data.draw(calendars(start))
    line = Line(desk)
    for drawn in (one, other):
        begins, left_out, _ = laid_out(start, drawn)
        question = each(begins), [amount for _, amount, *_ in drawn], left_out
        fresh, kept = (outcome(partial(many.add, hours, *question)) for hours in (desk, line))
        assert np.array_equal(fresh, kept)


@pytest.mark.parametrize("name", list(CASES["calendars"]))
def test_written_cases_come_out_as_expected_all_at_once(name: str) -> None:
    desk = BusinessCalendar.from_spec(CASES["calendars"][name], name)
    of_kind = {
        kind: [case for case in CASES["cases"] if case["calendar"] == name and case["kind"] in kinds]
        for kind, kinds in {"add": ("deadline", "deadline_paused"), "days": ("business_days",)}.items()
    }
    for kind, cases in of_kind.items():
        begins = [at(case["start"]) for case in cases]
        left_out = LeftOut.of([[at(t) for pair in case.get("pauses", ()) for t in pair] for case in cases])
        seconds = [case.get("minutes", 0) * 60 + case.get("seconds", 0) for case in cases]
        if kind == "add":
            due = many.add(desk, begins, np.array(seconds, dtype=np.int64) * 1_000_000, left_out)
        else:
            due = many.add_days(desk, begins, [case["days"] for case in cases])
        assert due.tolist() == [at(case["expected"]) for case in cases]
    cases = [case for case in CASES["cases"] if case["calendar"] == name and case["kind"] == "elapsed"]
    begins, ends = ([at(case[side]) for case in cases] for side in ("start", "end"))
    expected = [case.get("expected_minutes", 0) * 60 + case.get("expected_seconds", 0) for case in cases]
    assert many.counted(desk, begins, ends).tolist() == [seconds * 1_000_000 for seconds in expected]


@pytest.mark.parametrize("unit", list(Unit))
def test_a_target_falls_due_as_its_clock_says(unit: Unit) -> None:
    desk = BusinessCalendar.from_spec({"tz": "America/New_York", "week": NINE_TO_SIX})
    length = (1, 2) if unit == Unit.BUSINESS_DAYS else (3600, 30 * 3600)
    target = Target(Metric.RESOLUTION, unit, *length)
    filed = [datetime(2026, 3, 1, 7, tzinfo=UTC) + timedelta(hours=7 * n, seconds=n) for n in range(60)]
    for amount in length:
        states = [
            evaluate(
                Metric.RESOLUTION,
                {"high": target},
                desk,
                [TimelineEntry(start, Kind.FILED, "new", "high")],
                now=start,
            )
            for start in filed
        ]
        expected = [state.aim_at if amount == target.aim else state.limit_at for state in states]
        due = many.deadlines(desk, target, each(filed), amount=amount)
        assert [to_datetime(instant) for instant in due.tolist()] == expected
    assert many.deadlines(desk, target, each(filed)).tolist() == due.tolist()


def test_no_clock_at_all_has_no_deadline() -> None:
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": {}})
    for answers in (many.add(desk, [], 5), many.add_days(desk, [], 1), many.counted(desk, [], [])):
        assert answers.tolist() == []


def test_a_calendar_that_never_opens_is_named() -> None:
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": {}}, "Night desk")
    with pytest.raises(CalendarNeverOpens, match="Night desk"):
        many.add(desk, [at("2026-03-06T11:00Z")], HOUR)
    with pytest.raises(CalendarNeverOpens, match="Night desk"):
        many.add_days(desk, [at("2026-03-06T11:00Z")], 1)
    assert many.add(desk, [at("2026-03-06T11:00Z")], 0).tolist() == [at("2026-03-06T11:00Z")]


def test_time_that_runs_backwards_and_rows_that_do_not_match_are_refused() -> None:
    desk = BusinessCalendar.from_spec({"tz": "UTC", "week": NINE_TO_SIX})
    for use in (many.add, many.add_days):
        with pytest.raises(ValueError, match="forwards"):
            use(desk, [0, 0], [1, -1])
    with pytest.raises(ValueError, match="as many rows"):
        many.add(desk, [0, 0], 1, LeftOut.of([[1, 2]]))


def test_windows_of_seconds_are_found_without_a_grid() -> None:
    day = [[f"{n // 60:02}:{n % 60:02}", f"{n // 60:02}:{n % 60 + 1:02}"] for n in range(0, 1440, 2)]
    desk = BusinessCalendar.from_spec({"tz": "Europe/London", "week": {"2": day}})
    begins = [at("2026-03-04T00:00Z") + n * HOUR // 7 for n in range(300)]
    expected = each([desk.add(to_datetime(begin), timedelta(minutes=45)) for begin in begins])
    assert many.add(desk, begins, 45 * HOUR // 60).tolist() == expected
