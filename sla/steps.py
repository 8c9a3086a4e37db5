"""The ladder of a stored clock: which steps lie ahead, which were taken, which are moot.

What was taken stands in `Escalation` rows. All else is worked out, each time anew, from the ladder of the
plan version that holds now and from the clock's own row, so a clock that is answered, paused or reckoned anew
needs nobody to tidy up behind it (`docs/decisions/0007-ladders.md`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.db.models import OuterRef, Prefetch, Subquery

from sla.ladder import Footing, Mark, marks
from sla.models import (
    Clock,
    ClockStatus,
    ContractVersion,
    Escalation,
    LadderStep,
    Metric,
    Moot,
    Place,
    PlanVersion,
    Reach,
)
from sla.querysets import ClockQuerySet
from sla.terms import Hours, first_link, plan_versions_of, terms_of

StepMark = Mark[LadderStep]


class StepState(StrEnum):
    """How a step of a ladder stands on one clock."""

    FIRED = "fired"
    HELD = "held"
    CANCELLED = "cancelled"
    AHEAD = "ahead"


@dataclass(frozen=True)
class ShownStep:
    """A step as it is shown on a ticket: `at` is when it fell or falls due, None while a pause freezes it.

    `why` says what made a cancelled one moot. `escalation` is there once it was taken.
    """

    step: LadderStep
    number: int
    at: datetime | None
    state: StepState
    why: Moot | None = None
    escalation: Escalation | None = None


def with_steps(clocks: ClockQuerySet) -> ClockQuerySet:
    """The clocks with what their ladders ask for: the steps that were taken, in one query more, and
    `corrected_at`, when the days of their contract were last said anew as if from the start."""
    said = ContractVersion.objects.filter(
        contract=OuterRef("agreement__contract"), number__gt=1, reach=Reach.FROM_START
    )
    corrected_at = Subquery(said.order_by("-number").values("valid_from")[:1])
    taken = Prefetch("escalations", queryset=Escalation.objects.select_related("step"))
    found: ClockQuerySet = clocks.annotate(corrected_at=corrected_at).prefetch_related(taken)
    return found


def steps_of(tenant_id: int, version_id: int) -> tuple[LadderStep, ...]:
    """The ladder of a plan's version, all metrics; nobody writes into what is given."""
    return _steps_of(tenant_id, version_id)


@lru_cache(maxsize=512)
def _steps_of(tenant_id: int, version_id: int) -> tuple[LadderStep, ...]:
    """A version's ladder never changes, so what was read is kept (per process)."""
    return tuple(LadderStep.objects.filter(tenant_id=tenant_id, plan_version_id=version_id).order_by("id"))


def ladder_for(row: Clock, at: datetime) -> list[LadderStep]:
    """The steps that stand on a clock at an instant: of its metric, for its ticket's priority."""
    in_force = [one for one in plan_versions_of(row.agreement) if one[0] is None or one[0] <= at]
    return _ladder(row, in_force[-1][1].pk)


def _ladder(row: Clock, version_id: int) -> list[LadderStep]:
    return [
        step
        for step in steps_of(row.tenant_id, version_id)
        if step.metric == row.metric and (not step.priorities or row.ticket.priority in step.priorities)
    ]


def steps_ahead(row: Clock) -> list[StepMark]:
    """The steps of a clock that have not been taken, each at the instant at which it falls due, in order.

    A breach is told even when the answer came before the sweep: no promise is missed silently. Nothing else
    falls due on a clock that has ended or is paused, nor what had passed before anything was promised. Asks
    for the row's escalations (`with_steps`), and for its ticket where steps are for some priorities only.
    """
    versions = plan_versions_of(row.agreement)
    hours = terms_of(row.agreement).hours
    done = list(row.escalations.all()) if row.pk is not None else []
    found: list[StepMark] = []
    for place, (since, version) in enumerate(versions):
        ladder = _ladder(row, version.pk)
        if not ladder:
            continue
        until = versions[place + 1][0] if place + 1 < len(versions) else None
        floor = since or _promised_from(row, version)
        for mark in _standing(row, ladder, hours):
            if (until is not None and mark.at >= until) or _is_taken(mark, done):
                continue
            # What passed before a version came into force was for the ladder before it.
            if mark.at >= floor or (since is None and _is_first_breach(mark, done)):
                found.append(mark)
    return sorted(found, key=lambda mark: mark.at)


def _promised_from(row: Clock, version: PlanVersion) -> datetime:
    """Since when the first terms of a clock are there: a contract may be given, or made longer, for days that
    have passed."""
    given: datetime = first_link(row.agreement).contract.created_at
    later = (version.valid_from, getattr(row, "corrected_at", None))
    return max([given, *(at for at in later if at is not None)])


