"""Forms of the settings about how a desk looks and speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.colour import read_colour
from accounts.models import Accent, Language, LogoUse, Tenant
from accounts.oneline import LineField
from accounts.services.look import LONGEST_LINE

OWN = "own"


class ColourForm(forms.Form):
    """One of the accents, or a colour of one's own."""

    accent = forms.ChoiceField(
        label=gettext_lazy("Accent colour"),
        help_text=gettext_lazy("Buttons, links and marks of this desk."),
        choices=[*Accent.choices, (OWN, gettext_lazy("Own colour"))],
        widget=forms.RadioSelect,
    )
    own_colour = LineField(
        label=gettext_lazy("Colour code"),
        help_text=gettext_lazy("Six digits, as your style guide has them: #1d4ed8."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "data-colour-text": ""}),
    )

    def clean_own_colour(self) -> str:
        """As "#rrggbb"; empty for none."""
        said = str(self.cleaned_data["own_colour"])
        colour = read_colour(said) if said else ""
        if colour is None:
            raise forms.ValidationError(_("This is not a colour. Write six digits, such as #1d4ed8."))
        return colour

    def clean(self) -> dict[str, Any]:
        """Whoever chooses a colour of their own says which."""
        values = super().clean() or {}
        if values.get("accent") == OWN and not values.get("own_colour") and "own_colour" not in self.errors:
            self.add_error("own_colour", _("Say which colour, as six digits such as #1d4ed8."))
        return values

    def chosen(self, tenant: Tenant) -> dict[str, str]:
        """What `change_colour` takes; beside an own colour the accent stays what it was."""
        is_own = self.cleaned_data["accent"] == OWN
        return {
            "accent": str(tenant.accent) if is_own else self.cleaned_data["accent"],
            "own_colour": self.cleaned_data["own_colour"] if is_own else "",
        }


class WordsForm(forms.Form):
    """Whom mails come from, and the two lines for customers, in each language."""

    sender_name = LineField(label=gettext_lazy("Sender of emails"), max_length=80, required=False)
    shows_hours = forms.BooleanField(
        label=gettext_lazy("Say when the desk is open"),
        help_text=gettext_lazy("On the log-in page, the customers' start page and the status page."),
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, tenant: Tenant, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["sender_name"].widget.attrs["placeholder"] = tenant.name
        self.codes = list(tenant.languages)
        for code in self.codes:
            name = Language(code).label
            for field, label in (("greeting", _("Greeting")), ("hours_text", _("Hours in your own words"))):
                self.fields[f"{field}_{code}"] = LineField(
                    label=label if len(self.codes) == 1 else f"{label} · {name}",
                    max_length=LONGEST_LINE,
                    required=False,
                    widget=forms.TextInput(attrs={"lang": code}),
                )

    def chosen(self, tenant: Tenant) -> dict[str, Any]:
        """What `change_words` takes; texts in languages that are not offered stay as they are."""
        values = self.cleaned_data
        texts = {
            field: {**getattr(tenant, field), **{code: values[f"{field}_{code}"] for code in self.codes}}
            for field in ("greeting", "hours_text")
        }
        return {"sender_name": values["sender_name"], "shows_hours": values["shows_hours"], **texts}


class LanguagesForm(forms.Form):
    """Which languages the desk speaks."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages offered"),
        help_text=gettext_lazy("Whoever prefers another one reads the default language here."),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("A desk speaks at least one language.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Default language"),
        help_text=gettext_lazy(
            "For people who join from now on, and for visitors whose browser asks for no other."
        ),
        choices=Language.choices,
    )

    def clean(self) -> dict[str, Any]:
        """The default is one of those offered."""
        values = super().clean() or {}
        if "languages" in values and values.get("language") not in values["languages"]:
            self.add_error("language", _("Choose one of the languages that the desk offers."))
        return values


class LogoForm(forms.Form):
    """A picture and where it stands."""

    use = forms.ChoiceField(choices=LogoUse.choices, widget=forms.HiddenInput)
    image = forms.FileField(
        label=gettext_lazy("Logo"), error_messages={"required": gettext_lazy("Choose an image first.")}
    )
