"""The part of a plan's form about its targets: aim and limit for each metric at each priority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from sla.amounts import DAYS, BadAmount, read_amount, write_amount
from sla.models import Metric, TargetUnit
from sla.services.plans import TargetTerms
from tickets.lifecycle import Priority


@dataclass(frozen=True)
class TargetRow:
    """One line of a metric's table: a priority with its fields."""

    priority: Priority
    unit: BoundField
    aim: BoundField
    limit: BoundField

    @property
    def errors(self) -> list[str]:
        """What is wrong with the line."""
        return [str(error) for bound in (self.unit, self.aim, self.limit) for error in bound.errors]


class TargetsForm(forms.Form):
    """The targets in a version of a plan; `targets` after `is_valid`."""

    targets: list[TargetTerms]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for metric in Metric:
            for priority in Priority:
                self._add_target(metric, priority)

    def _add_target(self, metric: Metric, priority: Priority) -> None:
        names = {"metric": metric.label, "priority": priority.label}
        place = f"{metric}_{priority}"
        self.fields[f"{place}_unit"] = forms.ChoiceField(
            label=_("%(metric)s, %(priority)s, counted in") % names,
            choices=TargetUnit.choices,
            initial=TargetUnit.BUSINESS_TIME,
            required=False,
        )
        for part, label in (
            ("aim", _("%(metric)s, %(priority)s, aim")),
            ("limit", _("%(metric)s, %(priority)s, limit")),
        ):
            widget = forms.TextInput(attrs={"class": "amount-input", "autocomplete": "off"})
            self.fields[f"{place}_{part}"] = forms.CharField(
                label=label % names, required=False, max_length=12, widget=widget
            )

    @property
    def metrics(self) -> list[tuple[Metric, list[TargetRow]]]:
        """The tables of targets, a line for each priority."""
        return [(metric, [self._target_row(metric, priority) for priority in Priority]) for metric in Metric]

    def _target_row(self, metric: Metric, priority: Priority) -> TargetRow:
        place = f"{metric}_{priority}"
        return TargetRow(priority, self[f"{place}_unit"], self[f"{place}_aim"], self[f"{place}_limit"])

    def clean(self) -> dict[str, Any]:
        """Read the targets; what is wrong stands at the field concerned."""
        values = super().clean() or self.cleaned_data
        read = [self._read_target(metric, priority) for metric in Metric for priority in Priority]
        self.targets = [target for target in read if target is not None]
        return values

    def _read_target(self, metric: Metric, priority: Priority) -> TargetTerms | None:
        place = f"{metric}_{priority}"
        unit = self.cleaned_data.get(f"{place}_unit") or TargetUnit.BUSINESS_TIME
        texts = {part: self.cleaned_data.get(f"{place}_{part}", "") for part in ("aim", "limit")}
        if not any(texts.values()):
            return None
        amounts = {}
        for part, text in texts.items():
            try:
                amounts[part] = read_amount(text, unit)
            except BadAmount:
                self.add_error(f"{place}_{part}", _amount_words(text, unit))
        if len(amounts) < 2:
            return None
        if amounts["aim"] <= 0:
            self.add_error(f"{place}_aim", _("The aim must be above zero."))
        elif amounts["aim"] > amounts["limit"]:
            self.add_error(f"{place}_aim", _("The aim must not be above the limit."))
        return TargetTerms(metric, priority, unit, amounts["aim"], amounts["limit"])


def initial_targets(targets: list[TargetTerms]) -> dict[str, Any]:
    """What the form shows of these targets."""
    initial: dict[str, Any] = {}
    for target in targets:
        place = f"{target.metric}_{target.priority}"
        initial[f"{place}_unit"] = target.unit
        initial[f"{place}_aim"] = write_amount(target.aim, target.unit)
        initial[f"{place}_limit"] = write_amount(target.limit, target.unit)
    return initial


def _amount_words(text: str, unit: str) -> str:
    if not text:
        return _("Enter both aim and limit, or leave both empty for no commitment.")
    if unit in DAYS:
        return _("“%(value)s” is not a number of days. Example: 2.") % {"value": text}
    return _("“%(value)s” is not a number of hours. Examples: 4, 1.5, 1:30.") % {"value": text}
