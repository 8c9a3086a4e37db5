"""The part of a plan's form about what it leaves out: lines that are added, moved and removed.

Its buttons work without JavaScript: each sends the form, which comes back with what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.coverage_terms import Exclusion
from sla.services.coverage_errors import ExclusionRefused
from sla.services.plan_coverage import LONGEST_KEY, LONGEST_TEXT, LONGEST_TITLE, MOST_EXCLUSIONS

COUNT = "exclusion_rows"
_ROW = re.compile(r"exclusion_(\d+)-(.+)")
_BUTTON = re.compile(r"(remove|up|down)_exclusion_(\d+)")


class ExclusionForm(forms.Form):
    """One line. Its key is hidden and goes with it wherever it moves."""

    key = forms.CharField(required=False, max_length=LONGEST_KEY, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("In short"),
        required=False,
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Words that customers are shown"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, number: int, **values: Any) -> None:
        super().__init__(prefix=f"exclusion_{number}", **values)
        self.number = number

    @property
    def label(self) -> str:
        """What the line is called among the others."""
        return str(self["title"].value() or "") or _("Line %(n)s") % {"n": self.number + 1}

    def clean(self) -> dict[str, Any]:
        """A title wants words; a line with neither is left away."""
        values = super().clean() or self.cleaned_data
        if values.get("title") and not values.get("text") and "text" not in self.errors:
            self.add_error("text", ExclusionRefused("empty", self.number).words())
        return values

    @property
    def is_empty(self) -> bool:
        """Nothing was typed. Only after `is_valid`."""
        return not self.cleaned_data.get("text")


class ExclusionRows:
    """The lines of a plan's form, in their order."""

    def __init__(self, given: Mapping[str, Any], *, is_bound: bool) -> None:
        self.is_given = COUNT in given
        self.count = _count_in(given)
        self.forms = [
            ExclusionForm(number, **({"data": given} if is_bound else {"initial": _row(given, number)}))
            for number in range(self.count)
        ]

    @property
    def may_grow(self) -> bool:
        """Another line may be added."""
        return self.count < MOST_EXCLUSIONS

    def is_valid(self) -> bool:
        """Read every line, so that all that is wrong is said at once."""
        return not [form for form in self.forms if not form.is_valid()]

    def values(self) -> list[dict[str, Any]]:
        """What the services take. Only after `is_valid`."""
        return [dict(form.cleaned_data) for form in self._kept()]

    def refuse(self, error: ExclusionRefused) -> bool:
        """Say beside its line what a service refused; False where there is no such line."""
        kept = self._kept()
        if error.number >= len(kept):
            return False
        kept[error.number].add_error("text", error.words())
        return True

    def _kept(self) -> list[ExclusionForm]:
        return [form for form in self.forms if not form.is_empty]


def initial_exclusions(lines: Sequence[Exclusion]) -> dict[str, Any]:
    """The values with which the form shows these lines."""
    return _numbered([{"key": line.key, "title": line.title, "text": line.text} for line in lines])


def with_exclusion_action(typed: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What was typed, after a button of the form itself: a line more, one less, or one moved up or down."""
    rows = [_row(typed, number) for number in range(_count_in(typed))]
    rest = {key: value for key, value in typed.items() if key != COUNT and not _ROW.fullmatch(key)}
    if action == "add_exclusion" and len(rows) < MOST_EXCLUSIONS:
        rows.append({})
    match = _BUTTON.fullmatch(action)
    if match is not None and int(match[2]) < len(rows):
        number = int(match[2])
        row = rows.pop(number)
        if match[1] != "remove":
            rows.insert(max(number - 1, 0) if match[1] == "up" else number + 1, row)
    return rest | _numbered(rows)


def is_exclusion_action(action: str) -> bool:
    """The button belongs to these lines."""
    return action == "add_exclusion" or _BUTTON.fullmatch(action) is not None


def _numbered(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    listed = list(rows)
    shown: dict[str, Any] = {COUNT: len(listed)}
    for number, row in enumerate(listed):
        shown |= {f"exclusion_{number}-{name}": value for name, value in row.items()}
    return shown


def _row(given: Mapping[str, Any], number: int) -> dict[str, Any]:
    prefix = f"exclusion_{number}-"
    return {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}


def _count_in(given: Mapping[str, Any]) -> int:
    text = str(given.get(COUNT, "0"))
    return min(int(text), MOST_EXCLUSIONS) if text.isdecimal() and len(text) < 5 else 0
