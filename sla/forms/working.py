"""The form of somebody's working hours: the desk's, those of a support calendar, or a week of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.forms.hours import SLOTS, fill_slots
from sla.forms.week import WeekForm
from sla.models import SupportCalendar, WorkingHours

DESK, CALENDAR, OWN = "desk", "calendar", "own"
MOST_SLOTS = 4


class WorkingHoursForm(WeekForm):
    """When somebody works."""

    works_by = forms.ChoiceField(
        label=gettext_lazy("Works by"),
        choices=[
            (DESK, gettext_lazy("The desk's hours")),
            (CALENDAR, gettext_lazy("A support calendar")),
            (OWN, gettext_lazy("Own hours")),
        ],
        widget=forms.RadioSelect,
        initial=DESK,
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Support calendar"),
        queryset=SupportCalendar.objects.none(),
        empty_label=gettext_lazy("Choose a calendar"),
        error_messages={
            "required": gettext_lazy("Choose a calendar."),
            "invalid_choice": gettext_lazy("Choose a calendar from the list."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        calendars: Any,
        hours: WorkingHours | None = None,
    ) -> None:
        initial = initial_of(hours)
        super().__init__(data, initial=initial)
        field = self.fields["calendar"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = calendars
            # Asked for by one choice alone; the page shows it with that one.
            field.required = not self.is_bound or self.data.get("works_by") == CALENDAR
        self.add_week(MOST_SLOTS)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.week = {day: hours for day, hours in self.read_week().items() if hours}
        how = values.get("works_by")
        if how == OWN and not self.week and not self.errors:
            self.add_error("week_0_0_opens", _("Write the hours of one day at least."))
        return values

    def values(self) -> dict[str, Any]:
        """What the service takes. Only after a clean without errors."""
        how = self.cleaned_data["works_by"]
        return {
            "calendar": self.cleaned_data["calendar"] if how == CALENDAR else None,
            "week": self.week if how == OWN else None,
        }


def initial_of(hours: WorkingHours | None) -> dict[str, Any]:
    """What the form shows of what stands."""
    if hours is None:
        return {"works_by": DESK}
    initial: dict[str, Any] = {
        "works_by": CALENDAR if hours.calendar_id else OWN,
        "calendar": hours.calendar_id,
    }
    initial["week_slots"] = max([SLOTS, *(len(each) for each in hours.week.values())])
    for day, each in hours.week.items():
        fill_slots(initial, f"week_{day}", each)
    return initial
