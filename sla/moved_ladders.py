"""When the sweep has to look at the ladders of many clocks that an edit moves: `sla.steps` in arrays."""

from __future__ import annotations

import numpy as np

from sla.business_time import around_the_clock
from sla.calendar import Calendar
from sla.line import Int64s, Line
from sla.many import add, counted
from sla.models import LadderStep, Place, TargetUnit
from sla.moves import BREACHED, RUNNING, Block, Judged, take
from sla.open_clocks import METRICS, NEVER, PRIORITIES, UNITS
from sla.steps import steps_of

_ALWAYS = UNITS.index(TargetUnit.ELAPSED_TIME)


def ladder_looks(block: Block, judged: Judged, now: int) -> Int64s:
    """The next look for what stands on ladders besides aims and limits; NEVER where that asks for none.

    A running clock is looked at at its next share. What comes after a limit is worked out by the look itself,
    so a breached clock whose ladder goes on is looked at at once: a look too many does no harm.
    """
    looks = np.full(len(block.rows), NEVER, np.int64)
    running = np.flatnonzero((judged.status == RUNNING) & (judged.due != NEVER))
    for places, line, unit in block.groups(running, judged.unit):
        for step in _steps(block, places):
            if step.place == Place.SHARE:
                mine = _standing_on(block, places, step)
                hours = around_the_clock() if unit == _ALWAYS else line
                at = _shares(block, judged, mine, hours, step.amount)
                # Where the share has passed, the look that was planned before the edit stays.
                planned = block.rows["next"][mine]
                planned = np.where(planned > now, planned, NEVER)
                looks[mine] = np.minimum(looks[mine], np.where(at > now, at, planned))
    breached = np.flatnonzero(judged.status == BREACHED)
    for places, _line, _unit in block.groups(breached, judged.unit):
        for step in _steps(block, places):
            if step.place in (Place.AFTER, Place.DAILY):
                looks[_standing_on(block, places, step)] = now
    return looks


def _steps(block: Block, places: Int64s) -> tuple[LadderStep, ...]:
    """The ladder under which rows of one heir go on."""
    version = block.heirs[int(block.which[places[0]])].terms.plan_version
    return steps_of(version.tenant_id, version.pk)


def _standing_on(block: Block, places: Int64s, step: LadderStep) -> Int64s:
    rows = block.rows[places]
    stands = rows["metric"] == METRICS.index(step.metric)
    if step.priorities:
        stands &= np.isin(rows["priority"], [PRIORITIES.index(priority) for priority in step.priorities])
    standing: Int64s = places[stands]
    return standing


def _shares(block: Block, judged: Judged, mine: Int64s, hours: Calendar | Line, percent: int) -> Int64s:
    """The instants at which so much of the counted time up to the limit has passed."""
    if not len(mine):
        return mine
    starts, gaps = block.rows["started"][mine], take(block.left_out, mine)
    budget = np.maximum(counted(hours, starts, judged.due[mine], gaps), 0)
    return add(hours, starts, -(-budget * percent // 100), gaps)
