"""The part of a plan's form about planned maintenance, availability and backups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import HostingModel
from sla.maintenance_terms import BackupTerms, MaintenanceTerms
from sla.models import BackupPart
from sla.services.errors import MaintenanceRefused
from sla.services.plan_maintenance import MOST_DAYS, MOST_HOURS, checked_maintenance

_NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}
_FIELDS = {"notice": "notice_hours", "reminders": "reminder_hours", "availability": "availability"}


@dataclass(frozen=True)
class BackupRow:
    """The fields of one hosting model."""

    label: str
    fields: tuple[BoundField, ...]


def _whole(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    widget = forms.TextInput(attrs=_NUMERIC)
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=1, max_value=most, widget=widget
    )


class MaintenanceTermsForm(forms.Form):
    """Notice, reminders, pauses, availability and backups in a version of a plan."""

    notice_hours = _whole(
        gettext_lazy("Notice of planned maintenance, hours"),
        MOST_HOURS,
        gettext_lazy("Planning later than that before the start is stopped. Empty: no notice is promised."),
    )
    reminder_hours = forms.CharField(
        label=gettext_lazy("Reminders, hours before the start"),
        help_text=gettext_lazy("As 72, 24, 1."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    maintenance_pauses = forms.BooleanField(
        label=gettext_lazy("Planned maintenance pauses resolution clocks"),
        help_text=gettext_lazy("Of tickets on an affected service, while the announced window lasts."),
        required=False,
    )
    availability = forms.CharField(
        label=gettext_lazy("Availability, per cent of a month"),
        help_text=gettext_lazy("As 99.99. Empty: no figure is promised."),
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    availability_counts_planned = forms.BooleanField(
        label=gettext_lazy("Planned maintenance counts as downtime"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for hosting in HostingModel:
            self._add_backup(hosting)

    def _add_backup(self, hosting: HostingModel) -> None:
        """Labels say the hosting model too: errors are listed without their surroundings."""
        name, place = {"hosting": hosting.label}, f"backup_{hosting}"
        self.fields[f"{place}_every"] = _whole(
            _("%(hosting)s: backed up every, hours") % name, MOST_HOURS, _("Empty: no backup is promised.")
        )
        self.fields[f"{place}_parts"] = forms.MultipleChoiceField(
            label=_("%(hosting)s: what is backed up") % name,
            choices=BackupPart.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"{place}_retention"] = _whole(_("%(hosting)s: kept, days") % name, MOST_DAYS)
        self.fields[f"{place}_verify"] = _whole(_("%(hosting)s: verified every, days") % name, MOST_DAYS)

    @property
    def backup_rows(self) -> list[BackupRow]:
        """The fields by hosting model."""
        parts = ("every", "parts", "retention", "verify")
        return [
            BackupRow(str(hosting.label), tuple(self[f"backup_{hosting}_{part}"] for part in parts))
            for hosting in HostingModel
        ]

    def clean_reminder_hours(self) -> tuple[int, ...]:
        """Whole hours, with commas or spaces between them."""
        words = [word for word in re.split(r"[\s,;]+", self.cleaned_data["reminder_hours"]) if word]
        if not all(re.fullmatch(r"[0-9]{1,5}", word) for word in words):
            raise forms.ValidationError(_("Enter whole hours with commas between them, as 72, 24, 1."))
        try:
            return checked_maintenance(MaintenanceTerms(reminder_hours=tuple(map(int, words)))).reminder_hours
        except MaintenanceRefused as refused:
            raise forms.ValidationError(refused.words()) from refused

    def clean_availability(self) -> Decimal | None:
        """A figure with a point or a comma."""
        text = self.cleaned_data["availability"].replace(",", ".").removesuffix("%").strip()
        if not text:
            return None
        try:
            figure = Decimal(text)
        except InvalidOperation:
            figure = Decimal()
        figure = figure if figure.is_finite() else Decimal()
        try:
            return checked_maintenance(MaintenanceTerms(availability=figure)).availability
        except MaintenanceRefused as refused:
            raise forms.ValidationError(refused.words()) from refused

    def clean(self) -> dict[str, Any]:
        """A backup says what is backed up, and how often."""
        values = super().clean() or self.cleaned_data
        for hosting in HostingModel:
            place = f"backup_{hosting}"
            every, parts = values.get(f"{place}_every"), values.get(f"{place}_parts")
            if every and not parts and f"{place}_parts" not in self.errors:
                self.add_error(f"{place}_parts", _("Choose at least one part that is backed up."))
            elif parts and not every and f"{place}_every" not in self.errors:
                self.add_error(f"{place}_every", _("Say every how many hours."))
        return values

    def maintenance_values(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        backups = [
            BackupTerms(
                hosting.value,
                cleaned[f"backup_{hosting}_every"],
                tuple(cleaned[f"backup_{hosting}_parts"]),
                cleaned[f"backup_{hosting}_retention"],
                cleaned[f"backup_{hosting}_verify"],
            )
            for hosting in HostingModel
            if cleaned[f"backup_{hosting}_every"]
        ]
        terms = MaintenanceTerms(
            cleaned["notice_hours"],
            cleaned["reminder_hours"],
            cleaned["maintenance_pauses"],
            cleaned["availability"],
            cleaned["availability_counts_planned"],
            tuple(backups),
        )
        return {"maintenance": terms}

    def field_of_maintenance(self, place: str) -> str:
        """The field that a refused rule of maintenance belongs to."""
        kind, _dot, hosting = place.partition(".")
        return f"backup_{hosting}_every" if kind == "backup" else _FIELDS[kind]


def initial_maintenance(terms: MaintenanceTerms) -> dict[str, Any]:
    """What the form shows of these terms."""
    initial: dict[str, Any] = {
        "notice_hours": terms.notice_hours,
        "reminder_hours": ", ".join(str(hours) for hours in terms.reminder_hours),
        "maintenance_pauses": terms.pauses,
        "availability": "" if terms.availability is None else number_format(terms.availability.normalize()),
        "availability_counts_planned": terms.counts_planned,
    }
    for backup in terms.backup_terms:
        place = f"backup_{backup.hosting_model}"
        initial[f"{place}_every"] = backup.every_hours
        initial[f"{place}_parts"] = list(backup.parts)
        initial[f"{place}_retention"] = backup.retention_days
        initial[f"{place}_verify"] = backup.verify_every_days
    return initial
