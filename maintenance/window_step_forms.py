"""Forms of the steps of a window's life: announce, move, extend, run, tell; and the one that finds a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Customer, Membership
from maintenance.instant_fields import InstantField, behind
from maintenance.models import Window
from maintenance.refusing import RefusingForm
from maintenance.window_forms import (
    MOST_TEXT,
    REASON_LENGTH,
    ServicesField,
    emergency_field,
    text_area,
)
from tickets.forms import LimitedLine, TextField, body_field
from tickets.models import Service, Ticket


class ScheduleForm(RefusingForm):
    """Announce as planned; with a reason as an emergency."""

    emergency_reason = emergency_field()


class MoveForm(RefusingForm):
    """Another time."""

    starts_at = InstantField(label=gettext_lazy("Starts"), help_text=gettext_lazy("In your time zone."))
    ends_at = InstantField(label=gettext_lazy("Ends"))
    emergency_reason = emergency_field()

    def clean(self) -> dict[str, Any]:
        """Of an end that its clock reads twice, the one behind the start."""
        values = super().clean() or self.cleaned_data
        if values.get("starts_at") and values.get("ends_at"):
            values["ends_at"] = behind(values["ends_at"], values["starts_at"])
        return values


class ExtendForm(RefusingForm):
    """A later end than `not_before`: the one that was planned, or now if that has passed."""

    ends_at = InstantField(label=gettext_lazy("Ends"), help_text=gettext_lazy("In your time zone."))
    emergency_reason = emergency_field()

    def __init__(
        self,
        *args: Any,
        not_before: datetime,
        others: Mapping[Window, datetime] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.not_before, self.others = not_before, others or {}
        for other, starts_at in self.others.items():
            self.initial[f"starts_{other.pk}"] = starts_at
            self.fields[f"move_{other.pk}"] = forms.BooleanField(
                label=_("Move “%(window)s” as well") % {"window": other.title}, required=False
            )
            self.fields[f"starts_{other.pk}"] = InstantField(label=gettext_lazy("Starts"))

    @property
    def rows(self) -> list[tuple[Window, forms.BoundField, forms.BoundField]]:
        """What is in the way: whether it moves, and to when."""
        return [(other, self[f"move_{other.pk}"], self[f"starts_{other.pk}"]) for other in self.others]

    @property
    def moves(self) -> dict[Window, datetime]:
        """Those that are to move, with their new starts."""
        chosen = [other for other in self.others if self.cleaned_data.get(f"move_{other.pk}")]
        return {other: self.cleaned_data[f"starts_{other.pk}"] for other in chosen}

    def clean_ends_at(self) -> datetime:
        """Of an end that its clock reads twice, the later one if the other has passed."""
        return behind(self.cleaned_data["ends_at"], self.not_before)


class CancelForm(RefusingForm):
    """Why it does not take place."""

    why = LimitedLine(
        label=gettext_lazy("Why it is cancelled"),
        help_text=gettext_lazy("Customers who were told read it."),
        most=REASON_LENGTH,
        required=False,
    )


class CompleteForm(RefusingForm):
    """How it went."""

    result = TextField(
        label=gettext_lazy("Result"),
        help_text=gettext_lazy("What was done, and what remains. Customers read it."),
        most=MOST_TEXT,
        required=False,
        widget=text_area(3),
    )


class LogForm(RefusingForm):
    """A line of the work log."""

    text = TextField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("Only staff read it."),
        most=MOST_TEXT,
        widget=text_area(2),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


class TellForm(RefusingForm):
    """One public reply on each linked ticket."""

    text = body_field(
        gettext_lazy("Reply to all linked tickets"), gettext_lazy("Write what you tell the requesters.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["rows"] = 4


class TicketNumberField(forms.CharField):
    """The number of a ticket, with or without its prefix."""

    def clean(self, value: Any) -> int:
        text = str(super().clean(value)).strip()
        digits = text.rpartition("-")[2].lstrip("#")
        if not digits.isdecimal() or len(digits) > 9:
            raise forms.ValidationError(_("“%(word)s” is not the number of a ticket.") % {"word": text})
        return int(digits)


class LinkForm(RefusingForm):
    """A ticket that asked for it."""

    number = TicketNumberField(
        label=gettext_lazy("Number of the ticket"),
        max_length=30,
        error_messages={"required": gettext_lazy("Write the number of a ticket.")},
    )

    def clean_number(self) -> Ticket:
        """The ticket of that number, among what the person may see."""
        number = self.cleaned_data["number"]
        found: Ticket | None = Ticket.objects.visible_to(self.membership).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no ticket with the number %(numbers)s.") % {"numbers": number}
            )
        return found


class AdjustForm(RefusingForm):
    """One customer, added to a window's list, left out of it, or as its services say again."""

    CHANGES = ("add", "leave_out", "put_back")

    customer = forms.ModelChoiceField(label=gettext_lazy("Customer"), queryset=Customer.objects.none())
    change = forms.ChoiceField(choices=[(change, change) for change in CHANGES])
    seen = forms.IntegerField(widget=forms.HiddenInput)
    emergency_reason = emergency_field()

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        customers = Customer.objects.filter(tenant=membership.tenant_id)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class FindTimeForm(RefusingForm):
    """How long the work takes, on what, and how far ahead to look."""

    services = ServicesField()
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=15,
        max_value=2880,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Within"),
        coerce=int,
        choices=[
            (7, gettext_lazy("7 days")),
            (14, gettext_lazy("14 days")),
            (30, gettext_lazy("30 days")),
            (60, gettext_lazy("60 days")),
        ],
    )

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        offered = Service.objects.visible_to(membership).in_use().select_related("customer")
        self.fields["services"].queryset = offered  # type: ignore[attr-defined]

    @property
    def length(self) -> timedelta:
        """How long the work takes."""
        return timedelta(minutes=self.cleaned_data["minutes"])
