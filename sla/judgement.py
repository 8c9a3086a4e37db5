"""The judgement of a clock: its aim and limit under each set of terms, and what had happened by an
instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from sla.business_time import Calendar, Period, around_the_clock
from sla.course import Course
from sla.timeline import Pause, State, Target, Terms, Unit

_ALWAYS_OPEN = around_the_clock()


@dataclass(frozen=True, slots=True)
class ClockState:
    """What there is to say about one clock. Instants are in UTC.

    `aim_at` and `limit_at` are what counts, a due time set by hand included; `reckoned_…` is what the
    target says by itself. They are None while frozen by a pause, and where nothing is promised.
    `breached_at` stays once it happened, whatever is promised later. `counted` is the time that the target
    counts, so far; `remaining` what is left of it to the reckoned limit, negative past it, None once ended.
    `next_action_at` is the next instant at which the state changes by itself: aim, then limit; None while
    paused, once breached and once ended. `left_out` are the pauses, the rests and the planned periods that
    have ended.
    """

    metric: str
    cycle: int
    state: State
    priority: str
    target: Target | None
    started_at: datetime
    aim_at: datetime | None
    limit_at: datetime | None
    reckoned_aim_at: datetime | None
    reckoned_limit_at: datetime | None
    manual_due_at: datetime | None
    at_risk: bool
    breached_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    counted: timedelta
    remaining: timedelta | None
    next_action_at: datetime | None
    left_out: tuple[Period, ...] = ()

    @property
    def at_risk_at(self) -> datetime | None:
        """The aim, under the name of the stored column."""
        return self.aim_at

    @property
    def due_at(self) -> datetime | None:
        """The limit, under the name of the stored column."""
        return self.limit_at

    @property
    def is_late(self) -> bool:
        """Ended well, but after a breach."""
        return self.met_at is not None and self.breached_at is not None

    @property
    def remaining_seconds(self) -> int | None:
        """Whole seconds left to the reckoned limit, never below 0; None where there is nothing to count."""
        return None if self.remaining is None else max(0, int(self.remaining.total_seconds()))


class Reckoner:
    """The reckoning of one course on one calendar: deadlines with its pauses left out."""

    def __init__(self, course: Course, calendar: Calendar, planned: Sequence[Pause]) -> None:
        self.course = course
        self.calendar = calendar
        stretches = [*course.pauses, *course.rests, *planned]
        self._instants: dict[tuple[Target, int], datetime | None] = {}
        self.left_out: list[Period] = [(s.start, s.end) for s in stretches if s.end is not None]

    def calendar_for(self, target: Target) -> Calendar:
        """The calendar that a target counts on: around the clock for elapsed time."""
        return _ALWAYS_OPEN if target.unit == Unit.ELAPSED_TIME else self.calendar

    def budget(self, target: Target, amount: int) -> timedelta:
        """How much counted time an aim or a limit is: for business days, up to the unpaused deadline."""
        if target.unit != Unit.BUSINESS_DAYS:
            return timedelta(seconds=amount)
        start = self.course.started_at
        due = self.calendar.add_days(start, amount, end_of_day=target.end_of_day)
        return self.calendar.elapsed(start, due)

    def instant(self, target: Target, amount: int) -> datetime | None:
        """The aim or limit; None while an open pause that began before it freezes it."""
        key = target, amount
        if key not in self._instants:
            budget = self.budget(target, amount)
            at = self.calendar_for(target).add(self.course.started_at, budget, self.left_out)
            pause = self.course.open_pause
            self._instants[key] = None if pause is not None and at > pause.start else at
        return self._instants[key]

    def counted(self, target: Target, until: datetime) -> timedelta:
        """The time counted from the start to an instant."""
        return self.calendar_for(target).elapsed(self.course.started_at, until, self.left_out)

    def limit_under(self, terms: Terms) -> datetime | None:
        """The limit under one set of terms: the due time set by hand, or else the reckoned one."""
        if terms.manual_due_at is not None or terms.target is None:
            return terms.manual_due_at
        return self.instant(terms.target, terms.target.limit)

    def breached_at(self, now: datetime) -> datetime | None:
        """The first instant at which the terms then in force were broken.

        An event at the very instant of a limit comes first, so what is met exactly at the deadline is met.
        Terms that make a clock overdue when they come into force break at that instant, not before.
        """
        course = self.course
        for terms, following in zip_longest(course.terms, course.terms[1:]):
            limit = self.limit_under(terms)
            if limit is None:
                continue
            at = self._awake(max(limit, terms.since))
            until = following.since if following is not None else course.ended_at
            if at is not None and (at < until if until is not None else at <= now):
                return at
        return None

    def _awake(self, at: datetime) -> datetime | None:
        for rest in self.course.rests:
            if rest.start <= at and (rest.end is None or at < rest.end):
                return rest.end  # judged again when the ticket is opened again, if ever
        return at


def judge(course: Course, reckoner: Reckoner, now: datetime) -> ClockState:
    """The state of a clock at `now`. Raises CalendarNeverOpens."""
    terms = course.terms[-1]
    target, manual = terms.target, terms.manual_due_at
    aim = limit = remaining = None
    counted = timedelta()
    pause = course.open_pause
    if target is not None:
        limit = reckoner.instant(target, target.limit)
        aim = limit if target.aim == target.limit else reckoner.instant(target, target.aim)
        counted = reckoner.counted(target, course.ended_at or (pause.start if pause else now))
        if course.ending is None:
            remaining = reckoner.budget(target, target.limit) - counted
    breached_at = reckoner.breached_at(now)
    state = _state(course, terms, breached_at, frozen=pause is not None and manual is None)
    aim_at, limit_at = (manual, manual) if manual is not None else (aim, limit)
    running = state is State.RUNNING
    ahead = [at for at in (aim_at, limit_at) if at is not None and at > now]
    return ClockState(
        metric=course.metric,
        cycle=course.cycle,
        state=state,
        priority=terms.priority,
        target=target,
        started_at=course.started_at,
        aim_at=aim_at,
        limit_at=limit_at,
        reckoned_aim_at=aim,
        reckoned_limit_at=limit,
        manual_due_at=manual,
        at_risk=running and aim_at is not None and aim_at <= now,
        breached_at=breached_at,
        met_at=course.ended_at if course.ending is State.MET else None,
        ended_at=course.ended_at,
        paused_at=pause.start if pause else None,
        paused_by=pause.status if pause else "",
        counted=counted,
        remaining=remaining,
        next_action_at=ahead[0] if running and ahead else None,
        left_out=tuple(reckoner.left_out),
    )


def _state(course: Course, terms: Terms, breached_at: datetime | None, *, frozen: bool) -> State:
    if not terms.promises:
        return State.NO_COMMITMENT
    if course.ending is not None:
        return course.ending
    if breached_at is not None:
        return State.BREACHED
    return State.PAUSED if frozen else State.RUNNING
