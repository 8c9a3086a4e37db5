"""Forms that give a desk its beginning: the operators' new desk, and the preset of one that stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Language
from accounts.oneline import LineField
from accounts.zones import zone_choices
from sla.presets import Preset, load_preset, preset_names
from sla.presets.opening import NewDesk

BLANK = "blank"
AS_PRESET = "preset"
_OF_PRESET = (AS_PRESET, gettext_lazy("As in the preset"))
_NEEDED = gettext_lazy("A blank desk has no preset to take it from: choose one.")


def preset_choices() -> list[tuple[str, str]]:
    """Name and title of every preset."""
    return [(name, load_preset(name).title) for name in preset_names()]


def preset_words() -> dict[str, str]:
    """What each preset brings along, in a line, by its name."""
    return {name: _words(load_preset(name)) for name in preset_names()}


def _words(preset: Preset) -> str:
    said = {
        "plans": ", ".join(plan.name for plan in preset.plans.values()),
        "categories": len(preset.categories),
        "language": Language(preset.language).label,
        "zone": preset.time_zone,
    }
    return _("Plans: %(plans)s. %(categories)s categories. %(language)s, %(zone)s.") % said


class PresetForm(forms.Form):
    """Which preset an empty desk begins with."""

    preset = forms.ChoiceField(
        label=gettext_lazy("Preset"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a preset.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = preset_words()
        field = self.fields["preset"]
        if isinstance(field, forms.ChoiceField):
            field.choices = preset_choices()

    def clean_preset(self) -> Preset:
        """The preset itself."""
        return load_preset(self.cleaned_data["preset"])


class NewDeskForm(forms.Form):
    """A new desk with its owner, for operators."""

    name = LineField(
        label=gettext_lazy("Name of the support provider"),
        max_length=120,
        help_text=gettext_lazy("Customers read it on every page and in every email."),
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    preset = forms.ChoiceField(label=gettext_lazy("Begin with"), widget=forms.RadioSelect, initial=BLANK)
    language = forms.ChoiceField(label=gettext_lazy("Language"), help_text=_NEEDED)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=_NEEDED,
        widget=forms.Select(attrs={"data-searchable": ""}),
    )
    owner_name = LineField(label=gettext_lazy("Owner's name"), max_length=120)
    owner_email = forms.EmailField(
        label=gettext_lazy("Owner's email"),
        max_length=254,
        help_text=gettext_lazy("The invitation goes there. Its link works for 14 days."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {
            BLANK: _("Nothing in it. The console leads the owner through the set-up, step by step."),
            **preset_words(),
        }
        self._choices("preset", [(BLANK, _("A blank desk")), *preset_choices()])
        self._choices("language", [_OF_PRESET, *Language.choices])
        self._choices("time_zone", [_OF_PRESET, *zone_choices()])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A blank desk has no preset to take language and zone from."""
        values = super().clean() or self.cleaned_data
        if values.get("preset") == BLANK:
            if values.get("language") == AS_PRESET:
                self.add_error("language", _("Choose a language: a blank desk cannot take it from a preset."))
            if values.get("time_zone") == AS_PRESET:
                self.add_error("time_zone", _("Choose a zone: a blank desk cannot take it from a preset."))
        return values

    def wanted(self) -> NewDesk:
        """What the service takes."""
        values = {**self.cleaned_data}
        preset = values.pop("preset")
        values |= {name: "" for name in ("language", "time_zone") if values[name] == AS_PRESET}
        return NewDesk(**values, preset=None if preset == BLANK else load_preset(preset))

    def refuse(self, error: ValidationError) -> None:
        """Say beside the right field what the service refused."""
        for field, words in error.message_dict.items():
            self.add_error(field if field in self.fields else None, words)
