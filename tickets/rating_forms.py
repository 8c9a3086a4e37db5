"""The one question, and what a supervisor says of a low answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.oneline import LineField
from tickets.forms import TextField
from tickets.models import COMMENT_LENGTH, Score


class RatingForm(forms.Form):
    """How it was."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("How was our support on this ticket?"),
        choices=list(reversed(Score.choices)),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the answers.")},
    )
    comment = TextField(
        label=gettext_lazy("What should we know?"),
        most=COMMENT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))


class FollowUpForm(forms.Form):
    """What was done about a low answer."""

    note = LineField(
        label=gettext_lazy("What was done"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say in a line what was done.")},
    )
