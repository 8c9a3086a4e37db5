"""What the API takes about coverage and exclusions in a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Line
from accounts.models import Membership
from sla.coverage_terms import CoverageTerms
from sla.models import CoverageKind, SupportChannel
from sla.services.plan_coverage import LONGEST_KEY, LONGEST_TEXT, LONGEST_TITLE, MOST_MINUTES
from tickets.api.inputs import AmongField
from tickets.models import Category

MOST_CATEGORIES = 500


def _categories(membership: Membership) -> Any:
    return Category.objects.visible_to(membership)


class CategoryCoverageInput(Input):
    """Whether support for a category is part of the plan."""

    category = AmongField(_categories, queryset=Category.objects.none(), help_text=_("The id of a category."))
    coverage = serializers.ChoiceField(choices=CoverageKind.choices)


class CoverageTermsInput(Input):
    """What the plan covers next. What is left out stays as it is."""

    categories = CategoryCoverageInput(  # type: ignore[call-arg]
        many=True,
        required=False,
        max_length=MOST_CATEGORIES,
        help_text=_("All that are billable or not covered; every other category is covered."),
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=SupportChannel.choices),
        required=False,
        max_length=len(SupportChannel),
        help_text=_("How customers reach support; none: nothing is said."),
    )
    has_coordinator = serializers.BooleanField(
        required=False, help_text=_("Customers have a named account coordinator.")
    )
    included_minutes = serializers.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        allow_null=True,
        help_text=_("Work that is included a month, in minutes; null: none is said."),
    )

    def validate_categories(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One line for each."""
        if len({line["category"].pk for line in lines}) < len(lines):
            raise serializers.ValidationError(_("One line for each category."), code="twice")
        return lines


class ExclusionInput(Input):
    """Something that support does not include; its key stays as it is when the words change."""

    key = Line(max_length=LONGEST_KEY, required=False)
    title = Line(
        max_length=LONGEST_TITLE, required=False, allow_blank=True, help_text=_("In short; may be empty.")
    )
    text = serializers.CharField(max_length=LONGEST_TEXT, help_text=_("The words that customers are shown."))


def coverage_after(standing: CoverageTerms, given: Mapping[str, Any]) -> CoverageTerms:
    """The terms that stand with what was sent put into them."""
    values = {name: value for name, value in given.items() if name != "categories"}
    if "categories" in given:
        values["coverage"] = {line["category"].pk: line["coverage"] for line in given["categories"]}
    if "channels" in values:
        values["channels"] = tuple(values["channels"])
    return replace(standing, **values)


def exclusions_after(
    standing: Sequence[Mapping[str, Any]], given: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What was sent; a line that stands already and came without its key or title keeps them."""
    by_key = {line.get("key"): line for line in standing}
    by_text = {line.get("text"): line for line in standing}
    lines = []
    for line in given:
        before = by_key.get(line.get("key")) or by_text.get(line["text"]) or {}
        lines.append(
            {
                "key": line.get("key") or before.get("key", ""),
                "title": line.get("title", before.get("title", "")),
                "text": line["text"],
            }
        )
    return lines
