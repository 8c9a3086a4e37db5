"""What a preset says in its plans about escalation: ladders in words that fit the clauses of the policy."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sla.models import Place, Who
from sla.presets.table import Table
from sla.services.errors import LadderRefused
from sla.services.ladders import StepTerms, Tell, check_step
from sla.services.plans import TargetTerms
from tickets.lifecycle import Priority

_SHARE = re.compile(r"(\d{1,2}) % of the limit")
_AFTER = re.compile(r"(\d{1,4}) (minute|hour)s? after the limit")
_DAILY = re.compile(r"each business day after the limit, up to (\d{1,2}) times")
_SECONDS = {"minute": 60, "hour": 3600}
_PLACES = {"the aim": Place.AIM, "the limit": Place.LIMIT}
# Teams, people, addresses and webhooks are the desk's own: no preset can name them.
_TOLD = [who.value for who in (Who.ASSIGNEE, Who.SUPERVISORS, Who.COORDINATOR, Who.ON_CALL)]
_HINT = (
    "50 % of the limit, the aim, the limit, 2 hours after the limit, "
    "each business day after the limit, up to 5 times"
)


@dataclass(frozen=True)
class PresetLadder:
    """The steps of a plan; whoever is on call is named once the desk's rotas are there."""

    steps: tuple[StepTerms, ...]

    def terms(self, rota: int | None) -> list[StepTerms]:
        """The same with the id of the rota that the plan calls."""
        return [replace(step, tells=tuple(_called(told, rota) for told in step.tells)) for step in self.steps]


def _called(told: Tell, rota: int | None) -> Tell:
    return replace(told, rota=rota) if told.who == Who.ON_CALL else told


def ladder_in(plan: Table, targets: Sequence[TargetTerms]) -> PresetLadder | None:
    """The array `ladder` of a plan, None without it: then the plan begins with the usual steps.

    A ladder says of every promise what happens at its limit, so that none is missed silently. Raises
    PresetError.
    """
    if not plan.has("ladder"):
        return None
    metrics = list(dict.fromkeys(target.metric for target in targets))
    has_rota = plan.has("rota")
    rows = plan.rows("ladder")
    steps = tuple(step for row in rows for step in _steps(row, metrics, has_rota=has_rota))
    places = [(step.metric, step.place, step.amount, step.priorities) for step in steps]
    for place in places:
        if places.count(place) > 1:
            raise plan.error("ladder", f"{place[0]} has two steps at the same place")
    for target in targets:
        if not _is_told(target, steps):
            said = f"says of {target.metric}, {target.priority} nothing that happens at the limit"
            raise plan.error("ladder", said)
    return PresetLadder(steps)


def _is_told(target: TargetTerms, steps: Collection[StepTerms]) -> bool:
    return any(
        step.metric == target.metric
        and step.place == Place.LIMIT
        and step.tells
        and (not step.priorities or target.priority in step.priorities)
        for step in steps
    )


def _steps(table: Table, metrics: list[str], *, has_rota: bool) -> list[StepTerms]:
    """One row, as a step for each metric that it is of."""
    of = table.texts("of", metrics)
    place: dict[str, Any] = _place(table)
    tells = tuple(Tell(who) for who in table.texts("tells", _TOLD)) if table.has("tells") else ()
    if not has_rota and any(told.who == Who.ON_CALL for told in tells):
        raise table.error("tells", "the plan names no rota whose people could be told")
    only = table.texts("only", Priority.values) if table.has("only") else []
    step = StepTerms(
        of[0],
        **place,
        priorities=tuple(only),
        tells=tells,
        raises_priority=table.flag("raises_priority"),
        declares_emergency=table.flag("declares_emergency"),
    )
    try:
        check_step(step, 0)
    except LadderRefused as refused:
        raise table.error("", refused.reason.replace("_", " ")) from refused
    table.refuse_rest()
    return [replace(step, metric=metric) for metric in of]


def _place(table: Table) -> dict[str, Any]:
    """Where a step stands, in the words of the file."""
    text = table.text("at")
    if text in _PLACES:
        return {"place": _PLACES[text].value}
    if match := _SHARE.fullmatch(text):
        return {"place": Place.SHARE.value, "amount": int(match[1])}
    if match := _AFTER.fullmatch(text):
        return {"place": Place.AFTER.value, "amount": int(match[1]) * _SECONDS[match[2]]}
    if match := _DAILY.fullmatch(text):
        return {"place": Place.DAILY.value, "times": int(match[1])}
    raise table.error("at", f"“{text}” has to read like {_HINT}")
