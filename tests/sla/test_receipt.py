"""A receipt adds up: every stretch of time is in it once, and says why it counts or not."""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.business_time import BusinessCalendar, splice
from sla.clock import Kind, Metric, Part, Pause, Segment, Target, TimelineEntry, Unit, evaluate, receipt

DESK = BusinessCalendar.from_spec(
    {
        "tz": "Asia/Karachi",
        "week": {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(5)},
        "holidays": {"2026-03-20": "Eid", "2026-03-21": "Eid", "2026-03-23": "Pakistan Day"},
    },
    "Lahore",
)
HOUR = 3600
AN_HOUR = timedelta(hours=1)
FOUR_HOURS = {"high": Target(Metric.RESOLUTION, Unit.BUSINESS_TIME, 2 * HOUR, 4 * HOUR)}
MARKS = {part for part in Part if part not in {"counted", "outside_hours", "holiday", "paused", "planned"}}


def lahore(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}+05:00").astimezone(UTC)


def filed(when: str) -> TimelineEntry:
    return TimelineEntry(lahore(when), Kind.FILED, status="new", priority="high")


def status(when: str, new: str, by: str = "") -> TimelineEntry:
    return TimelineEntry(lahore(when), Kind.STATUS, status=new, by=by)


def lines(*timeline: TimelineEntry, now: str, planned: tuple[Pause, ...] = ()) -> tuple[Segment, ...]:
    return receipt(Metric.RESOLUTION, FOUR_HOURS, DESK, timeline, now=lahore(now), planned=planned)


def told(segments: tuple[Segment, ...]) -> list[str]:
    """Part, what it says, and the hours that it counts."""
    return [
        f"{segment.part} {segment.name or segment.status} {segment.counted.total_seconds() / HOUR:g}".replace(
            "  ", " "
        )
        for segment in segments
    ]


def test_a_receipt_tells_hours_nights_holidays_and_marks_in_order() -> None:
    assert told(lines(filed("19T17:00"), now="19T17:00")) == [
        "received 0",
        "counted 1",
        "outside_hours 0",
        "holiday Eid 0",  # two days, one line
        "outside_hours 0",  # Sunday
        "holiday Pakistan Day 0",
        "outside_hours 0",
        "counted 1",
        "aim 0",
        "counted 2",
        "limit 0",
    ]


def test_a_pause_is_told_with_its_status_and_by_whom() -> None:
    segments = lines(
        filed("16T09:00"), status("16T10:00", "on_hold", "Ayesha"), status("16T11:30", "open"), now="16T12:00"
    )
    [pause] = [segment for segment in segments if segment.part is Part.PAUSED]
    assert (pause.start, pause.end) == (lahore("16T10:00"), lahore("16T11:30"))
    assert (pause.status, pause.by, pause.counted) == ("on_hold", "Ayesha", timedelta())


def test_a_frozen_clock_is_told_up_to_now_and_has_no_limit() -> None:
    segments = lines(filed("16T09:00"), status("16T10:00", "pending"), now="17T12:00")
    assert told(segments) == ["received 0", "counted 1", "paused pending 0"]
    assert segments[-1].end == lahore("17T12:00")


def test_planned_maintenance_is_a_line_of_its_own() -> None:
    works = Pause(lahore("16T10:00"), lahore("16T11:00"), "maintenance", "Bilal")
    segments = lines(filed("16T09:00"), now="16T09:00", planned=(works,))
    assert told(segments)[:3] == ["received 0", "counted 1", "planned maintenance 0"]


def test_what_has_not_happened_is_marked_as_the_way_ahead() -> None:
    segments = lines(filed("16T09:00"), now="16T10:00")
    assert [(told((segment,))[0], segment.projected) for segment in segments] == [
        ("received 0", False),
        ("counted 1", False),
        ("counted 1", True),
        ("aim 0", True),
        ("counted 2", True),
        ("limit 0", True),
    ]


def test_a_met_clock_shows_where_it_was_met_and_what_was_left() -> None:
    segments = lines(filed("16T09:00"), status("16T10:30", "resolved"), now="20T10:00")
    assert told(segments) == [
        "received 0",
        "counted 1.5",
        "met 0",
        "counted 0.5",
        "aim 0",
        "counted 2",
        "limit 0",
    ]
    assert segments[-1].end == lahore("16T13:00")


def test_a_breached_clock_is_told_beyond_its_limit() -> None:
    segments = lines(filed("16T09:00"), now="16T15:00")
    marks = [(segment.part, segment.start) for segment in segments if segment.part in MARKS]
    assert marks[-2:] == [(Part.LIMIT, lahore("16T13:00")), (Part.BREACHED, lahore("16T13:00"))]
    assert segments[-1].counted == timedelta(hours=1)


