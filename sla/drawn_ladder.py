"""The ladders of a plan's version as time lines: a band from received past the limit, a numbered pin a step.

The way to the limit is drawn to scale; what comes after it stands in order. Values in, values out; texts in
the active language. Places are thousandths of the drawing's width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sla.ladder_words import Names, acts_words, only_words, place_words
from sla.models import Metric, Place, Target, TargetUnit
from sla.services.ladders import StepTerms
from tickets.lifecycle import Priority

LEFT, RIGHT = 30, 970
# Where the limit stands when something comes after it.
_LIMIT = 640
# Nearer than this two pins would touch on a phone.
_APART = 75
_HEIGHTS = {place: height for height, place in enumerate(Place.values)}


@dataclass(frozen=True)
class Pin:
    """One step: its number, where it stands, in which row (0 next to the band), and in words."""

    number: int
    x: int
    row: int
    place: str
    where: str
    acts: str
    only: str


@dataclass(frozen=True)
class LadderDrawing:
    """The time line of one metric. `aim` is None where aim and limit are the same."""

    label: str
    pins: list[Pin]
    aim: int | None
    limit: int
    rows: int

    @property
    def has_after(self) -> bool:
        """Something is done after the limit."""
        return self.limit < RIGHT


def drawn_ladders(steps: Iterable[StepTerms], targets: Iterable[Target], names: Names) -> list[LadderDrawing]:
    """A time line for each metric that has steps, in the order of metrics."""
    listed, promised = list(steps), list(targets)
    return [
        _drawn(metric, ladder, [target for target in promised if target.metric == metric], names)
        for metric in Metric
        if (ladder := [step for step in listed if step.metric == metric])
    ]


def _drawn(
    metric: Metric, ladder: Sequence[StepTerms], targets: Sequence[Target], names: Names
) -> LadderDrawing:
    ordered = sorted(ladder, key=lambda step: (_HEIGHTS[Place(step.place)], step.amount))
    after = [step for step in ordered if step.place in (Place.AFTER, Place.DAILY)]
    limit = _LIMIT if after else RIGHT
    share = _aim_share(targets)
    business = any(target.unit != TargetUnit.ELAPSED_TIME for target in targets) or not targets
    at: dict[str, int] = {Place.AIM: _along(share or 1, limit), Place.LIMIT: limit}
    placed = []
    for step in ordered:
        if step.place == Place.SHARE:
            x = _along(step.amount / 100, limit)
        elif step in after:
            x = limit + (RIGHT - limit) * (after.index(step) + 1) // (len(after) + 1)
        else:
            x = at[step.place]
        placed.append((x, step))
    pins: list[Pin] = []
    for number, (x, step) in enumerate(sorted(placed, key=lambda one: one[0]), start=1):
        where = place_words(step.place, step.amount, step.times, business=business)
        acts, only = acts_words(step, names), only_words(step)
        pins.append(Pin(number, x, _free_row(pins, x), step.place, where, acts, only))
    aim = None if share is None else at[Place.AIM]
    return LadderDrawing(str(metric.label), pins, aim, limit, 1 + max(pin.row for pin in pins))


def _along(share: float, limit: int) -> int:
    return LEFT + round((limit - LEFT) * share)


def _aim_share(targets: Iterable[Target]) -> float | None:
    """Which share of the limit the aim is, at the highest priority at which the two differ."""
    differing = [target for target in targets if target.aim < target.limit]
    differing.sort(key=lambda target: Priority.values.index(target.priority))
    return differing[0].aim / differing[0].limit if differing else None


def _free_row(pins: Sequence[Pin], x: int) -> int:
    taken = {pin.row for pin in pins if abs(pin.x - x) < _APART}
    return next(row for row in range(len(pins) + 1) if row not in taken)
