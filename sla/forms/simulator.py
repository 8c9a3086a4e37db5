"""The forms of the simulator: what arrives when. All of it stands in the address, so that it can be shared.

Times are those of the calendar's wall clock, without an offset: what a clock reads twice or never is sorted
out by `sla.simulator.on_the_wall`, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.amounts import BadAmount, read_amount
from sla.business_time import Period
from sla.models import Metric, TargetUnit
from sla.simulator import Wall, on_the_wall
from tickets.lifecycle import Priority

EARLIEST, LATEST = 2000, 2100
_LOCAL = re.compile(r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?")


class WallClockField(forms.Field):
    """A date with a time of day, to the minute, as a naive datetime."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime) or value in self.empty_values:
            return value or None
        match = _LOCAL.fullmatch(str(value).strip())
        try:
            if match is None:
                raise ValueError(value)
            found = datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            said = {"value": str(value)[:40]}
            words = _("“%(value)s” is not a date with a time. Example: 2026-12-24 17:30.") % said
            raise forms.ValidationError(words) from None
        if not EARLIEST <= found.year <= LATEST:
            values = {"first": EARLIEST, "last": LATEST}
            raise forms.ValidationError(_("Choose a year from %(first)s to %(last)s.") % values)
        return found


class ArrivalForm(forms.Form):
    """When a ticket arrives and when it pauses; `zone` is the calendar's."""

    arrives = WallClockField(
        label=gettext_lazy("Arrives"),
        error_messages={"required": gettext_lazy("Say on which day and at what time it arrives.")},
    )
    second = forms.BooleanField(label=gettext_lazy("The second of the two"), required=False)
    pause_from = WallClockField(label=gettext_lazy("Paused from"), required=False)
    pause_to = WallClockField(label=gettext_lazy("Paused until"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, zone: ZoneInfo, initial: dict[str, Any] | None = None
    ) -> None:
        # Several forms of this kind never stand on one page, but other forms may: ids of its own.
        super().__init__(data, initial=initial, auto_id="simulate_%s")
        self.zone = zone

    @property
    def shown(self) -> list[BoundField]:
        """The fields in their order, without `second`: it is asked only where it is a question."""
        return [self[name] for name in self.fields if name != "second"]

    def clean(self) -> dict[str, Any]:
        """A pause has a beginning and an end, in that order."""
        values = super().clean() or self.cleaned_data
        half = _("Say when the pause begins and when it ends, or leave both empty.")
        self._check_period("pause", half, _("The pause must end after it begins."))
        return values

    def _check_period(self, name: str, half: str, turned: str) -> None:
        """A period has both ends, or neither, in their order."""
        first, last = f"{name}_from", f"{name}_to"
        start, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if not {first, last} & set(self.errors) and (start is None) != (end is None):
            self.add_error(first if start is None else last, half)
        elif start is not None and end is not None and end <= start:
            self.add_error(last, turned)

    @property
    def arrival(self) -> tuple[datetime, Wall]:
        """The instant of arrival and what is odd about its time, of a form that is valid."""
        return on_the_wall(self.cleaned_data["arrives"], self.zone, second=self.cleaned_data["second"])

    @property
    def pauses(self) -> list[Period]:
        """The pause as instants, if there is one."""
        return self._period("pause")

    def _period(self, name: str) -> list[Period]:
        start, end = self.cleaned_data.get(f"{name}_from"), self.cleaned_data.get(f"{name}_to")
        if start is None or end is None:
            return []
        # Of a time that is read twice, a period begins at the first reading and ends at the second.
        begins, ends = on_the_wall(start, self.zone)[0], on_the_wall(end, self.zone, second=True)[0]
        return [(begins, ends)] if begins < ends else []


class PlanSimulatorForm(ArrivalForm):
    """A ticket under a plan; `metrics` are those that the plan promises anything for.

    Maintenance is asked about where it `pauses` clocks.
    """

    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.CRITICAL
    )
    metrics = forms.MultipleChoiceField(
        label=gettext_lazy("Promises"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one promise.")},
    )
    maintenance_from = WallClockField(label=gettext_lazy("Maintenance from"), required=False)
    maintenance_to = WallClockField(label=gettext_lazy("Maintenance until"), required=False)
    field_order = (
        "priority", "arrives", "second", "pause_from", "pause_to", "maintenance_from", "maintenance_to",
        "metrics",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        metrics: Iterable[str],
        zone: ZoneInfo,
        pauses: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        offered = [(metric.value, metric.label) for metric in Metric if metric in set(metrics)]
        keys = [key for key, _label in offered]
        super().__init__(data, zone=zone, initial={"metrics": keys} | (initial or {}))
        chosen = self.fields["metrics"]
        if isinstance(chosen, forms.MultipleChoiceField):
            chosen.choices = offered
            chosen.required = bool(offered)
        if not pauses:
            del self.fields["maintenance_from"], self.fields["maintenance_to"]

    def clean(self) -> dict[str, Any]:
        """Maintenance has a beginning and an end too."""
        values = super().clean()
        half = _("Say when the maintenance begins and when it ends, or leave both empty.")
        self._check_period("maintenance", half, _("The maintenance must end after it begins."))
        return values

    @property
    def planned(self) -> list[Period]:
        """The announced maintenance as instants, if there is any."""
        return self._period("maintenance")


class CalendarSimulatorForm(ArrivalForm):
    """A target typed by hand on a calendar."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"), choices=TargetUnit.choices, initial=TargetUnit.BUSINESS_TIME
    )
    aim = forms.CharField(
        label=gettext_lazy("Aim"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"class": "amount-input", "autocomplete": "off"}),
    )
    limit = forms.CharField(
        label=gettext_lazy("Limit"),
        max_length=12,
        initial="4",
        widget=forms.TextInput(attrs={"class": "amount-input", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter what is promised, as 4 or 1:30.")},
    )
    field_order = ("arrives", "second", "aim", "limit", "unit", "pause_from", "pause_to")

    def clean(self) -> dict[str, Any]:
        """Read the amounts; no aim is an aim at the limit."""
        values = super().clean()
        unit = values.get("unit") or TargetUnit.BUSINESS_TIME
        limit = self._amount("limit", unit)
        aim = self._amount("aim", unit) if values.get("aim") else limit
        if limit is not None and limit <= 0:
            self.add_error("limit", _("The limit must be above zero."))
        elif aim is not None and aim <= 0:
            self.add_error("aim", _("The aim must be above zero."))
        elif aim is not None and limit is not None and aim > limit:
            self.add_error("aim", _("The aim must not be above the limit."))
        self.aim_amount, self.limit_amount = aim or 0, limit or 0
        return values

    def _amount(self, name: str, unit: str) -> int | None:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            return read_amount(text, unit)
        except BadAmount:
            if unit.startswith(TargetUnit.BUSINESS_DAYS):
                words = _("“%(value)s” is not a number of days. Example: 2.")
            else:
                words = _("“%(value)s” is not a number of hours. Examples: 4, 1.5, 1:30.")
            self.add_error(name, words % {"value": text})
        return None
