"""Hours of a day in a form: pairs of times as text, any number of them a line.

Times are text, since "24:00" is a closing time that no time control of a browser can hold.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from sla.business_time import overlaps
from sla.own_days import Intervals

SLOTS, MOST_SLOTS = 2, 8
Slots = list[tuple[BoundField, BoundField]]
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?")


class TimeOfDayField(forms.CharField):
    """A time of day, kept as "HH:MM"; "9", "930" and "9.30" are understood, "24:00" ends the day."""

    def __init__(self, *, label: str) -> None:
        widget = forms.TextInput(
            attrs={"class": "time-input", "placeholder": "\u2013:\u2013\u2013", "autocomplete": "off"}
        )
        super().__init__(required=False, max_length=5, label=label, widget=widget)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        match = _TIME.fullmatch(text)
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise forms.ValidationError(
                _("“%(value)s” is not a time of day. Example: 09:00.") % {"value": text}
            )
        return f"{hour:02}:{minute:02}"


class HoursForm(forms.Form):
    """A form that has lines of hours."""

    def add_slots(self, prefix: str, label: str, count: int) -> None:
        """Fields for `count` pairs of times; `label` names the line to those who do not see it."""
        for slot in range(count):
            place = {"day": label, "n": slot + 1}
            opens = _("%(day)s, opens (%(n)s)") % place
            closes = _("%(day)s, closes (%(n)s)") % place
            self.fields[f"{prefix}_{slot}_opens"] = TimeOfDayField(label=opens)
            self.fields[f"{prefix}_{slot}_closes"] = TimeOfDayField(label=closes)

    def slots(self, prefix: str, count: int) -> Slots:
        """The fields of a line."""
        return [(self[f"{prefix}_{slot}_opens"], self[f"{prefix}_{slot}_closes"]) for slot in range(count)]

    def read_hours(self, prefix: str, count: int) -> Intervals:
        """The pairs of a line in order; what is wrong with them is said at the field concerned."""
        found: Intervals = []
        for slot in range(count):
            names = f"{prefix}_{slot}_opens", f"{prefix}_{slot}_closes"
            if set(names) & set(self.errors):
                continue
            opens, closes = (self.cleaned_data.get(name, "") for name in names)
            if opens and closes and (opens != closes or opens == "00:00"):
                found.append([opens, "24:00" if closes == "00:00" else closes])
            elif opens and closes:
                self.add_error(names[1], _("Opens and closes at the same time. All day is 00:00 to 24:00."))
            elif opens or closes:
                self.add_error(names[0 if closes else 1], _("Say when it opens and when it closes."))
        for first, second in overlaps(found)[:1]:
            said = {"first": "\u2013".join(first), "second": "\u2013".join(second)}
            self.add_error(f"{prefix}_0_opens", _("%(first)s and %(second)s overlap.") % said)
        return sorted(found)


def fill_slots(initial: dict[str, Any], prefix: str, hours: Iterable[Sequence[str]]) -> None:
    """Put the pairs of a line into the values that a form begins with."""
    for slot, (opens, closes) in enumerate(hours):
        initial[f"{prefix}_{slot}_opens"], initial[f"{prefix}_{slot}_closes"] = opens, closes


def count_in(value: Any, least: int, most: int) -> int:
    """A number of lines or pairs as a form says it, kept within bounds."""
    text = str(value or "")
    return max(least, min(most, int(text))) if text.isdecimal() and len(text) < 6 else least
