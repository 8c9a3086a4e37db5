"""Forms about prepaid hours: selling and adjusting packs, logging time and taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hours.models import NAME_LENGTH, NOTE_LENGTH, PRICE_LENGTH, REASON_LENGTH
from hours.services import HoursRuleBroken, PackTerms
from tickets.forms import DeskForm, LimitedLine
from tickets.hour_fields import HoursField


class HoursForm(DeskForm):
    """A form that says beside the right field what a service refused."""

    def refuse(self, error: HoursRuleBroken) -> None:
        """Put the words where they belong: beside the field that is in the form, else on top of it."""
        self.add_error(error.field if error.field in self.fields else None, error.words())


class MaybeNoneField(HoursField):
    """Hours, of which there may be none; nothing written is none."""

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        return 0 if text in ("", "0", "0:00") else super().clean(text)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class PackForm(HoursForm):
    """What is said of a pack. How many hours it holds is said when it is sold, and adjusted later."""

    name = LimitedLine(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As customers know it: Success Pack 10."),
        most=NAME_LENGTH,
    )
    minutes = HoursField(label=pgettext_lazy("an amount of time", "Hours"))
    price = LimitedLine(
        label=gettext_lazy("Price"),
        help_text=gettext_lazy("In words; nothing is reckoned with it."),
        most=PRICE_LENGTH,
        required=False,
    )
    starts_on = _day(gettext_lazy("First day"))
    ends_on = _day(
        gettext_lazy("Last day"),
        help_text=gettext_lazy("What is left then expires. Nothing written: it never does."),
        required=False,
    )
    overdraft_minutes = MaybeNoneField(
        label=gettext_lazy("Overdraft"),
        help_text=gettext_lazy("Hours that may be drawn when all packs are empty. Nothing written: none."),
        required=False,
    )

    def __init__(self, *args: Any, is_sold: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_sold:
            del self.fields["minutes"]

    def terms(self) -> PackTerms:
        """What was filled in; after `is_valid`."""
        data = self.cleaned_data
        return PackTerms(**{name: data[name] for name in PackTerms.__dataclass_fields__})


class AdjustPackForm(HoursForm):
    """More or less, and why."""

    way = forms.ChoiceField(
        label=gettext_lazy("What is put right"),
        choices=[("more", gettext_lazy("Put hours in")), ("less", gettext_lazy("Take hours out"))],
        widget=forms.RadioSelect,
        initial="more",
    )
    minutes = HoursField(label=pgettext_lazy("an amount of time", "Hours"))
    reason = LimitedLine(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The customer reads it in the statement."),
        most=REASON_LENGTH,
    )

    def signed_minutes(self) -> int:
        """More than nothing in, less than nothing out; after `is_valid`."""
        minutes: int = self.cleaned_data["minutes"]
        return minutes if self.cleaned_data["way"] == "more" else -minutes


class AccountForm(HoursForm):
    """When the customer is told that little is left."""

    low_at_minutes = MaybeNoneField(
        label=gettext_lazy("Tell when no more is left than"),
        help_text=gettext_lazy("The customer's admins and the coordinator are told once. 0: nobody is."),
        required=False,
    )


class TimeForm(HoursForm):
    """Work on a ticket."""

    minutes = HoursField(label=pgettext_lazy("an amount of time", "Time"))
    worked_on = _day(gettext_lazy("Day"))
    note = LimitedLine(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("In a line. Where it is charged the customer reads it in the statement."),
        most=NOTE_LENGTH,
    )
    charge = forms.BooleanField(label=gettext_lazy("Charge it"), required=False, initial=True)

    def __init__(self, *args: Any, is_charged: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_charged:
            del self.fields["charge"]

    def values(self) -> dict[str, Any]:
        """What `log_time` takes; after `is_valid`."""
        return {"charge": True} | self.cleaned_data


class VoidForm(HoursForm):
    """Why time is taken back."""

    reason = LimitedLine(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Where it was charged the customer reads it in the statement."),
        most=REASON_LENGTH,
        error_messages={"required": gettext_lazy("Say why it is taken back.")},
    )


def said_of_charge(ground: str | None) -> str:
    """In words what becomes of time that is logged on a ticket now."""
    return {
        "approved": _("The customer approved this work: time draws from prepaid hours, up to the estimate."),
        "billable": _("The plan bills this category: time draws from prepaid hours."),
        "covered": _("The plan covers this category: time is written down and not charged."),
        "not_charged": _("The customer has neither a plan nor prepaid hours: time is not charged."),
        None: _("The plan does not cover this category. Charging needs the customer's approval first."),
    }[ground]
