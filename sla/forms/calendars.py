"""The form of a support calendar: the week, where holidays come from, exceptions of single days.

Times are text, since "24:00" is a closing time that no time control of a browser can hold. Rows are
numbered fields; buttons that add or copy rows send the form back to itself, so it works without scripts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.zones import zone_choices
from sla.business_time import overlaps
from sla.drawn import WHOLE_DAY, is_always_open, override_hours, override_name
from sla.models import CalendarVersion, SupportCalendar
from sla.public_holidays import country_choices, subdivision_choices
from sla.services.errors import PromiseRuleBroken

SLOTS, MOST_SLOTS = 3, 8
EXCEPTION_SLOTS = 2
MOST_EXCEPTIONS = 200
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?")
Intervals = list[list[str]]


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


@dataclass(frozen=True)
class Row:
    """One line of the form: a weekday or an exception, with its pairs of times."""

    number: int
    label: str
    slots: list[tuple[BoundField, BoundField]]
    errors: list[str]
    day: BoundField | None = None
    name: BoundField | None = None


class CalendarForm(forms.Form):
    """Name, zone, week, holidays, exceptions."""

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
        self.slot_count = _count(given.get("week_slots"), SLOTS, MOST_SLOTS)
        self.exception_slots = _count(given.get("exception_slots"), EXCEPTION_SLOTS, MOST_SLOTS)
        self.exception_count = _count(given.get("exceptions"), 1, MOST_EXCEPTIONS)
        self._choices("zone", zone_choices(str(self.initial.get("zone") or "")))
        self._choices("holiday_country", [("", _("No country")), *country_choices(language)])
        country = str(given.get("holiday_country") or "")
        self._choices("holiday_subdivision", [("", _("The whole country")), *subdivision_choices(country)])
        for day in range(7):
            self._add_slots(f"week_{day}", str(WEEKDAYS[day]).capitalize(), self.slot_count)
        for number in range(self.exception_count):
            self._add_exception(number)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _add_slots(self, prefix: str, label: str, count: int) -> None:
        for slot in range(count):
            place = {"day": label, "n": slot + 1}
            opens = _("%(day)s, opens (%(n)s)") % place
            closes = _("%(day)s, closes (%(n)s)") % place
            self.fields[f"{prefix}_{slot}_opens"] = TimeOfDayField(label=opens)
            self.fields[f"{prefix}_{slot}_closes"] = TimeOfDayField(label=closes)

    def _add_exception(self, number: int) -> None:
        label = _("Exception %(n)s") % {"n": number + 1}
        self.fields[f"exception_{number}_date"] = forms.DateField(
            label=_("%(exception)s, date") % {"exception": label},
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields[f"exception_{number}_name"] = forms.CharField(
            label=_("%(exception)s, name") % {"exception": label}, required=False, max_length=80
        )
        self._add_slots(f"exception_{number}", label, self.exception_slots)

    @property
    def week_rows(self) -> list[Row]:
        """The seven lines of the week."""
        return [
            self._row(f"week_{day}", day, str(WEEKDAYS[day]).capitalize(), self.slot_count)
            for day in range(7)
        ]

    @property
    def exception_rows(self) -> list[Row]:
        """The lines of the exceptions, an empty one at the end."""
        return [
            self._row(
                f"exception_{number}",
                number,
                _("Exception %(n)s") % {"n": number + 1},
                self.exception_slots,
                dated=True,
            )
            for number in range(self.exception_count)
        ]

    def _row(self, prefix: str, number: int, label: str, count: int, *, dated: bool = False) -> Row:
        slots = [(self[f"{prefix}_{slot}_opens"], self[f"{prefix}_{slot}_closes"]) for slot in range(count)]
        day, name = (self[f"{prefix}_date"], self[f"{prefix}_name"]) if dated else (None, None)
        fields = [*([day, name] if day and name else []), *(bound for pair in slots for bound in pair)]
        errors = [str(error) for bound in fields for error in bound.errors]
        return Row(number, label, slots, errors, day, name)

    def clean(self) -> dict[str, Any]:
        """Read the lines; what is wrong is said at the first field concerned of its line."""
        values = super().clean() or self.cleaned_data
        self.week = {str(day): self._intervals(f"week_{day}", self.slot_count) for day in range(7)}
        self.overrides: dict[str, Intervals] = {}
        self.override_names: dict[str, str] = {}
        for number in range(self.exception_count):
            self._read_exception(number)
        return values

    def _read_exception(self, number: int) -> None:
        prefix = f"exception_{number}"
        intervals = self._intervals(prefix, self.exception_slots)
        name = self.cleaned_data.get(f"{prefix}_name") or ""
        day: date | None = self.cleaned_data.get(f"{prefix}_date")
        if day is None:
            if (intervals or name) and f"{prefix}_date" not in self.errors:
                self.add_error(f"{prefix}_date", _("Say on which date."))
            return
        if day.isoformat() in self.overrides:
            self.add_error(f"{prefix}_date", _("There is another exception on this date."))
        self.overrides[day.isoformat()] = intervals
        if name:
            self.override_names[day.isoformat()] = name

    def _intervals(self, prefix: str, count: int) -> Intervals:
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

    def spec(self) -> dict[str, Any]:
        """The written form of what was entered, holidays aside. Only after a clean without errors."""
        always = self.cleaned_data["always_open"]
        week = {day: WHOLE_DAY if always else hours for day, hours in self.week.items() if always or hours}
        return {"tz": self.cleaned_data["zone"], "week": week, "overrides": self.overrides}

    def values(self) -> dict[str, Any]:
        """What the services take."""
        country = self.cleaned_data["holiday_country"]
        return {
            "name": self.cleaned_data["name"],
            "spec": self.spec(),
            "holiday_country": country,
            "holiday_subdivision": self.cleaned_data["holiday_subdivision"] if country else "",
            "override_names": self.override_names,
        }

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what a service refused."""
        kind, _dot, key = error.field.partition(".")
        place = {"name": "name", "zone": "zone"}.get(kind)
        if kind == "week":
            place = f"week_{key or 0}_0_opens"
        elif kind == "override" and key in self.overrides:
            place = f"exception_{list(self.overrides).index(key)}_date"
        self.add_error(place, error.words())


