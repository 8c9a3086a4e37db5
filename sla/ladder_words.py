"""Steps of escalation ladders in the active language: where they stand, what they do, whom they tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.humantime import duration
from accounts.models import Membership, Team
from sla.models import Place, Rota, Who
from sla.services.ladders import StepTerms, Tell
from tickets.lifecycle import Priority


@dataclass(frozen=True)
class Names:
    """The names of those whom steps name by their ids."""

    teams: dict[int, str] = field(default_factory=dict)
    rotas: dict[int, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)


def names_in(steps: Iterable[StepTerms]) -> Names:
    """The names that these steps of the current desk need: at most three queries, none where none are."""
    listed = list(steps)
    tells = [told for step in listed for told in step.tells]
    teams = {told.team for told in tells if told.team}
    rotas = {told.rota for told in tells if told.rota}
    people = {step.reassigns_to for step in listed if step.reassigns_to}
    return Names(
        dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        dict(Rota.objects.filter(pk__in=rotas).values_list("pk", "name")) if rotas else {},
        dict(Membership.objects.filter(pk__in=people).values_list("pk", "name")) if people else {},
    )


def place_words(place: str, amount: int = 0, times: int = 1, *, business: bool = True) -> str:
    """Where a step stands: "At 75 % of the limit". `business`: its clock counts business time."""
    if place == Place.SHARE:
        return _("At %(share)s%% of the limit") % {"share": amount}
    if place == Place.AFTER:
        return _("%(duration)s after the limit") % {"duration": duration(amount, business=business)}
    if place == Place.DAILY:
        words = ngettext(
            "On the first business day after the limit",
            "Every business day after the limit, at most %(n)s times",
            times,
        )
        return words % {"n": times}
    return str(Place(place).label)


def turn_words(place: str, amount: int, number: int, *, business: bool = True) -> str:
    """The same of one turn of a step: "Business day 2 after the limit"."""
    if place == Place.DAILY:
        return _("Business day %(n)s after the limit") % {"n": number}
    return place_words(place, amount, business=business)


def who_words(told: Tell, names: Names) -> str:
    """Who is told, to stand in a sentence; a webhook by its host alone, since its path may be a secret."""
    if told.who == Who.TEAM:
        return _("team %(name)s") % {"name": names.teams.get(told.team or 0, "?")}
    if told.who == Who.ON_CALL:
        return _("whoever is on call in %(name)s") % {"name": names.rotas.get(told.rota or 0, "?")}
    if told.who == Who.ADDRESS:
        return told.address
    if told.who == Who.WEBHOOK:
        return _("the webhook at %(host)s") % {"host": urlsplit(told.url).netloc}
    return {
        Who.ASSIGNEE: _("the assignee"),
        Who.SUPERVISORS: _("every supervisor"),
        Who.COORDINATOR: _("the account coordinator"),
    }[Who(told.who)]


def changes_words(step: StepTerms, names: Names) -> list[str]:
    """What a step does besides telling."""
    said = []
    if step.raises_priority:
        said.append(_("raises the priority"))
    if step.reassigns_to is not None:
        said.append(_("reassigns to %(name)s") % {"name": names.people.get(step.reassigns_to, "?")})
    if step.declares_emergency:
        said.append(_("declares an emergency"))
    return said


def acts_words(step: StepTerms, names: Names) -> str:
    """All that a step does: "tells the assignee, every supervisor; raises the priority"."""
    told = ", ".join(who_words(told, names) for told in step.tells)
    tells = [_("tells %(who)s") % {"who": told}] if told else []
    return "; ".join([*tells, *changes_words(step, names)])


def only_words(step: StepTerms) -> str:
    """For which priorities it stands: "only critical, high"; "" for all."""
    if not step.priorities:
        return ""
    labels = ", ".join(str(Priority(priority).label).lower() for priority in step.priorities)
    return _("only %(priorities)s") % {"priorities": labels}


def step_words(step: StepTerms, names: Names, *, business: bool = True) -> str:
    """A step in one line: "At the aim, only critical: tells the assignee"."""
    place = place_words(step.place, step.amount, step.times, business=business)
    where = ", ".join(filter(None, [place, only_words(step)]))
    return _("%(place)s: %(acts)s") % {"place": where, "acts": acts_words(step, names)}
