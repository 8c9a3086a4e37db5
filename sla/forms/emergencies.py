"""The form by which an emergency is declared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sla.emergencies import REASON_LENGTH
from tickets.forms import DeskForm, TextField


class EmergencyForm(DeskForm):
    """A reason, and a deliberate yes."""

    reason = TextField(
        label=gettext_lazy("What has happened?"),
        help_text=gettext_lazy("In a sentence or two: what stands still, since when, for whom."),
        most=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Say what has happened: whoever is called reads this first.")
        },
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("This cannot wait: call the person on call now"),
        error_messages={"required": gettext_lazy("Tick this if somebody shall be called now.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.membership.is_staff_member:
            self.fields["reason"].help_text = gettext_lazy(
                "In a sentence or two: what stands still, since when, for whom. The customer reads it too."
            )
