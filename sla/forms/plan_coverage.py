"""The part of a plan's form about coverage: by category, channels, a coordinator, included work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from sla.amounts import BadAmount, read_amount, write_amount
from sla.coverage_terms import CoverageTerms
from sla.models import CoverageKind, SupportChannel, TargetUnit
from sla.services.plan_coverage import MOST_MINUTES
from tickets.models import Category

MINUTE = 60


class CoverageTermsForm(forms.Form):
    """What a version of a plan covers. Its categories are added by `offer_categories`."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        help_text=gettext_lazy("How customers of this plan reach support. None: nothing is said."),
        choices=SupportChannel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_coordinator = forms.BooleanField(
        label=gettext_lazy("Named account coordinator"),
        help_text=gettext_lazy("Who it is stands with each customer."),
        required=False,
    )
    included_hours = forms.CharField(
        label=gettext_lazy("Included hours of work a month"),
        help_text=gettext_lazy("As 8 or 1:30. Empty: none."),
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def offer_categories(self, membership: Membership, standing: CoverageTerms) -> None:
        """A choice for each category in use; of archived ones what stands goes on."""
        self.categories = list(Category.objects.visible_to(membership).in_use())
        ids = {category.pk for category in self.categories}
        self._others = {pk: kind for pk, kind in standing.coverage.items() if pk not in ids}
        for category in self.categories:
            self.fields[f"coverage_{category.pk}"] = forms.ChoiceField(
                label=category.name,
                choices=CoverageKind.choices,
                initial=CoverageKind.COVERED,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def coverage_rows(self) -> list[BoundField]:
        """The choices by category."""
        return [self[f"coverage_{category.pk}"] for category in self.categories]

    def clean_included_hours(self) -> int | None:
        """Minutes, None for nothing included."""
        text: str = self.cleaned_data["included_hours"].strip()
        if not text:
            return None
        try:
            minutes = read_amount(text, TargetUnit.ELAPSED_TIME) // MINUTE
        except BadAmount:
            words = _("“%(value)s” is not a number of hours. Examples: 4, 1.5, 1:30.")
            raise forms.ValidationError(words % {"value": text}) from None
        if not 1 <= minutes <= MOST_MINUTES:
            raise forms.ValidationError(_("Included hours are above zero, at most 1000 a month."))
        return minutes

    def coverage_values(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        kinds = {
            category.pk: cleaned[f"coverage_{category.pk}"] or CoverageKind.COVERED.value
            for category in self.categories
        }
        terms = CoverageTerms(
            self._others | {pk: kind for pk, kind in kinds.items() if kind != CoverageKind.COVERED},
            tuple(cleaned["channels"]),
            cleaned["has_coordinator"],
            cleaned["included_hours"],
        )
        return {"coverage": terms}

    def field_of_coverage(self, place: str) -> str | None:
        """The field that a refused rule of coverage belongs to."""
        kind, _dot, category = place.partition(".")
        name = {"channels": "channels", "included": "included_hours"}.get(kind, f"coverage_{category}")
        return name if name in self.fields else None


def initial_coverage(terms: CoverageTerms) -> dict[str, Any]:
    """What the form shows of these terms."""
    minutes = terms.included_minutes
    return {
        "channels": list(terms.channels),
        "has_coordinator": terms.has_coordinator,
        "included_hours": "" if minutes is None else write_amount(minutes * MINUTE, TargetUnit.ELAPSED_TIME),
        **{f"coverage_{pk}": kind for pk, kind in terms.coverage.items()},
    }
