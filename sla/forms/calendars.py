"""The form of a support calendar: the week, where holidays come from, own days.

Rows are numbered fields; buttons that add or copy rows send the form back to itself, so it works without
scripts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.zones import zone_choices
from sla.drawn import WHOLE_DAY, is_always_open
from sla.forms.hours import MOST_SLOTS, SLOTS, count_in, fill_slots
from sla.forms.own_days import MOST_DAYS, OwnDaysForm, rows_of, without_row
from sla.forms.week import WeekForm
from sla.models import CalendarVersion, SupportCalendar
from sla.own_days import own_days_in, written
from sla.public_holidays import country_choices, subdivision_choices
from sla.services.errors import PromiseRuleBroken


class CalendarForm(WeekForm, OwnDaysForm):
    """Name, zone, week, holidays, own days."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("The hours below are local time there, daylight saving included."),
        widget=forms.Select(attrs={"data-searchable": ""}),
        error_messages={
            "invalid_choice": gettext_lazy("“%(value)s” is not a time zone. Example: America/Mexico_City.")
        },
    )
    always_open = forms.BooleanField(
        label=gettext_lazy("Open around the clock, every day"),
        help_text=gettext_lazy(
            "The week below then counts as open throughout. Holidays and exceptions still close."
        ),
        required=False,
    )
    holiday_country = forms.ChoiceField(
        label=gettext_lazy("Closed on the public holidays of"),
        required=False,
        widget=forms.Select(attrs={"data-searchable": ""}),
    )
    holiday_subdivision = forms.ChoiceField(label=gettext_lazy("State or province"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
        language: str = "en",
    ) -> None:
        super().__init__(data, initial=initial)
        given = self.data if self.is_bound else self.initial
        self._choices("zone", zone_choices(str(self.initial.get("zone") or "")))
        self._choices("holiday_country", [("", _("No country")), *country_choices(language)])
        country = str(given.get("holiday_country") or "")
        self._choices("holiday_subdivision", [("", _("The whole country")), *subdivision_choices(country)])
        self.add_week(MOST_SLOTS)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Read the lines; what is wrong is said at the first field concerned of its line."""
        values = super().clean()
        self.week = self.read_week()
        return values

    def spec(self) -> dict[str, Any]:
        """The written form of what was entered, holidays aside. Only after a clean without errors."""
        always = self.cleaned_data["always_open"]
        week = {day: WHOLE_DAY if always else hours for day, hours in self.week.items() if always or hours}
        return {"tz": self.cleaned_data["zone"], "week": week, **written(self.own.values())}

    def values(self) -> dict[str, Any]:
        """What the services take."""
        country = self.cleaned_data["holiday_country"]
        return {
            "name": self.cleaned_data["name"],
            "spec": self.spec(),
            "holiday_country": country,
            "holiday_subdivision": self.cleaned_data["holiday_subdivision"] if country else "",
        }

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what a service refused."""
        kind, _dot, key = error.field.partition(".")
        place = {"name": "name", "zone": "zone"}.get(kind)
        if kind == "week":
            place = f"week_{key or 0}_0_opens"
        elif kind == "override" and (row := self.row_of_key(key)) is not None:
            place = f"exception_{row}_date"
        self.add_error(place, error.words())


def initial_of(calendar: SupportCalendar, version: CalendarVersion, today: date) -> dict[str, Any]:
    """What the form shows of a version. Holidays that come from no country are shown as own days."""
    spec = version.spec
    if not version.holiday_country:
        own = spec.get("holidays") or {}
        closed = {str(day): {"name": own[day] if isinstance(own, Mapping) else ""} for day in own}
        spec = {**spec, "overrides": {**closed, **(spec.get("overrides") or {})}}
    initial: dict[str, Any] = {
        "name": calendar.name,
        "zone": spec["tz"],
        "always_open": is_always_open(spec),
        "holiday_country": version.holiday_country,
        "holiday_subdivision": version.holiday_subdivision,
        **rows_of(own_days_in(spec, today)),
    }
    week = {} if initial["always_open"] else spec.get("week") or {}
    initial["week_slots"] = max([SLOTS, *(len(hours) for hours in week.values())])
    for day, hours in week.items():
        fill_slots(initial, f"week_{day}", hours)
    return initial


def with_action(data: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What was typed, after a button of the form itself: copy Monday, another interval or row, one less."""
    typed = {key: value for key, value in data.items() if value != ""}
    slots = count_in(typed.get("week_slots"), SLOTS, MOST_SLOTS)
    number = action.removeprefix("remove_")
    if action == "copy_monday":
        for slot in range(slots):
            for part in ("opens", "closes"):
                for day in range(1, 5):
                    typed[f"week_{day}_{slot}_{part}"] = typed.get(f"week_0_{slot}_{part}", "")
    elif action == "more_intervals":
        typed["week_slots"] = slots + 1
    elif action == "more_hours":
        typed["exception_slots"] = count_in(typed.get("exception_slots"), SLOTS, MOST_SLOTS) + 1
    elif action == "more_exceptions":
        typed["exceptions"] = count_in(typed.get("exceptions"), 1, MOST_DAYS) + 1
    elif action.startswith("remove_") and number.isdecimal():
        return without_row(typed, int(number))
    return typed
