"""The steps of escalation ladders in the form of a plan: a small form for each, under its metric.

Rows are numbered, `step_0-place` and so on, and every box has a name of its own; buttons that add or remove
a step send the form back to itself, so it works without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Team
from sla.amounts import BadAmount, read_amount, write_amount
from sla.forms.hours import count_in
from sla.ladder_words import Names, step_words
from sla.models import Metric, Place, Rota, TargetUnit, Who
from sla.services.errors import LadderRefused
from sla.services.ladders import MOST_STEPS, StepTerms, Tell, check_step, usual_ladder
from tickets.lifecycle import Priority

# The service refuses one too many, in words.
MOST_ROWS = MOST_STEPS + 1
_LEFT = gettext_lazy("%(name)s (not there any more)")
_PLAIN = (Who.ASSIGNEE, Who.SUPERVISORS, Who.COORDINATOR)
_FIELD_OF = {
    "share_percent": "share",
    "after_some": "hours",
    "times_some": "times",
    "does_nothing": "tell_assignee",
    "twice": "place",
    "unknown_team": "tell_assignee",
    "unknown_rota": "tell_assignee",
    "unknown_person": "reassigns_to",
    "bad_address": "addresses",
    "bad_url": "urls",
}


@dataclass(frozen=True)
class Offered:
    """Who can be chosen in any row: boxes of who is told, by their fields' names, and people to reassign to.

    Teams and rotas that a step names already are offered though they are gone, so that saving says so, not
    forgets them. People who have left (`left`) stand in the row alone that names them.
    """

    tells: dict[str, Tell]
    labels: dict[str, str]
    people: list[tuple[str, str]]
    left: dict[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


def offered_to(membership: Membership, standing: Iterable[StepTerms]) -> Offered:
    """What the rows of a desk's plan offer: three queries, however many rows there are."""
    steps = list(standing)
    tells = [told for step in steps for told in step.tells]
    tenant_id = membership.tenant_id
    teams = _choices(Team.objects.filter(tenant_id=tenant_id), "archived_at", {t.team for t in tells})
    rotas = _choices(Rota.objects.filter(tenant_id=tenant_id), "archived_at", {t.rota for t in tells})
    people, left = _people(tenant_id, {step.reassigns_to for step in steps})
    boxes = {f"tell_{who}": Tell(who.value) for who in _PLAIN}
    labels = {f"tell_{who}": str(who.label) for who in _PLAIN}
    for pk, name in teams:
        boxes[f"tell_team_{pk}"] = Tell(Who.TEAM.value, team=pk)
        labels[f"tell_team_{pk}"] = _("Team %(name)s") % {"name": name}
    for pk, name in rotas:
        boxes[f"tell_on_call_{pk}"] = Tell(Who.ON_CALL.value, rota=pk)
        labels[f"tell_on_call_{pk}"] = _("On call in %(name)s") % {"name": name}
    return Offered(
        boxes,
        labels,
        [("", _("Nobody else")), *((str(pk), name) for pk, name in people.items())],
        {str(pk): name for pk, name in left.items()},
        Names(dict(teams), dict(rotas), people | left),
    )


def _people(tenant_id: int, standing: set[int | None]) -> tuple[dict[int, str], dict[int, str]]:
    """Staff who may be given tickets, and those named so far who may not any more; by their ids."""
    named = Q(pk__in=[pk for pk in standing if pk])
    may_enter = Q(accepted_at__isnull=False, deactivated_at__isnull=True, user__is_active=True)
    staff = Membership.objects.staff().filter(named | may_enter, tenant_id=tenant_id).select_related("user")
    there, left = {}, {}
    for person in staff.order_by("name", "pk"):
        if person.is_active and person.user.is_active:
            there[person.pk] = person.name
        else:
            left[person.pk] = _LEFT % {"name": person.name}
    return there, left


def _choices(rows: Any, gone: str, standing: set[int | None]) -> list[tuple[int, str]]:
    """Those who are there, and those who are not any more but are named."""
    found = rows.order_by("name", "pk").values_list("pk", "name", gone)
    return [
        (pk, _LEFT % {"name": name} if since else name)
        for pk, name, since in found
        if since is None or pk in standing
    ]


