"""Forms of the knowledge base. Ids are looked up among what the person may see: a forged one is an error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import get_language, gettext_lazy

from accounts.form_fields import PlaceField
from accounts.models import Language, Membership
from accounts.oneline import LineField
from knowledge.models import (
    BODY_LENGTH,
    KEYWORDS_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Audience,
    Section,
)
from knowledge.services import KnowledgeRuleBroken, Text

NOT_AMONG = gettext_lazy("This choice does not exist (any more). Choose one from the list.")


class PlainForm(forms.Form):
    """Labels get no colon; what a service refused is said beside its field, else on top."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):  # its subclass ModelChoiceField included
                field.error_messages["invalid_choice"] = NOT_AMONG

    def refuse(self, error: KnowledgeRuleBroken) -> None:
        """Say what the rule says where it belongs."""
        self.add_error(error.field if error.field in self.fields else None, error.words())


class TextForm(PlainForm):
    """An article's text in one language."""

    title = LineField(label=gettext_lazy("Title"), max_length=TITLE_LENGTH)
    summary = LineField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("One or two sentences, shown in lists: who needs this, and when."),
        max_length=SUMMARY_LENGTH,
        required=False,
    )
    guide_url = forms.URLField(
        label=gettext_lazy("Official guide"),
        help_text=gettext_lazy("The address of a guide by those who make the product, instead of a text."),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Markdown works: # headings, **bold**, lists with -, `code`, [words](https://…)."
        ),
        widget=forms.Textarea(attrs={"rows": 18}),
        max_length=BODY_LENGTH,
        required=False,
    )
    keywords = LineField(
        label=gettext_lazy("Also found by"),
        help_text=gettext_lazy("Words that people search for and that the text does not use."),
        max_length=KEYWORDS_LENGTH,
        required=False,
    )

    def text(self) -> Text:
        """What was written; only of a valid form."""
        names = ("title", "summary", "keywords", "guide_url", "body")
        return Text(**{name: self.cleaned_data[name] for name in names})


def _section_choice(membership: Membership) -> Any:
    return Section.objects.filter(tenant_id=membership.tenant_id, archived_at=None)


class PlaceForm(PlainForm):
    """Where an article stands and who may read it."""

    section = forms.ModelChoiceField(
        label=gettext_lazy("Section"),
        queryset=Section.objects.none(),
        empty_label=gettext_lazy("Choose a section"),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.CUSTOMERS,
    )
    position = PlaceField(label=gettext_lazy("Place in the section"))

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or ""
        field: Any = self.fields["section"]
        field.queryset = _section_choice(membership)
        field.label_from_instance = lambda section: section.name_in(language)


class NewArticleForm(PlaceForm, TextForm):
    """A new article: its place, its language, its text."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)

    field_order = (
        *("title", "summary", "section", "language", "position", "audience"),
        *("guide_url", "body", "keywords"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["position"].required = False
        self.fields["audience"].help_text = gettext_lazy("Nobody but staff sees it before it is published.")

    def place(self) -> dict[str, Any]:
        """Where it stands, who reads it and its language; only of a valid form."""
        names = ("section", "audience", "language")
        return {name: self.cleaned_data[name] for name in names} | {
            "position": self.cleaned_data["position"] or 0
        }


class TranslationForm(TextForm):
    """An article in another language; `languages` are those that it does not exist in."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)

    field_order = ("language", "title", "summary", "guide_url", "body", "keywords")

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]


class SectionForm(PlainForm):
    """A section: its name and description in each language, and its place."""

    position = PlaceField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, own_name in Language.choices:
            self.fields[f"name_{code}"] = LineField(
                label=gettext_lazy("Name"), max_length=80, required=False, help_text=own_name
            )
            self.fields[f"description_{code}"] = LineField(
                label=gettext_lazy("Description"), max_length=250, required=False, help_text=own_name
            )

    def texts(self, kind: str) -> dict[str, str]:
        """The "name" or "description" by language; only of a valid form."""
        return {code: self.cleaned_data[f"{kind}_{code}"] for code in Language.values}


class FeedbackForm(PlainForm):
    """Whether an article helped."""

    helped = forms.ChoiceField(choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))))
    language = forms.ChoiceField(choices=Language.choices)
    comment = forms.CharField(
        label=gettext_lazy("What was missing?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SearchFilter(PlainForm):
    """What the list of articles shows, read from the address."""

    q = forms.CharField(required=False, max_length=150)
    state = forms.ChoiceField(required=False)
    section = forms.ModelChoiceField(required=False, queryset=Section.objects.none())
    language = forms.ChoiceField(required=False, choices=[("", ""), *Language.choices])