def initial_of(calendar: SupportCalendar, version: CalendarVersion) -> dict[str, Any]:
    """What the form shows of a version. Holidays that come from no country are shown as exceptions."""
    spec = version.spec
    overrides = dict(spec.get("overrides") or {})
    if not version.holiday_country:
        own = spec.get("holidays") or {}
        for day in own:
            overrides.setdefault(str(day), {"name": own[day] if isinstance(own, Mapping) else ""})
    initial: dict[str, Any] = {
        "name": calendar.name,
        "zone": spec["tz"],
        "always_open": is_always_open(spec),
        "holiday_country": version.holiday_country,
        "holiday_subdivision": version.holiday_subdivision,
        "exceptions": len(overrides) + 1,
    }
    week = {} if initial["always_open"] else spec.get("week") or {}
    initial["week_slots"] = max([SLOTS, *(len(hours) for hours in week.values())])
    for day, hours in week.items():
        _fill(initial, f"week_{day}", hours)
    initial["exception_slots"] = max(
        [EXCEPTION_SLOTS, *(len(override_hours(value)) for value in overrides.values())]
    )
    for number, (day, value) in enumerate(sorted(overrides.items())):
        initial[f"exception_{number}_date"] = day
        initial[f"exception_{number}_name"] = override_name(value)
        _fill(initial, f"exception_{number}", override_hours(value))
    return initial


def with_action(data: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What was typed, after a button of the form itself: copy Monday, another interval or exception."""
    typed = {key: value for key, value in data.items() if value != ""}
    slots = _count(typed.get("week_slots"), SLOTS, MOST_SLOTS)
    if action == "copy_monday":
        for slot in range(slots):
            for part in ("opens", "closes"):
                for day in range(1, 5):
                    typed[f"week_{day}_{slot}_{part}"] = typed.get(f"week_0_{slot}_{part}", "")
    elif action == "more_intervals":
        typed["week_slots"] = slots + 1
    elif action == "more_exceptions":
        typed["exceptions"] = _count(typed.get("exceptions"), 1, MOST_EXCEPTIONS) + 1
    elif action.startswith("remove_"):
        return _without_exception(typed, action.removeprefix("remove_"))
    return typed


def _without_exception(typed: dict[str, Any], number: str) -> dict[str, Any]:
    count = _count(typed.get("exceptions"), 1, MOST_EXCEPTIONS)
    gone = int(number) if number.isdecimal() else count
    moved = {key: value for key, value in typed.items() if not key.startswith("exception_")}
    for key, value in typed.items():
        match = re.fullmatch(r"exception_(\d+)_(.+)", key)
        if match is None or int(match[1]) == gone:
            continue
        place = int(match[1]) - (1 if int(match[1]) > gone else 0)
        moved[f"exception_{place}_{match[2]}"] = value
    moved["exceptions"] = max(1, count - 1)
    moved["exception_slots"] = typed.get("exception_slots", EXCEPTION_SLOTS)
    return moved


def _fill(initial: dict[str, Any], prefix: str, hours: list[list[str]]) -> None:
    for slot, (opens, closes) in enumerate(hours):
        initial[f"{prefix}_{slot}_opens"], initial[f"{prefix}_{slot}_closes"] = opens, closes


def _count(value: Any, least: int, most: int) -> int:
    text = str(value or "")
    return max(least, min(most, int(text))) if text.isdecimal() and len(text) < 6 else least