def test_the_resolved_time_before_a_reopening_is_told_as_left_out() -> None:
    segments = lines(
        filed("16T09:00"), status("16T10:00", "resolved"), status("17T10:00", "open"), now="17T10:00"
    )
    assert "paused resolved 0" in told(segments)
    assert sum((segment.counted for segment in segments), timedelta()) == timedelta(hours=4)


def test_a_manual_due_time_leaves_the_reckoned_limit_in_the_receipt() -> None:
    manual = TimelineEntry(lahore("16T10:00"), Kind.DUE_SET, due_at=lahore("17T12:00"))
    marks = {segment.part: segment.start for segment in lines(filed("16T09:00"), manual, now="16T10:00")}
    assert marks[Part.RECKONED_LIMIT] == lahore("16T13:00")
    assert marks[Part.LIMIT] == lahore("17T12:00")


def test_without_a_commitment_there_is_nothing_to_add_up() -> None:
    unknown = TimelineEntry(lahore("16T09:00"), Kind.FILED, status="new", priority="low")
    assert told(lines(unknown, now="17T09:00")) == ["received 0"]


steps = st.lists(
    st.tuples(
        st.integers(1, 4 * 86_400),
        st.sampled_from(["pending", "on_hold", "awaiting_approval", "open", "resolved", "closed"]),
    ),
    max_size=6,
)
targets = st.one_of(
    st.builds(
        lambda unit, aim, more: Target(Metric.RESOLUTION, unit, aim, aim + more),
        st.sampled_from([Unit.BUSINESS_TIME, Unit.ELAPSED_TIME]),
        st.integers(0, 60 * HOUR),
        st.integers(0, 60 * HOUR),
    ),
    st.builds(
        lambda aim, more, end: Target(Metric.RESOLUTION, Unit.BUSINESS_DAYS, aim, aim + more, end_of_day=end),
        *[st.integers(0, 5)] * 2,
        st.booleans(),
    ),
)
edits = st.lists(st.integers(0, 20 * 86_400), max_size=3)
LATER = [
    BusinessCalendar.from_spec(
        {"tz": "Asia/Karachi", "week": {"1": [["22:00", "06:00"]], "5": [["08:00", "24:00"]]}}
    ),
    BusinessCalendar.from_spec(
        {"tz": "America/New_York", "week": {"0": [["09:00", "17:30"]], "6": [["00:00", "24:00"]]}}
    ),
]


@settings(
    max_examples=int(os.environ.get("SLA_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    target=targets,
    changes=steps,
    shift=st.integers(0, 10 * 86_400_000_000),
    later=st.integers(0, 20 * 86_400),
    works=st.booleans(),
    edited=edits,
)
def test_the_counted_segments_up_to_the_limit_add_up_to_the_target(
    *, target: Target, changes: list[tuple[int, str]], shift: int, later: int, works: bool, edited: list[int]
) -> None:
    """Whatever is promised, paused, planned, and however often the calendar is edited meanwhile."""
    start = lahore("13T00:00") + timedelta(microseconds=shift)
    timeline = [TimelineEntry(start, Kind.FILED, status="new", priority="high")]
    for gap, new in changes:
        timeline.append(TimelineEntry(timeline[-1].at + timedelta(seconds=gap), Kind.STATUS, status=new))
    now = timeline[-1].at + timedelta(seconds=later)
    planned = [Pause(start + timedelta(hours=5), start + timedelta(hours=30), "maintenance")] if works else []
    versions = [(lahore("13T00:00") + timedelta(seconds=at), LATER[at % 2]) for at in sorted(set(edited))]
    calendar = splice([(None, DESK), *versions])
    asked = (Metric.RESOLUTION, {"high": target}, calendar, timeline)
    state = evaluate(*asked, now=now, planned=planned)
    segments = receipt(*asked, now=now, planned=planned)
    stretches = [segment for segment in segments if segment.part not in MARKS]
    assert all(one.end == other.start for one, other in pairwise(stretches))
    assert not stretches or stretches[0].start == start
    if state.limit_at is None:
        assert sum((line.counted for line in stretches), timedelta()) == state.counted
        return
    counted = sum((line.counted for line in stretches if line.end <= state.limit_at), timedelta())
    if target.unit == Unit.BUSINESS_DAYS:
        due = calendar.add_days(start, target.limit, end_of_day=target.end_of_day)
        assert counted == calendar.elapsed(start, due)
    else:
        assert counted == timedelta(seconds=target.limit)
