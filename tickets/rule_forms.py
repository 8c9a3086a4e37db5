"""Forms that move a promise: another category, a due time by hand, two tickets made one, one made two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from tickets.forms import DeskForm, LimitedLine
from tickets.models import SUBJECT_LENGTH, Category, Ticket
from tickets.services.due import REASON_LENGTH

MOMENT = "%Y-%m-%dT%H:%M"


class TicketCategoryForm(DeskForm):
    """What it is about; `seen` is the id of the category that the page showed."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"), queryset=Category.objects.none(), empty_label=None
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, ticket: Ticket, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        offered = Category.objects.visible_to(membership)
        offered = offered.filter(Q(archived_at__isnull=True) | Q(pk=ticket.category_id))
        self.fields["category"].queryset = offered  # type: ignore[attr-defined]


class SeenDueForm(DeskForm):
    """Which clock, and the due time by hand that the page showed for it, empty for none."""

    metric = forms.CharField(max_length=20, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        """None for nothing readable: whoever did not see a due time must not overwrite one."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class DueForm(SeenDueForm):
    """A due time that somebody agreed on, in the reader's time zone, and why."""

    due_at = forms.DateTimeField(
        label=gettext_lazy("Due"),
        help_text=gettext_lazy("In your time zone."),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": gettext_lazy("Choose a day and a time."),
            "invalid": gettext_lazy("Write a day and a time, as in 2026-03-05 14:30."),
        },
    )
    reason = LimitedLine(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Staff read it on the ticket."),
        most=REASON_LENGTH,
        error_messages={"required": gettext_lazy("Say why: who reads the ticket later will ask.")},
    )


class MergeForm(DeskForm):
    """The number of the ticket in which the conversation goes on."""

    into = forms.CharField(
        label=gettext_lazy("Number of the other ticket"),
        max_length=30,
        error_messages={"required": gettext_lazy("Write the number of the ticket that stays.")},
    )

    def clean_into(self) -> Ticket:
        """The ticket of that number, with or without the prefix, among what the person may see."""
        digits = str(self.cleaned_data["into"]).strip().rpartition("-")[2].lstrip("#")
        number = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
        found: Ticket | None = Ticket.objects.visible_to(self.membership).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no ticket of this number. Choose one from the list."))
        return found


class SplitForm(DeskForm):
    """What the new ticket is called."""

    subject = LimitedLine(
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("One line that says what is wrong or wanted."),
        most=SUBJECT_LENGTH,
        error_messages={"required": gettext_lazy("Write a subject.")},
    )
