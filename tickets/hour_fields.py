"""Work in hours, as people write it: 1:30, 1.5 or 1,5."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_MINUTES = 10_000 * 60
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)")
_HOURS = re.compile(r"\d{1,5}([.,]\d{1,2})?")
AS_IN = gettext_lazy("In hours, as in 1:30 or 1.5.")


class HoursField(forms.CharField):
    """A length of work; becomes whole minutes, None where nothing is written. At most 10,000 hours."""

    def __init__(self, *, label: Any, help_text: Any = AS_IN, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "numbers"})
        super().__init__(label=label, help_text=help_text, widget=widget, max_length=12, **options)

    def clean(self, value: Any) -> Any:
        """Whole minutes, rounded up: what was begun is worked."""
        text = str(super().clean(value) or "").replace(" ", "")
        if not text:
            return None
        minutes = minutes_in(text)
        if minutes is None:
            raise forms.ValidationError(_("Write hours, as in 1:30 or 1.5."))
        if not 0 < minutes <= MOST_MINUTES:
            raise forms.ValidationError(_("Write more than nothing and at most 10,000 hours."))
        return minutes

    def prepare_value(self, value: Any) -> Any:
        """Minutes are shown as hours and minutes."""
        return hours_text(value) if isinstance(value, int) else value


def minutes_in(text: str) -> int | None:
    """The minutes that a text means, None if it means none."""
    if found := _CLOCK.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    if _HOURS.fullmatch(text):
        exact = Decimal(text.replace(",", ".")) * 60
        return int(exact) + (exact != int(exact))
    return None


def hours_text(minutes: int) -> str:
    """Minutes as the field takes them: 1:30."""
    return f"{minutes // 60}:{minutes % 60:02}"
