"""Instants in forms: readings of the clock of whoever fills them in, also when an hour comes twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from sla.forms.rotas import WallClockField
from sla.rota_turns import instant_of

WALL = "%Y-%m-%dT%H:%M"


class InstantField(WallClockField):
    """A day with a time in the reader's zone; becomes an instant.

    A reading stands for its first instant, as everywhere; but one that still says what the form began with is
    that very instant, so that saving a form without touching a time never moves it. A form that is sent back
    is given what it began with as `initial`, as an instant.
    """

    began_with: datetime | None = None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Django asks for it before it cleans: the place where a field learns of its form."""
        initial = form.get_initial_for_field(self, field_name)
        self.began_with = initial if isinstance(initial, datetime) else None
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        """An instant is shown as the reader's clock reads it."""
        return shown_instant(value) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime:
        """The instant, aware."""
        label = super().clean(value)
        if self.began_with is not None and shown_instant(self.began_with) == label.strftime(WALL):
            return self.began_with
        zone = timezone.get_current_timezone()
        return instant_of(label, zone) if isinstance(zone, ZoneInfo) else label.replace(tzinfo=zone)


def shown_instant(at: datetime) -> str:
    """An instant as an `InstantField` shows it."""
    return timezone.localtime(at).strftime(WALL)


def behind(end: datetime, start: datetime) -> datetime:
    """An end as it was meant: the second instant of its reading, if the first is not behind `start`."""
    if end > start:
        return end
    again = timezone.localtime(end).replace(fold=1).astimezone(UTC)
    return again if shown_instant(again) == shown_instant(end) else end
