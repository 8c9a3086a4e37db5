"""Escalation ladders as values: what a plan's version is given, and what is read back from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import Membership, Team
from notifications.addresses import AddressRefused, target_of
from sla.models import LadderStep, Place, PlanVersion, Rota, Who
from sla.services.errors import LadderRefused
from tickets.lifecycle import Priority

MOST_STEPS = 60
MOST_TIMES = 30
MOST_AFTER = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Tell:
    """Somebody to tell: `who` of `Who`, with the id of a team or rota, an address or a url where needed."""

    who: str
    team: int | None = None
    rota: int | None = None
    address: str = ""
    url: str = ""

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Tell:
        """From the form in which a step keeps it."""
        return cls(**stored)

    def stored(self) -> dict[str, Any]:
        """The form in which a step keeps it."""
        parts = {"team": self.team, "rota": self.rota, "address": self.address, "url": self.url}
        return {"who": self.who, **{name: value for name, value in parts.items() if value}}


def _order(told: Tell) -> tuple[int, int, int, str, str]:
    return Who.values.index(told.who), told.team or 0, told.rota or 0, told.address, told.url


@dataclass(frozen=True, slots=True)
class StepTerms:
    """One step, see `LadderStep`: `amount` in per cent (share) or business seconds (after the limit).

    `priorities` empty: all of them. `reassigns_to` is the id of a membership. Priorities and `tells` are put
    into one order, so that steps that mean the same are equal.
    """

    metric: str
    place: str
    amount: int = 0
    times: int = 1
    priorities: tuple[str, ...] = ()
    tells: tuple[Tell, ...] = ()
    raises_priority: bool = False
    reassigns_to: int | None = None
    declares_emergency: bool = False

    def __post_init__(self) -> None:
        tells = sorted(set(self.tells), key=_order)
        priorities = sorted(set(self.priorities), key=Priority.values.index)
        object.__setattr__(self, "tells", tuple(tells))
        object.__setattr__(self, "priorities", tuple(priorities))

    @property
    def does_something(self) -> bool:
        """It tells somebody, or changes the ticket."""
        acts = self.raises_priority or self.declares_emergency or self.reassigns_to is not None
        return bool(self.tells) or acts


def usual_ladder(metrics: Iterable[str]) -> list[StepTerms]:
    """What a plan starts with: the assignee is told at the aim, the assignee and supervisors at the limit."""
    assignee, supervisors = Tell(Who.ASSIGNEE.value), Tell(Who.SUPERVISORS.value)
    return [
        step
        for metric in metrics
        for step in (
            StepTerms(metric, Place.AIM.value, tells=(assignee,)),
            StepTerms(metric, Place.LIMIT.value, tells=(assignee, supervisors)),
        )
    ]


def ladder_of(version: PlanVersion) -> list[StepTerms]:
    """The ladder of a version as values, in the order in which it was given."""
    return [terms_of_step(step) for step in version.ladder.all()]


def terms_of_step(step: LadderStep) -> StepTerms:
    """A stored step as a value."""
    return StepTerms(
        step.metric,
        step.place,
        step.amount,
        step.times,
        tuple(step.priorities),
        tuple(Tell.of(told) for told in step.tells),
        step.raises_priority,
        step.reassigns_to_id,
        step.declares_emergency,
    )


def write_ladder(version: PlanVersion, steps: Sequence[StepTerms]) -> None:
    """Give a new version its steps."""
    LadderStep.objects.bulk_create(
        LadderStep(
            tenant_id=version.tenant_id,
            plan_version=version,
            metric=step.metric,
            place=step.place,
            amount=step.amount,
            times=step.times,
            priorities=list(step.priorities),
            tells=[told.stored() for told in step.tells],
            raises_priority=step.raises_priority,
            reassigns_to_id=step.reassigns_to,
            declares_emergency=step.declares_emergency,
        )
        for step in steps
    )


def check_ladder(
    tenant_id: int, steps: Sequence[StepTerms], known: Collection[StepTerms] = frozenset()
) -> None:
    """Refuse what could not be taken. Raises LadderRefused.

    `known` steps stood before: they are not refused because somebody whom they name is gone.
    """
    if len(steps) > MOST_STEPS:
        raise LadderRefused("too_many", MOST_STEPS)
    seen = set()
    for number, step in enumerate(steps):
        if step not in known:
            check_step(step, number)
        where = (step.metric, step.place, step.amount, frozenset(step.priorities))
        if where in seen:
            raise LadderRefused("twice", number)
        seen.add(where)
    _check_named(tenant_id, {number: step for number, step in enumerate(steps) if step not in known})


def check_step(step: StepTerms, number: int) -> None:
    """Refuse what is wrong with one step, seen alone. Raises LadderRefused."""
    if step.place == Place.SHARE and not 1 <= step.amount <= 99:
        raise LadderRefused("share_percent", number)
    if step.place == Place.AFTER and not 0 < step.amount <= MOST_AFTER:
        raise LadderRefused("after_some", number)
    if not 1 <= step.times <= MOST_TIMES:
        raise LadderRefused("times_some", number)
    if not step.does_something:
        raise LadderRefused("does_nothing", number)
    for told in step.tells:
        _check_outside(told, number)


def _check_outside(told: Tell, number: int) -> None:
    if told.who == Who.ADDRESS:
        try:
            validate_email(told.address)
        except ValidationError:
            raise LadderRefused("bad_address", number) from None
    if told.who == Who.WEBHOOK:
        try:
            target_of(told.url)
        except AddressRefused as error:
            raise LadderRefused("bad_url", number, str(error)) from error


def without_gone(tenant_id: int, steps: Iterable[StepTerms]) -> tuple[list[StepTerms], list[str]]:
    """The steps without people, teams and rotas that are not there any more, and what those are called.

    A step that would then do nothing is left out.
    """
    known = _there(tenant_id)
    kept: list[StepTerms] = []
    gone: dict[str, set[int]] = {reason: set() for reason in known}
    for step in steps:
        missing = {(reason, pk) for reason, pk in _named_by(step) if pk not in known[reason]}
        for reason, pk in missing:
            gone[reason].add(pk or 0)
        left = replace(
            step,
            tells=tuple(told for told in step.tells if not missing & set(_named_in(told))),
            reassigns_to=None if ("unknown_person", step.reassigns_to) in missing else step.reassigns_to,
        )
        if left.does_something or not missing:
            kept.append(left)
    names: list[str] = []
    for model, reason in ((Membership, "unknown_person"), (Team, "unknown_team"), (Rota, "unknown_rota")):
        rows = model._default_manager.filter(tenant_id=tenant_id, pk__in=gone[reason])
        names += rows.order_by("name").values_list("name", flat=True) if gone[reason] else []
    return kept, names


def _check_named(tenant_id: int, steps: Mapping[int, StepTerms]) -> None:
    """Whoever is named by an id is there, at this desk."""
    known = _there(tenant_id)
    for number, step in steps.items():
        for reason, pk in _named_by(step):
            if pk not in known[reason]:
                raise LadderRefused(reason, number)


def _there(tenant_id: int) -> dict[str, set[int]]:
    """The ids of whom a step may name at this desk, by the reason for which others are refused."""
    people = Membership.objects.active().staff().filter(tenant_id=tenant_id, user__is_active=True)
    teams = Team.objects.in_use().filter(tenant_id=tenant_id)
    rotas = Rota.objects.filter(tenant_id=tenant_id, archived_at=None)
    return {
        "unknown_person": set(people.values_list("pk", flat=True)),
        "unknown_team": set(teams.values_list("pk", flat=True)),
        "unknown_rota": set(rotas.values_list("pk", flat=True)),
    }


def _named_by(step: StepTerms) -> list[tuple[str, int | None]]:
    """Whom a step names by an id, each with the reason for which it is refused when it is not there."""
    person = [] if step.reassigns_to is None else [("unknown_person", step.reassigns_to)]
    return [*person, *(named for told in step.tells for named in _named_in(told))]


def _named_in(told: Tell) -> list[tuple[str, int | None]]:
    if told.who == Who.TEAM:
        return [("unknown_team", told.team)]
    return [("unknown_rota", told.rota)] if told.who == Who.ON_CALL else []