class StepForm(forms.Form):
    """One step."""

    metric = forms.ChoiceField(choices=Metric.choices, widget=forms.HiddenInput)
    place = forms.ChoiceField(label=gettext_lazy("When"), choices=Place.choices)
    share = forms.CharField(label=gettext_lazy("Per cent"), required=False, max_length=5)
    hours = forms.CharField(label=gettext_lazy("Hours after it"), required=False, max_length=12)
    times = forms.CharField(label=gettext_lazy("At most, times"), required=False, max_length=5)
    addresses = forms.CharField(
        label=gettext_lazy("Email addresses"),
        help_text=gettext_lazy("Separated by commas."),
        required=False,
        max_length=1000,
    )
    urls = forms.CharField(
        label=gettext_lazy("Webhooks"),
        help_text=gettext_lazy("Addresses that are called, separated by spaces."),
        required=False,
        max_length=2000,
    )
    raises_priority = forms.BooleanField(label=gettext_lazy("Raise the priority by one"), required=False)
    declares_emergency = forms.BooleanField(label=gettext_lazy("Declare an emergency"), required=False)
    reassigns_to = forms.ChoiceField(label=gettext_lazy("Reassign to"), required=False)

    def __init__(self, number: int, offered: Offered, **values: Any) -> None:
        super().__init__(prefix=f"step_{number}", **values)
        self.number, self.offered = number, offered
        self.terms: StepTerms | None = None
        for name, label in offered.labels.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        for priority in Priority:
            self.fields[f"for_{priority}"] = forms.BooleanField(label=priority.label, required=False)
        reassigns_to = self.fields["reassigns_to"]
        if isinstance(reassigns_to, forms.ChoiceField):
            named = str(self["reassigns_to"].value() or "")
            left = [(named, offered.left[named])] if named in offered.left else []
            reassigns_to.choices = [*offered.people, *left]
            reassigns_to.error_messages["invalid_choice"] = LadderRefused("unknown_person", number).words()

    @property
    def label(self) -> str:
        """What the row is called among the others."""
        return _("Step %(n)s") % {"n": self.number + 1}

    @property
    def tell_boxes(self) -> list[BoundField]:
        """Who can be told, but for addresses and webhooks."""
        return [self[name] for name in self.offered.tells]

    @property
    def priority_boxes(self) -> list[BoundField]:
        """For which priorities it stands; none: all."""
        return [self[f"for_{priority}"] for priority in Priority]

    @property
    def tell_errors(self) -> list[str]:
        """What is wrong with whom it tells, as a whole."""
        return [str(error) for bound in self.tell_boxes for error in bound.errors]

    @property
    def summary(self) -> str:
        """The step in words where it stood so before; "" for one that is to be written, or is wrong."""
        if self.is_bound and self.errors:
            return ""
        typed = {name: self[name].value() for name in self.fields}
        terms, _wrong = self._read(typed)
        return step_words(terms, self.offered.names) if terms and terms.does_something else ""

    def clean(self) -> dict[str, Any]:
        """Read the step; what is wrong stands at the field concerned."""
        values = super().clean() or self.cleaned_data
        self.terms, wrong = self._read(values)
        for name, words in wrong.items():
            self.add_error(name, words)
        if self.terms is not None and not self.errors:
            try:
                check_step(self.terms, self.number)
            except LadderRefused as refused:
                self.refuse(refused)
        return values

    def _read(self, values: Mapping[str, Any]) -> tuple[StepTerms | None, dict[str, str]]:
        """The step that is typed, None without a place; and what cannot be read, by field."""
        place, wrong = values.get("place"), {}
        if place not in Place.values or values.get("metric") not in Metric.values:
            return None, {}
        amount = _whole(values.get("share")) if place == Place.SHARE else 0
        if place == Place.AFTER:
            try:
                amount = read_amount(str(values.get("hours") or "0"), TargetUnit.BUSINESS_TIME)
            except BadAmount:
                said = _("“%(value)s” is not a number of hours. Examples: 4, 1.5, 1:30.")
                wrong["hours"] = said % {"value": values["hours"]}
        person = str(values.get("reassigns_to") or "")
        terms = StepTerms(
            str(values["metric"]),
            str(place),
            amount,
            _whole(values.get("times")) if place == Place.DAILY else 1,
            tuple(str(priority) for priority in Priority if values.get(f"for_{priority}")),
            tuple(self._tells(values)),
            bool(values.get("raises_priority")),
            int(person) if person.isdecimal() else None,
            bool(values.get("declares_emergency")),
        )
        return terms, wrong

    def _tells(self, values: Mapping[str, Any]) -> Iterable[Tell]:
        yield from (told for name, told in self.offered.tells.items() if values.get(name))
        for address in re.split(r"[,;\s]+", str(values.get("addresses") or "")):
            if address:
                yield Tell(Who.ADDRESS.value, address=address)
        for url in str(values.get("urls") or "").split():
            yield Tell(Who.WEBHOOK.value, url=url)

    def refuse(self, error: LadderRefused) -> None:
        """Say beside the right field what was refused."""
        self.add_error(_FIELD_OF[error.reason], error.words())


