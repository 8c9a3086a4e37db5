"""What the API takes about maintenance, availability and backups in a plan."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input
from accounts.models import HostingModel
from sla.maintenance_terms import BackupTerms, MaintenanceTerms
from sla.models import BackupPart
from sla.services.plan_maintenance import MOST_DAYS, MOST_HOURS, MOST_REMINDERS

_NAMES = {"backups": "backup_terms"}


def _hours(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MOST_HOURS, **more)


def _days(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, allow_null=True, **more)


class BackupTermsInput(Input):
    """How often customers of one hosting model are backed up."""

    hosting_model = serializers.ChoiceField(choices=HostingModel.choices)
    every_hours = _hours()
    parts = serializers.ListField(
        child=serializers.ChoiceField(choices=BackupPart.choices), allow_empty=False, max_length=2
    )
    retention_days = _days(help_text=_("How long it is kept; null: not said."))
    verify_every_days = _days(help_text=_("Null: no verification is promised."))


class MaintenanceTermsInput(Input):
    """The next terms about maintenance and backups. What is left out stays as it is."""

    notice_hours = _hours(required=False, allow_null=True, help_text=_("Null: no notice is promised."))
    reminder_hours = serializers.ListField(
        child=_hours(), required=False, max_length=MOST_REMINDERS, help_text=_("Hours before the start.")
    )
    pauses = serializers.BooleanField(
        required=False, help_text=_("Resolution clocks stand while an announced window lasts.")
    )
    availability = serializers.DecimalField(
        max_digits=6,
        decimal_places=3,
        min_value=0,
        max_value=100,
        required=False,
        allow_null=True,
        help_text=_("Per cent of a month; null: no figure."),
    )
    counts_planned = serializers.BooleanField(
        required=False, help_text=_("Planned maintenance counts as downtime.")
    )
    backups = BackupTermsInput(  # type: ignore[call-arg]
        many=True, required=False, max_length=len(HostingModel), help_text=_("All that is backed up.")
    )


def maintenance_after(standing: MaintenanceTerms, given: dict[str, Any]) -> MaintenanceTerms:
    """The terms that stand with what was sent put into them."""
    values: dict[str, Any] = {_NAMES.get(name, name): value for name, value in given.items()}
    if "reminder_hours" in values:
        values["reminder_hours"] = tuple(values["reminder_hours"])
    if "backup_terms" in values:
        values["backup_terms"] = tuple(
            BackupTerms(**{**backup, "parts": tuple(backup["parts"])}) for backup in values["backup_terms"]
        )
    return replace(standing, **values)
