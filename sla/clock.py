"""A clock is a function of the record.

A ticket is filed on Friday at 17:10 with a promise of four business hours. It waits for its requester over
the weekend, becomes critical on Monday, is answered on Tuesday, is opened again on Thursday. When was it
due, and was it late? The answer is not kept anywhere; it is worked out from the ticket's timeline, the
promises and the calendar, each time anew, here and only here. A stored clock row is a copy of this answer,
a receipt is its working, and a recalculation after a calendar was edited is the same call again.

    fold the timeline into a course (`sla.course`): start, terms, pauses, rests, end
    → judge it on the calendar (`sla.judgement`): aim, limit, breach, what comes next
    → lay it out (`sla.receipts`), for whoever asks why

No clock is read: `now` comes from the caller. `docs/sla-clock.md` has the rules, each with the test that
shows it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sla.business_time import Calendar
from sla.course import cycle_starts, in_order, run_course
from sla.judgement import ClockState, Reckoner, judge
from sla.receipts import Part, Segment, lay_out
from sla.timeline import Kind, Metric, Pause, State, Target, Targets, TimelineEntry, Unit

__all__ = [
    "ClockState",
    "Kind",
    "Metric",
    "Part",
    "Pause",
    "Segment",
    "State",
    "Target",
    "Targets",
    "TimelineEntry",
    "Unit",
    "cycles",
    "evaluate",
    "receipt",
]


def evaluate(
    metric: str,
    targets: Targets,
    calendar: Calendar,
    timeline: Iterable[TimelineEntry],
    *,
    now: datetime,
    cycle: int = 1,
    planned: Sequence[Pause] = (),
) -> ClockState:
    """The state of one clock of a ticket at `now`.

    `targets` are the promises at the time of filing, by priority; entries of kind TARGETS change them.
    `planned` are periods with known ends that the plan leaves out, such as maintenance. Entries later than
    `now` (clocks of two machines differ) count as having happened; promises that are only announced for a
    later instant hold from then on, so they count where they come before the limit. Raises ValueError for a
    timeline without a filing or a next-response cycle that has not started, and CalendarNeverOpens.
    """
    state, _, _ = _judged(metric, targets, calendar, timeline, now=now, cycle=cycle, planned=planned)
    return state


def cycles(timeline: Iterable[TimelineEntry]) -> int:
    """How many next-response cycles have started."""
    return len(cycle_starts(in_order(timeline)))


def receipt(
    metric: str,
    targets: Targets,
    calendar: Calendar,
    timeline: Iterable[TimelineEntry],
    *,
    now: datetime,
    cycle: int = 1,
    planned: Sequence[Pause] = (),
) -> tuple[Segment, ...]:
    """The reckoning of the clock that `evaluate` judges, as segments and marks in order of time.

    The counted segments up to the reckoned limit add up to the target. Raises what `evaluate` raises.
    """
    state, reckoner, reached = _judged(
        metric, targets, calendar, timeline, now=now, cycle=cycle, planned=planned
    )
    return lay_out(state, reckoner, planned, reached)


def _judged(
    metric: str,
    targets: Targets,
    calendar: Calendar,
    timeline: Iterable[TimelineEntry],
    *,
    now: datetime,
    cycle: int,
    planned: Sequence[Pause],
) -> tuple[ClockState, Reckoner, datetime]:
    entries = in_order(timeline)
    reached = max([now, *(entry.at for entry in entries if entry.kind != Kind.TARGETS)])
    holding = [entry for entry in entries if entry.at <= reached]
    announced = entries[len(holding) :]

    def at_once() -> tuple[ClockState, Reckoner]:
        course = run_course(metric, targets, holding, cycle)
        reckoner = Reckoner(course, calendar, planned)
        return judge(course, reckoner, reached), reckoner

    state, reckoner = at_once()
    while announced and state.limit_at is not None and announced[0].at < state.limit_at:
        holding.append(announced[0])
        ahead, its_reckoner = at_once()
        if ahead.state is State.NO_COMMITMENT:
            break
        state, reckoner = ahead, its_reckoner
        announced = announced[1:]
    if announced and state.ended_at is None:
        later = announced[0].at
        state = replace(state, next_action_at=min(later, state.next_action_at or later))
    return state, reckoner, reached
