"""When the steps of an escalation ladder fall due. Pure: values in, values out, no clock read, no Django.

A ladder stands beside a clock and counts as the clock counts: by its hours (around the clock where its target
does), with its pauses left out. Shares are shares of the counted time up to the limit, so three quarters of
"one business day" is not three quarters of 24 hours; steps after the limit count on from the limit. What a
pause freezes has no instant until it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sla.business_time import Calendar, Period, around_the_clock
from sla.timeline import Target, Unit

_ALWAYS_OPEN = around_the_clock()

SHARE, AIM, LIMIT, AFTER, DAILY = "share", "aim", "limit", "after", "daily"


AnyStep = TypeVar("AnyStep")
"""Anything with `place`, `amount` (per cent for a share, seconds for `after`) and `times` (for `daily`)."""


@dataclass(frozen=True, slots=True)
class Mark(Generic[AnyStep]):
    """A step at its instant; `number` counts the turns of one that repeats, from 1."""

    at: datetime
    step: AnyStep
    number: int = 1


@dataclass(frozen=True, slots=True)
class Footing:
    """What a ladder stands on: one clock, or one that might begin.

    `aim_at` and `limit_at` are those that count, a due time set by hand included (`is_manual`); None while
    frozen. `unit` is that of the target, "" where only a due time by hand promises anything. `paused_at`:
    since when a pause goes on.
    """

    started_at: datetime
    unit: str
    aim_at: datetime | None
    limit_at: datetime | None
    left_out: Sequence[Period] = ()
    paused_at: datetime | None = None


def footing_of(target: Target, hours: Calendar, started_at: datetime) -> Footing:
    """The footing of a clock that begins at that instant and is never paused. Raises CalendarNeverOpens."""
    at: dict[int, datetime] = {}
    for amount in (target.aim, target.limit):
        if target.unit == Unit.BUSINESS_DAYS:
            at[amount] = hours.add_days(started_at, amount, end_of_day=target.end_of_day)
        else:
            at[amount] = counting(target.unit, hours).add(started_at, timedelta(seconds=amount))
    return Footing(started_at, target.unit, at[target.aim], at[target.limit])


def counting(unit: str, hours: Calendar) -> Calendar:
    """The hours by which a clock with a target of that unit counts."""
    return _ALWAYS_OPEN if unit == Unit.ELAPSED_TIME else hours


def never_closes(hours: Calendar, at: datetime) -> bool:
    """Whether these hours know no closing, seen over the fortnight from an instant on."""
    later = at + timedelta(days=14)
    return hours.elapsed(at, later) == later - at


def marks(
    ladder: Iterable[AnyStep], footing: Footing, hours: Calendar, *, past_limit: bool = True
) -> list[Mark[AnyStep]]:
    """Every step of a ladder at its instant, in order; those that a pause freezes are left away.

    An aim that equals the limit is no step of its own. `past_limit=False` leaves away what comes after the
    limit, which is quicker. Raises CalendarNeverOpens.
    """
    steps: Iterable[Any] = ladder
    found: list[Mark[AnyStep]] = [
        mark
        for step in steps
        if past_limit or step.place in {SHARE, AIM, LIMIT}
        for mark in _marks_of(step, footing, hours)
    ]
    return sorted(found, key=lambda mark: mark.at)


def _marks_of(step: Any, footing: Footing, hours: Calendar) -> Iterator[Mark[Any]]:
    limit = footing.limit_at
    if limit is None:
        return
    if step.place == LIMIT:
        yield Mark(limit, step)
    elif step.place == AIM:
        if footing.aim_at is not None and footing.aim_at < limit:
            yield Mark(footing.aim_at, step)
    else:
        for number, at in _counted(step, limit, footing, counting(footing.unit, hours)):
            if footing.paused_at is None or at <= footing.paused_at:
                yield Mark(at, step, number)


def _counted(step: Any, limit: datetime, footing: Footing, hours: Calendar) -> Iterator[tuple[int, datetime]]:
    if step.place == SHARE:
        budget = hours.elapsed(footing.started_at, limit, footing.left_out)
        share = max(budget, timedelta()) * step.amount / 100  # a due time set by hand may lie anywhere
        yield 1, hours.add(footing.started_at, share, footing.left_out)
    elif step.place == AFTER:
        yield 1, hours.add(limit, timedelta(seconds=step.amount), footing.left_out)
    elif step.place == DAILY:
        for number in range(1, step.times + 1):
            yield number, hours.add_days(limit, number, footing.left_out)
