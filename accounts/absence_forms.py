"""The form of an absence: days on the clock of whoever is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Absence, AbsenceKind
from accounts.models.absences import NOTE_LENGTH
from accounts.oneline import LineField
from accounts.services.absences import AbsenceRuleBroken, AbsenceTerms

_FIELDS = {"starts_at": "first_day", "ends_at": "last_day"}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _time() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AbsenceForm(forms.Form):
    """From a day to a day, both included; hours for those who leave or are back during one."""

    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        widget=_day(),
        error_messages={"required": gettext_lazy("Say from which day on.")},
    )
    from_time = forms.TimeField(label=gettext_lazy("From"), required=False, widget=_time())
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=_day(),
        error_messages={"required": gettext_lazy("Say until which day.")},
    )
    until_time = forms.TimeField(label=gettext_lazy("Until"), required=False, widget=_time())
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=AbsenceKind.choices, initial=AbsenceKind.HOLIDAY
    )
    note = LineField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Read by admins and by the person alone."),
        required=False,
        max_length=NOTE_LENGTH,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zone: ZoneInfo,
        with_note: bool = True,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.zone = zone
        if not with_note:
            del self.fields["note"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first one."))
        elif first and last and last.year > 9000:
            self.add_error("last_day", _("Choose a day nearer to now."))
        return values

    def terms(self) -> AbsenceTerms:
        """What the service takes. Only after a clean without errors."""
        values = self.cleaned_data
        start = datetime.combine(values["first_day"], values["from_time"] or time(), self.zone)
        until = values["until_time"]
        last = values["last_day"] if until else values["last_day"] + timedelta(days=1)
        end = datetime.combine(last, until or time(), self.zone)
        return AbsenceTerms(start, end, values["kind"], values.get("note", ""))

    def refuse(self, error: AbsenceRuleBroken) -> None:
        """Say beside the right field what a service refused."""
        self.add_error(_FIELDS.get(error.field), error.words())


def initial_of(absence: Absence, zone: ZoneInfo) -> dict[str, Any]:
    """What the form shows of an absence."""
    start, end = absence.starts_at.astimezone(zone), absence.ends_at.astimezone(zone)
    is_whole = end.time() == time()
    return {
        "first_day": start.date(),
        "from_time": start.time() if start.time() != time() else None,
        "last_day": end.date() - timedelta(days=1) if is_whole else end.date(),
        "until_time": None if is_whole else end.time(),
        "kind": absence.kind,
        "note": absence.note,
    }
