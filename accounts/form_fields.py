"""Fields that forms of several rooms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class PlaceField(forms.IntegerField):
    """Where something stands among others of its kind."""

    def __init__(self, *, label: Any = None) -> None:
        super().__init__(
            label=label or gettext_lazy("Place in lists"),
            help_text=gettext_lazy("Lower numbers stand first."),
            min_value=0,
            max_value=999,
            initial=0,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
