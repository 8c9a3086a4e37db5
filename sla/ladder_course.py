"""How a ladder stands on a ticket's clock: what was taken, what waits, what fell away, what comes.

Values in, values out but for the names of teams, rotas and people; words in the active language, instants in
the active time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.humantime import short_moment
from sla.ladder_words import Names, acts_words, changes_words, names_in, turn_words
from sla.models import Clock, TargetUnit
from sla.presentation import ClockView
from sla.services.ladders import StepTerms, terms_of_step
from sla.steps import ShownStep, StepState


@dataclass(frozen=True)
class CourseLine:
    """One step on a clock: where it stands, how it stands, when, and what it told or will tell."""

    state: str
    place: str
    at: datetime | None
    words: list[str]


@dataclass(frozen=True)
class Course:
    """The ladder of a clock: in one line, and step by step."""

    summary: str
    lines: list[CourseLine]


def courses_of(views: Iterable[ClockView], now: datetime) -> dict[int, Course]:
    """By the clock's id; none for a clock without steps. At most three queries, however many clocks."""
    stepped = [(view, [terms_of_step(one.step) for one in view.steps]) for view in views if view.steps]
    names = names_in(terms for _view, listed in stepped for terms in listed)
    return {
        view.clock.pk: Course(_summary(view.clock, view.steps, now), _lines(view, listed, names, now))
        for view, listed in stepped
    }


def _summary(clock: Clock, steps: Sequence[ShownStep], now: datetime) -> str:
    taken = sum(one.escalation is not None for one in steps)
    said = [ngettext("%(num)s step taken", "%(num)s steps taken", taken) % {"num": taken}] if taken else []
    ahead = next((one for one in steps if one.state == StepState.AHEAD and one.at is not None), None)
    if ahead is not None and ahead.at is not None:
        place = _in_sentence(_place(clock, ahead))
        values = {"place": place, "when": short_moment(ahead.at, now=now)}
        said.append(_("next: %(place)s, %(when)s") % values)
    elif clock.ended_at is None and clock.paused_at is not None:
        said.append(_("stands while paused"))
    elif not taken:
        said.append(_("no step was needed"))
    return _("Ladder: %(words)s") % {"words": " \u00b7 ".join(said)}


def _place(clock: Clock, one: ShownStep) -> str:
    business = clock.unit != TargetUnit.ELAPSED_TIME
    return turn_words(one.step.place, one.step.amount, one.number, business=business)


def _lines(view: ClockView, listed: Sequence[StepTerms], names: Names, now: datetime) -> list[CourseLine]:
    """A line for each step; those that fell away before anything was done stand together, last."""
    pairs = list(zip(view.steps, listed, strict=True))
    moot = [one for one, _terms in pairs if one.state == StepState.CANCELLED and one.escalation is None]
    lines = [_line(view.clock, one, terms, names, now) for one, terms in pairs if one not in moot]
    if moot:
        places = ", ".join(_in_sentence(_place(view.clock, one)) for one in moot)
        places = places[:1].upper() + places[1:]
        lines.append(CourseLine(StepState.CANCELLED.value, places, None, [_because(moot[0], now)]))
    return lines


def _in_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _line(clock: Clock, one: ShownStep, terms: StepTerms, names: Names, now: datetime) -> CourseLine:
    words = []
    if one.escalation is None:
        words.append(acts_words(terms, names))
    else:
        told = one.escalation.told
        if told:
            words.append(_("told: %(who)s") % {"who": ", ".join(str(each["name"]) for each in told)})
        words += changes_words(terms, names)
        if one.state == StepState.HELD:
            words += [_held(each, now) for each in told if each.get("until")]
    if one.why is not None:
        words.append(_because(one, now))
    return CourseLine(one.state.value, _place(clock, one), one.at, words)


def _held(told: dict[str, Any], now: datetime) -> str:
    until = short_moment(datetime.fromisoformat(told["until"]), now=now)
    return _("mail to %(name)s waits for the end of quiet hours: %(when)s") % {
        "name": told["name"],
        "when": until,
    }


def _because(one: ShownStep, now: datetime) -> str:
    why = str(one.why.label).lower() if one.why else ""
    at = one.escalation.cancelled_at if one.escalation else None
    if at is None:
        return _("because: %(why)s") % {"why": why}
    values = {"why": why, "when": short_moment(at, now=now)}
    return _("mail that waited was taken back %(when)s: %(why)s") % values
