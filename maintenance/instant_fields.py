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

    wall = WALL
    began_with: datetime | None = None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Django asks for it before it cleans: the place where a field learns of its form."""
        # Not `get_initial_for_field`, which cuts microseconds off: saving would move the time by those.
        initial = form.initial.get(field_name, self.initial)
        self.began_with = initial if isinstance(initial, datetime) else None
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        """An instant is shown as the reader's clock reads it."""
        return shown_instant(value, self.wall) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime:
        """The instant, aware."""
        label = super().clean(value)
        began = self.began_with
        if began is not None and shown_instant(began, self.wall) == label.strftime(self.wall):
            return began
        zone = timezone.get_current_timezone()
        return instant_of(label, zone) if isinstance(zone, ZoneInfo) else label.replace(tzinfo=zone)


class MomentField(InstantField):
    """The same to the second; where it is not `required`, nothing is None."""

    wall = f"{WALL}:%S"

    def __init__(self, *, label: Any, help_text: Any = "", required: bool = True) -> None:
        super().__init__(label=label, help_text=help_text)
        self.required = self.widget.is_required = required
        self.widget.attrs["step"] = "1"

    def clean(self, value: Any) -> datetime | None:  # type: ignore[override]
        if not self.required and value in (None, ""):
            return None
        return super().clean(value)


def shown_instant(at: datetime, wall: str = WALL) -> str:
    """An instant as an `InstantField` shows it."""
    return timezone.localtime(at).strftime(wall)


def behind(end: datetime, start: datetime) -> datetime:
    """An end as it was meant: the second instant of its reading, if the first is not behind `start`."""
    if end > start:
        return end
    again = timezone.localtime(end).replace(fold=1).astimezone(UTC)
    return again if shown_instant(again) == shown_instant(end) else end
