"""The receipt of a clock: its reckoning laid out, so that anybody can add it up.

From receipt to limit, every stretch of time is in it once: counted, outside hours, closed by a holiday,
paused. The counted ones up to the limit add up to the target, to the microsecond; a property test holds it
to that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sla.business_time import Calendar
from sla.judgement import ClockState, Reckoner
from sla.timeline import Pause, State


class Part(StrEnum):
    """What a segment is: the first five have a length, the others mark an instant."""

    COUNTED = "counted"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    PLANNED = "planned"
    RECEIVED = "received"
    AIM = "aim"
    LIMIT = "limit"
    RECKONED_LIMIT = "reckoned_limit"
    BREACHED = "breached"
    MET = "met"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of a receipt. Marks begin and end at one instant.

    `name` is the holiday's or the planned maintenance's, `status` and `by` say why and by whom it was paused,
    `counted` is the time that counts (none but in counted segments), and `projected` is true for what has
    not happened: the way to a limit ahead.
    """

    part: Part
    start: datetime
    end: datetime
    name: str = ""
    status: str = ""
    by: str = ""
    counted: timedelta = timedelta()
    projected: bool = False


def lay_out(
    state: ClockState, reckoner: Reckoner, planned: Sequence[Pause], now: datetime
) -> tuple[Segment, ...]:
    """The receipt of a judged clock: to its limit, or to its end or `now` where that is later."""
    marks = list(_marks(state))
    live_until = state.ended_at or now
    if state.target is None:
        return tuple(marks)
    end = max([live_until, *(mark.start for mark in marks)])
    calendar = reckoner.calendar_for(state.target)
    stretches: list[Segment] = []
    cursor = state.started_at
    for pause in _left_out(reckoner, planned, end):
        if cursor < pause.start:
            stretches += _open_stretch(calendar, cursor, pause.start)
            cursor = pause.start
        if cursor < pause.end:
            stretches.append(replace(pause, start=cursor, end=min(pause.end, end)))
            cursor = pause.end
    if cursor < end:
        stretches += _open_stretch(calendar, cursor, end)
    cuts = sorted({live_until, *(mark.start for mark in marks)})
    lines = [replace(line, projected=line.start >= live_until) for line in _cut(stretches, cuts)]
    marks = [replace(mark, projected=mark.start > live_until) for mark in marks]
    # A mark stands after what ends at its instant and before what begins there.
    return tuple(sorted([*marks, *lines], key=lambda line: (line.start, line.start != line.end)))


def _marks(state: ClockState) -> Iterator[Segment]:
    instants = [
        (Part.RECEIVED, state.started_at),
        (Part.AIM, state.aim_at),
        (Part.LIMIT, state.limit_at),
        (Part.RECKONED_LIMIT, state.reckoned_limit_at if state.manual_due_at is not None else None),
        (Part.BREACHED, state.breached_at),
        (Part.CANCELLED if state.state is State.CANCELLED else Part.MET, state.ended_at),
    ]
    return (Segment(part, at, at) for part, at in instants if at is not None)


def _left_out(reckoner: Reckoner, planned: Sequence[Pause], end: datetime) -> list[Segment]:
    course = reckoner.course
    # The rest that ended the clock is not shown: what follows it is only the way to the limit.
    statuses = [*course.pauses, *(rest for rest in course.rests if rest.end is not None)]
    found = [
        Segment(Part.PAUSED, gap.start, gap.end or max(gap.start, end), status=gap.status, by=gap.by)
        for gap in statuses
    ]
    found += [
        Segment(Part.PLANNED, works.start, works.end or max(works.start, end), name=works.status, by=works.by)
        for works in planned
    ]
    return sorted((pause for pause in found if pause.start < end), key=lambda pause: pause.start)


def _open_stretch(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Segment]:
    cursor = start
    for opens, closes in calendar.windows(start, end):
        yield from _closed_stretch(calendar, cursor, opens)
        yield Segment(Part.COUNTED, opens, closes)
        cursor = closes
    yield from _closed_stretch(calendar, cursor, end)


def _closed_stretch(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Segment]:
    if start >= end:
        return
    closed: Segment | None = None
    for day in calendar.closures(start, end):
        if closed is not None and closed.end == day.start and closed.name == day.name:
            closed = replace(closed, end=day.end)  # a holiday of several days
            continue
        if closed is not None:
            yield closed
            start = closed.end
        if start < day.start:
            yield Segment(Part.OUTSIDE_HOURS, start, day.start)
        closed = Segment(Part.HOLIDAY, day.start, day.end, name=day.name)
    if closed is not None:
        yield closed
        start = closed.end
    if start < end:
        yield Segment(Part.OUTSIDE_HOURS, start, end)


def _cut(stretches: Iterable[Segment], cuts: Sequence[datetime]) -> Iterator[Segment]:
    for stretch in stretches:
        edges = [stretch.start, *(at for at in cuts if stretch.start < at < stretch.end), stretch.end]
        for start, end in pairwise(edges):
            counted = end - start if stretch.part is Part.COUNTED else timedelta()
            yield replace(stretch, start=start, end=end, counted=counted)