def next_step_at(row: Clock) -> datetime | None:
    """When the sweep has to look at this clock next: at its next step, or when it is breached."""
    return next_look(row, steps_ahead(row))


def next_look(row: Clock, ahead: Iterable[StepMark]) -> datetime | None:
    """The same, with the steps ahead given."""
    instants = [mark.at for mark in ahead]
    if row.breached_at is None and row.due_at is not None and _is_running(row):
        instants.append(row.due_at)
    return min(instants, default=None)


def shown_steps(row: Clock, now: datetime) -> list[ShownStep]:
    """The whole ladder of a clock as it stands: what was taken, what comes, what became moot, in order.

    What was taken under an earlier version of the plan is shown too. A pause freezes what it keeps from
    falling due: it is cancelled for as long as the pause goes on.
    """
    shown = [_taken(escalation, now) for escalation in row.escalations.all()]
    ahead = steps_ahead(row)
    shown += [ShownStep(mark.step, mark.number, mark.at, StepState.AHEAD) for mark in ahead]
    there = {(one.step.pk, one.number) for one in shown}
    why = why_moot(row)
    if why is not None:
        shown += [
            ShownStep(step, number, None, StepState.CANCELLED, why)
            for step in ladder_for(row, now)
            for number in _next_turn(step, there)
            if _is_step(row, step)
        ]
    return sorted(shown, key=lambda one: (one.at is None, one.at or now, _height(one.step), one.number))


def why_moot(row: Clock) -> Moot | None:
    """What keeps the steps of a clock from being taken: how it ended, or a pause; None while it runs."""
    if row.ended_at is None:
        return Moot.PAUSED if row.paused_at is not None and not row.due_is_manual else None
    if row.status == ClockStatus.CANCELLED:
        if not row.unit:
            return Moot.RECOMPUTED  # nothing is promised any more
        return Moot.MERGED if row.ticket.merged_into_id is not None else Moot.RESOLVED
    responds = row.metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
    return Moot.ANSWERED if responds else Moot.RESOLVED


def _standing(row: Clock, ladder: list[LadderStep], hours: Hours) -> Iterator[StepMark]:
    breached_at = row.breached_at
    if breached_at is not None:
        for step in ladder:
            if step.place == Place.LIMIT:
                yield Mark(breached_at, step)
    if not _is_running(row):
        return
    due_at = row.due_at
    # Terms that make a clock overdue when they come into force leave what they passed on the way untold: the
    # breach is told at the same instant.
    overtaken = breached_at is not None and due_at is not None and due_at < breached_at
    for mark in marks(ladder, _footing(row), hours, past_limit=breached_at is not None):
        if overtaken and mark.step.place in (Place.SHARE, Place.AIM):
            continue
        # They break it at that instant, not before.
        if mark.step.place != Place.LIMIT or breached_at is None or (due_at and due_at > breached_at):
            yield mark


def _is_running(row: Clock) -> bool:
    return row.ended_at is None and row.status in (ClockStatus.RUNNING, ClockStatus.BREACHED)


def _footing(row: Clock) -> Footing:
    instants = row.left_out
    periods = list(zip(instants[::2], instants[1::2], strict=True))
    return Footing(row.started_at, row.unit, row.at_risk_at, row.due_at, periods, row.paused_at)


def _is_taken(mark: StepMark, done: list[Escalation]) -> bool:
    """Taken at or after that instant; a step whose instant has moved ahead of that may be taken again."""
    return any(
        one.step_id == mark.step.pk and one.number == mark.number and one.fired_at >= mark.at for one in done
    )


def _is_first_breach(mark: StepMark, done: list[Escalation]) -> bool:
    """A breach that no ladder has told of, under whichever version it happened."""
    return mark.step.place == Place.LIMIT and all(one.step.place != Place.LIMIT for one in done)


def _taken(escalation: Escalation, now: datetime) -> ShownStep:
    state = StepState.HELD if escalation.is_held(now) else StepState.FIRED
    why = None
    if escalation.cancelled_at is not None:
        state, why = StepState.CANCELLED, Moot(escalation.cancelled_why)
    return ShownStep(escalation.step, escalation.number, escalation.due_at, state, why, escalation)


def _next_turn(step: LadderStep, there: set[tuple[int, int]]) -> list[int]:
    """The first turn of a step that does not stand there; of those that repeat it stands for the rest."""
    times = step.times if step.place == Place.DAILY else 1
    return [number for number in range(1, times + 1) if (step.pk, number) not in there][:1]


def _is_step(row: Clock, step: LadderStep) -> bool:
    """An aim that equals the limit is no step of its own."""
    return step.place != Place.AIM or row.aim < row.limit


_HEIGHTS = {place: height for height, place in enumerate(Place.values)}


def _height(step: LadderStep) -> tuple[int, int]:
    return _HEIGHTS[step.place], step.amount
