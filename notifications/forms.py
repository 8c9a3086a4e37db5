"""The form about the secret of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

HOURS = [
    (24, gettext_lazy("For a day")),
    (72, gettext_lazy("For three days")),
    (168, gettext_lazy("For a week")),
    (0, gettext_lazy("Not at all: it has become known")),
]


class ReplaceSecretForm(forms.Form):
    """For how long the former secret signs too; `seen` is when the one that was shown was made."""

    hours = forms.TypedChoiceField(
        label=gettext_lazy("The former secret signs too"),
        help_text=gettext_lazy("So long every call carries both signatures, and receivers may know either."),
        choices=HOURS,
        coerce=int,
        initial=24,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how long.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> datetime | None:
        """An instant; one that cannot be read fits no secret."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {"hours": self.cleaned_data["hours"], "seen": self.cleaned_data["seen"]}