def _whole(text: Any) -> int:
    """A whole number; 0, which no step allows, for anything else."""
    said = str(text or "").strip().removesuffix("%").strip()
    return int(said) if said.isdecimal() else 0


class LadderRows:
    """The steps of a plan's form, all metrics."""

    def __init__(self, given: Mapping[str, Any], offered: Offered, *, is_bound: bool) -> None:
        self.is_given = "steps" in given
        self.count = count_in(given.get("steps"), 0, MOST_ROWS)
        self.forms = [
            StepForm(number, offered, **({"data": given} if is_bound else {"initial": _row(given, number)}))
            for number in range(self.count)
        ]

    @property
    def metrics(self) -> list[tuple[Metric, list[StepForm]]]:
        """The rows of each metric."""
        return [(metric, [form for form in self.forms if _metric_of(form) == metric]) for metric in Metric]

    def is_valid(self) -> bool:
        """Read every row, so that all that is wrong is said at once."""
        return not [form for form in self.forms if not form.is_valid()]

    def steps(self, metrics: Iterable[str]) -> list[StepTerms]:
        """The steps of what is promised. Only after `is_valid`."""
        return [form.terms for form in self._kept(metrics) if form.terms is not None]

    def row_of(self, number: int, metrics: Iterable[str]) -> StepForm | None:
        """The row of a step that `steps` gave."""
        kept = self._kept(metrics)
        return kept[number] if number < len(kept) else None

    def _kept(self, metrics: Iterable[str]) -> list[StepForm]:
        promised = set(metrics)
        return [form for form in self.forms if form.terms is not None and form.terms.metric in promised]


def _metric_of(form: StepForm) -> str:
    return str(form["metric"].value() or Metric.FIRST_RESPONSE)


def _row(given: Mapping[str, Any], number: int) -> dict[str, Any]:
    prefix = f"step_{number}-"
    return {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}


def rows_of(steps: Iterable[StepTerms], promised: Iterable[str]) -> dict[str, Any]:
    """The values with which the form shows these steps, and the usual ones of what is not promised so far."""
    listed = list(steps)
    absent = [metric for metric in Metric.values if metric not in set(promised)]
    there = {step.metric for step in listed}
    listed += usual_ladder([metric for metric in absent if metric not in there])
    initial: dict[str, Any] = {"steps": len(listed)}
    for number, step in enumerate(listed):
        initial |= {f"step_{number}-{name}": value for name, value in _shown(step).items()}
    return initial


def _shown(step: StepTerms) -> dict[str, Any]:
    shown: dict[str, Any] = {"metric": step.metric, "place": step.place}
    if step.place == Place.SHARE:
        shown["share"] = step.amount
    elif step.place == Place.AFTER:
        shown["hours"] = write_amount(step.amount, TargetUnit.BUSINESS_TIME)
    elif step.place == Place.DAILY:
        shown["times"] = step.times
    for told in step.tells:
        if told.who not in (Who.ADDRESS, Who.WEBHOOK):
            shown[f"tell_{told.who}" + (f"_{told.team or told.rota}" if told.team or told.rota else "")] = (
                "on"
            )
    shown["addresses"] = ", ".join(told.address for told in step.tells if told.who == Who.ADDRESS)
    shown["urls"] = " ".join(told.url for told in step.tells if told.who == Who.WEBHOOK)
    shown |= {f"for_{priority}": "on" for priority in step.priorities}
    boxes = {"raises_priority": step.raises_priority, "declares_emergency": step.declares_emergency}
    shown |= {name: "on" for name, ticked in boxes.items() if ticked}
    return shown | {"reassigns_to": step.reassigns_to or ""}


def with_action(typed: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What was typed, after a button of the form itself: one step more under a metric, or one less."""
    count = count_in(typed.get("steps"), 0, MOST_ROWS)
    metric, number = action.removeprefix("add_step_"), action.removeprefix("remove_step_")
    if metric in Metric.values and count < MOST_ROWS:
        row = {f"step_{count}-metric": metric, f"step_{count}-place": Place.LIMIT.value}
        return dict(typed) | row | {"steps": count + 1}
    if number != action and number.isdecimal() and int(number) < count:
        return _without_row(typed, int(number)) | {"steps": count - 1}
    return dict(typed)


def _without_row(typed: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What was typed, less one row; those after it move up."""
    moved = {}
    for key, value in typed.items():
        match = re.fullmatch(r"step_(\d+)-(.+)", key)
        if match is None:
            moved[key] = value
        elif int(match[1]) != number:
            moved[f"step_{int(match[1]) - (int(match[1]) > number)}-{match[2]}"] = value
    return moved
