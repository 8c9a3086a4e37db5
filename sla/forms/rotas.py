"""Forms of on-call rotas. Times are readings of the wall clock in the rota's zone, as its people say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.console_forms import staff_to_choose
from accounts.models import Membership
from accounts.oneline import LineField
from accounts.zones import zone_choices
from sla.models import Rota, RotaTurn
from sla.rota_turns import Turn, filled, instant_of
from sla.services.errors import PromiseRuleBroken

PLACES = [
    (0, gettext_lazy("Called first")),
    (1, gettext_lazy("Called second")),
    (2, gettext_lazy("Called third")),
]
MOST_PEOPLE = 8
DAYS = {"week": 7, "day": 1}
CHANGES = [("week", gettext_lazy("Every week")), ("day", gettext_lazy("Every day"))]
_YEARS = range(2000, 2100)
_WALL = "%Y-%m-%dT%H:%M"


class RotaForm(forms.Form):
    """A rota, without its turns."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to acknowledge"),
        help_text=gettext_lazy("After so many minutes without an answer the next person is called."),
        min_value=1,
        max_value=240,
        initial=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Turns are entered and shown by its wall clock."),
        widget=forms.Select(attrs={"data-searchable": ""}),
        error_messages={
            "invalid_choice": gettext_lazy("“%(value)s” is not a time zone. Example: America/Mexico_City.")
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zone: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"time_zone": zone, **(initial or {})})
        field = self.fields["time_zone"]
        if isinstance(field, forms.ChoiceField):
            field.choices = zone_choices(zone)

    def clean_time_zone(self) -> str:
        """A zone that this machine knows."""
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("This is not a time zone."))
        return zone

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what the service refused."""
        self.add_error(error.field if error.field in self.fields else None, error.words())


class WallClockField(forms.CharField):
    """A day with a time as a wall clock shows it; becomes an instant in the form's zone."""

    def __init__(self, *, label: Any, help_text: Any = "") -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WALL)
        widget.input_type = "datetime-local"
        super().__init__(label=label, help_text=help_text, max_length=40, widget=widget)

    def clean(self, value: Any) -> datetime:
        text = super().clean(value)
        try:
            label = datetime.fromisoformat(text)
        except ValueError:
            label = None
        if label is None or label.tzinfo is not None or label.year not in _YEARS:
            raise forms.ValidationError(
                _("“%(value)s” is not a day with a time. Example: 2026-11-23T09:00.") % {"value": text}
            )
        return label


class TurnForm(forms.Form):
    """One turn of somebody."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Person"),
        queryset=Membership.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
        error_messages={"invalid_choice": gettext_lazy("Choose somebody of the staff from the list.")},
    )
    starts_at = WallClockField(label=gettext_lazy("From"))
    ends_at = WallClockField(label=gettext_lazy("Until"))
    position = forms.TypedChoiceField(label=gettext_lazy("Place"), choices=PLACES, coerce=int, initial=0)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        rota: Rota,
        turn: RotaTurn | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.zone = ZoneInfo(rota.time_zone)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = staff_to_choose(by, kept=[turn.person_id] if turn else [])

    def clean_starts_at(self) -> datetime:
        """The instant of the reading."""
        return instant_of(self.cleaned_data["starts_at"], self.zone)

    def clean_ends_at(self) -> datetime:
        """The instant of the reading."""
        return instant_of(self.cleaned_data["ends_at"], self.zone)

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what the service refused."""
        self.add_error(error.field if error.field in self.fields else None, error.words())


class FillForm(forms.Form):
    """People in an order, changing at the same reading of the wall clock."""

    first_day = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    first_time = forms.TimeField(
        label=gettext_lazy("At"),
        initial=time(9),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    changes = forms.ChoiceField(
        label=gettext_lazy("They change"),
        choices=CHANGES,
        initial="week",
        widget=forms.RadioSelect,
    )
    turns = forms.IntegerField(
        label=gettext_lazy("Turns"),
        help_text=gettext_lazy("How many in all. After the last person the first one comes again."),
        min_value=1,
        max_value=366,
        initial=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    position = forms.TypedChoiceField(label=gettext_lazy("Place"), choices=PLACES, coerce=int, initial=0)
    replaces = forms.BooleanField(
        label=gettext_lazy("Replace what stands there"),
        help_text=gettext_lazy("Turns at the same place are cut back where they are in the way."),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        rota: Rota,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.zone = ZoneInfo(rota.time_zone)
        for number in range(1, MOST_PEOPLE + 1):
            self.fields[f"person_{number}"] = forms.ModelChoiceField(
                label=_("Person %(n)s") % {"n": number},
                queryset=staff_to_choose(by),
                required=number == 1,
                empty_label=_("Choose a person") if number == 1 else _("Nobody"),
                error_messages={"invalid_choice": _("Choose somebody of the staff from the list.")},
            )
        self.order_fields([f"person_{number}" for number in range(1, MOST_PEOPLE + 1)])

    @property
    def people_fields(self) -> list[forms.BoundField]:
        """The people, in the order in which they come."""
        return [self[f"person_{number}"] for number in range(1, MOST_PEOPLE + 1)]

    def clean_first_day(self) -> date:
        """Within what a calendar can hold."""
        day: date = self.cleaned_data["first_day"]
        if day.year not in _YEARS:
            raise forms.ValidationError(_("Choose a day of this century."))
        return day

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        chosen = (self.cleaned_data[f"person_{number}"] for number in range(1, MOST_PEOPLE + 1))
        turns: list[Turn] = filled(
            [person.pk for person in chosen if person is not None],
            datetime.combine(self.cleaned_data["first_day"], self.cleaned_data["first_time"]),
            zone=self.zone,
            days=DAYS[self.cleaned_data["changes"]],
            turns=self.cleaned_data["turns"],
            position=self.cleaned_data["position"],
        )
        return {"turns": turns, "replaces": self.cleaned_data["replaces"]}

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say at the start what stands in the way."""
        self.add_error("first_day", error.words())
