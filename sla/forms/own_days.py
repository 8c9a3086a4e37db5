"""The own days of a calendar's form: single days, ranges, days of every year, each with a name and hours.

Rows are numbered fields, `exception_0_date` and so on; buttons that add or remove rows send the form back to
itself, so it works without scripts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from sla.drawn import days_words, hours_words
from sla.forms.hours import MOST_SLOTS, SLOTS, HoursForm, Slots, count_in, fill_slots
from sla.own_days import OwnDays

MOST_DAYS = 200


@dataclass(frozen=True)
class Row:
    """One line of the form: a weekday, or own days with the fields that say which."""

    number: int
    label: str
    slots: Slots
    errors: list[str]
    days: dict[str, BoundField] = field(default_factory=dict)
    summary: str = ""
    """What own days say that stood in the form before, in words; "" for those to be written."""


class OwnDaysForm(HoursForm):
    """The lines of own days. After a clean, `own` has those that could be read, by their row's number."""

    own: dict[int, OwnDays]

    def __init__(self, data: Mapping[str, Any] | None = None, **values: Any) -> None:
        super().__init__(data, **values)
        given = self.data if self.is_bound else self.initial
        self.exception_slots = count_in(given.get("exception_slots"), SLOTS, MOST_SLOTS)
        self.exception_count = count_in(given.get("exceptions"), 1, MOST_DAYS)
        for number in range(self.exception_count):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        label = _("Exception %(n)s") % {"n": number + 1}
        for part, said in (("date", _("%(exception)s, date")), ("until", _("%(exception)s, last day"))):
            self.fields[f"exception_{number}_{part}"] = forms.DateField(
                label=said % {"exception": label},
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self.fields[f"exception_{number}_name"] = forms.CharField(
            label=_("%(exception)s, name") % {"exception": label}, required=False, max_length=80
        )
        self.fields[f"exception_{number}_yearly"] = forms.BooleanField(
            label=_("%(exception)s, every year") % {"exception": label}, required=False
        )
        self.add_slots(f"exception_{number}", label, self.exception_slots)

    @property
    def exception_rows(self) -> list[Row]:
        """The lines of own days, an empty one at the end."""
        return [self._row_of(number) for number in range(self.exception_count)]

    def _row_of(self, number: int) -> Row:
        prefix = f"exception_{number}"
        slots = self.slots(prefix, self.exception_slots)
        days = {part: self[f"{prefix}_{part}"] for part in ("date", "until", "name", "yearly")}
        fields = [*days.values(), *(bound for pair in slots for bound in pair)]
        errors = [str(error) for bound in fields for error in bound.errors]
        label = _("Exception %(n)s") % {"n": number + 1}
        return Row(number, label, slots, errors, days, "" if errors else self._summary(days, slots))

    def _summary(self, days: dict[str, BoundField], slots: Slots) -> str:
        hours = [tuple(str(bound.value() or "") for bound in pair) for pair in slots]
        values = {part: bound.value() or "" for part, bound in days.items()}
        try:
            first = date.fromisoformat(str(values["date"]))
            last = date.fromisoformat(str(values["until"])) if values["until"] else first
            said = hours_words([pair for pair in hours if any(pair)])
        except ValueError:  # not to be read yet
            return ""
        own = OwnDays(first, last, yearly=bool(values["yearly"]))
        return " \u00b7 ".join(filter(None, [days_words(own), str(values["name"]), said]))

    def clean(self) -> dict[str, Any]:
        """Read the lines; what is wrong is said at the first field concerned of its line."""
        values = super().clean() or self.cleaned_data
        self.own = {}
        for number in range(self.exception_count):
            self._read_row(number)
        return values

    def _read_row(self, number: int) -> None:
        prefix = f"exception_{number}"
        hours = self.read_hours(prefix, self.exception_slots)
        values = {
            part: self.cleaned_data.get(f"{prefix}_{part}") for part in ("date", "until", "name", "yearly")
        }
        first: date | None = values["date"]
        if first is None:
            if (hours or values["until"] or values["name"]) and f"{prefix}_date" not in self.errors:
                self.add_error(f"{prefix}_date", _("Say on which date."))
            return
        pairs = tuple((opens, closes) for opens, closes in hours)
        own = OwnDays(first, values["until"] or first, bool(values["yearly"]), values["name"] or "", pairs)
        if own.last < own.first:
            self.add_error(f"{prefix}_until", _("The last day must not be before the first."))
        elif not own.is_readable:
            self.add_error(f"{prefix}_until", _("At most a year may lie between the first and the last day."))
        elif any(own.clashes_with(other) for other in self.own.values()):
            self.add_error(f"{prefix}_date", _clash_words(own))
        else:
            self.own[number] = own

    def row_of_key(self, key: str) -> int | None:
        """The row that the written form names by its first day."""
        return next((number for number, own in self.own.items() if own.key == key), None)


def _clash_words(own: OwnDays) -> str:
    if own.first == own.last and not own.yearly:
        return _("There is another exception on this date.")
    return _("Another exception has some of these days. Let only one of them have each day.")


def rows_of(days: Iterable[OwnDays]) -> dict[str, Any]:
    """The values with which the form shows these days, and an empty row at the end."""
    listed = list(days)
    slots = max([SLOTS, *(len(own.hours) for own in listed)])
    initial: dict[str, Any] = {"exceptions": min(len(listed) + 1, MOST_DAYS), "exception_slots": slots}
    for number, own in enumerate(listed):
        fill_row(initial, number, own)
    return initial


def fill_row(initial: dict[str, Any], number: int, own: OwnDays) -> None:
    """Let a row show these days."""
    prefix = f"exception_{number}"
    initial[f"{prefix}_date"] = own.first.isoformat()
    initial[f"{prefix}_until"] = own.last.isoformat() if own.last != own.first else ""
    initial[f"{prefix}_name"] = own.name
    initial[f"{prefix}_yearly"] = "on" if own.yearly else ""
    fill_slots(initial, prefix, own.hours)


def without_row(typed: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What was typed, less one row; those after it move up."""
    count = count_in(typed.get("exceptions"), 1, MOST_DAYS)
    moved = {key: value for key, value in typed.items() if not re.match(r"exception_\d", key)}
    for key, value in typed.items():
        match = re.fullmatch(r"exception_(\d+)_(.+)", key)
        if match is None or int(match[1]) == number:
            continue
        place = int(match[1]) - (1 if int(match[1]) > number else 0)
        moved[f"exception_{place}_{match[2]}"] = value
    return moved | {"exceptions": max(1, count - 1)}
