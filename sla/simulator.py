"""What a ticket would be promised, had it arrived at some instant: the simulator.

It invents the shortest timeline that says so, a filing and its pauses, and asks the clock (`sla.clock`) as
for any ticket, so what is shown here is what a real ticket would get. Values in, values out: no row is read
and no clock on the wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sla.business_time import Calendar, CalendarNeverOpens, Period
from sla.clock import ClockState, Kind, Metric, Segment, Target, Targets, TimelineEntry, evaluate, receipt
from sla.timeline import RESPONSES, Pause
from sla.zones import first_instant, midnight, offsets_of_year, to_datetime


class Outcome(StrEnum):
    """What came out for one promise."""

    PROMISED = "promised"
    NO_COMMITMENT = "no_commitment"
    NEVER_OPENS = "never_opens"


@dataclass(frozen=True, slots=True)
class Simulated:
    """One promise to a ticket that arrives at an instant: aim and limit in UTC, and the whole reckoning.

    Only with the outcome `promised` are there instants and segments.
    """

    metric: str
    outcome: Outcome
    target: Target | None = None
    aim_at: datetime | None = None
    limit_at: datetime | None = None
    segments: tuple[Segment, ...] = ()


def simulate(
    hours: Calendar,
    targets: Mapping[str, Targets],
    *,
    metrics: Iterable[str],
    priority: str,
    arrives_at: datetime,
    pauses: Sequence[Period] = (),
    planned: Sequence[Period] = (),
    changes: Iterable[tuple[datetime, Mapping[str, Targets]]] = (),
) -> list[Simulated]:
    """The promises of `targets` (by metric, then priority) to a ticket that arrives at an aware instant.

    A next response is reckoned as if a requester wrote again then. `pauses` stop what pauses stop, which no
    response is; those outside of the way from arrival to limit change nothing. `planned` is maintenance that
    is left out of the time of a resolution. `changes` are targets that are known to take over, each from its
    instant on.
    """
    works = [Pause(start, end, "") for start, end in _merged(planned, arrives_at)]
    gaps, known = _merged(pauses, arrives_at), list(changes)
    found = []
    for metric in metrics:
        steps = [_taking_over(since, later.get(metric, {})) for since, later in known]
        steps += [] if metric in RESPONSES else [_pause(start, end) for start, end in gaps]
        arrival = _arrival(metric, priority, arrives_at)
        asked = _Asked(metric, hours, targets.get(metric, {}), works if metric == Metric.RESOLUTION else [])
        found.append(_promise(asked, arrival, steps))
    return found


Timeline = list[TimelineEntry]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The promise that is asked about, and the maintenance that is left out of it."""

    metric: str
    hours: Calendar
    targets: Targets
    planned: list[Pause]

    def state(self, timeline: Timeline, now: datetime) -> ClockState:
        return evaluate(self.metric, self.targets, self.hours, timeline, now=now, planned=self.planned)

    def segments(self, timeline: Timeline, now: datetime) -> tuple[Segment, ...]:
        return receipt(self.metric, self.targets, self.hours, timeline, now=now, planned=self.planned)


def _promise(asked: _Asked, arrival: Timeline, steps: list[Timeline]) -> Simulated:
    metric, now = asked.metric, arrival[0].at
    try:
        timeline, state = _followed(asked, arrival, steps)
        if state.target is None:
            return Simulated(metric, Outcome.NO_COMMITMENT)
        segments = asked.segments(timeline, now)
    except (CalendarNeverOpens, OverflowError):  # nothing opens again, or not before Python's calendar ends
        return Simulated(metric, Outcome.NEVER_OPENS, asked.targets.get(arrival[0].priority))
    return Simulated(
        metric,
        Outcome.PROMISED,
        target=state.target,
        aim_at=state.aim_at,
        limit_at=state.limit_at,
        segments=tuple(_imagined(segments, state)),
    )


def _followed(asked: _Asked, arrival: Timeline, steps: list[Timeline]) -> tuple[Timeline, ClockState]:
    """The timeline up to the limit: what begins at or after it does not move it any more."""
    timeline, now = arrival, arrival[0].at
    state = asked.state(timeline, now)
    for step in sorted(steps, key=lambda step: step[0].at):
        if state.limit_at is not None and step[0].at >= state.limit_at:
            break
        # What takes over at an instant holds for what happens at it, so it stands before that.
        timeline = [*step, *timeline] if step[0].kind == Kind.TARGETS else [*timeline, *step]
        state = asked.state(timeline, now)
    return timeline, state


def _arrival(metric: str, priority: str, at: datetime) -> Timeline:
    filed = TimelineEntry(at, Kind.FILED, status="new", priority=priority)
    if metric != Metric.NEXT_RESPONSE:
        return [filed]
    return [filed, TimelineEntry(at, Kind.STAFF_REPLY), TimelineEntry(at, Kind.REQUESTER_MESSAGE)]


def _pause(start: datetime, end: datetime) -> Timeline:
    return [
        TimelineEntry(start, Kind.STATUS, status="pending"),
        TimelineEntry(end, Kind.STATUS, status="open"),
    ]


def _taking_over(since: datetime, targets: Targets) -> Timeline:
    return [TimelineEntry(since, Kind.TARGETS, targets=targets)]


def _imagined(segments: Iterable[Segment], state: ClockState) -> Iterable[Segment]:
    """Nothing of it has happened, and nothing beyond the limit is of interest."""
    return (
        replace(segment, projected=True)
        for segment in segments
        if state.limit_at is None or segment.start <= state.limit_at
    )


def _merged(pauses: Iterable[Period], arrives_at: datetime) -> list[Period]:
    found: list[Period] = []
    for start, end in sorted((max(start, arrives_at), end) for start, end in pauses):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return found


class Wall(StrEnum):
    """What is odd about a time on the clock on the wall: skipped in spring, read twice in autumn."""

    PLAIN = "plain"
    SKIPPED = "skipped"
    TWICE = "twice"


def on_the_wall(local: datetime, zone: ZoneInfo, *, second: bool = False) -> tuple[datetime, Wall]:
    """The instant at which the clock on a wall in `zone` reads a naive time, and what is odd about it.

    A time that is skipped is the instant of the change; of two readings it is the first one, or the second
    if asked for. Raises OverflowError where Python's calendar ends.
    """
    table = offsets_of_year(zone.key, local.year)
    microseconds = midnight(local.toordinal()) + _since_midnight(local)
    first = to_datetime(first_instant(table, microseconds))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        return first, Wall.SKIPPED
    last = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if last == first:
        return first, Wall.PLAIN
    return (last if second else first), Wall.TWICE


def _since_midnight(local: datetime) -> int:
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return seconds * 1_000_000 + local.microsecond
