"""What a plan covers and leaves out, line by line in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sla.amounts import write_amount
from sla.coverage_terms import CoverageTerms, exclusions_in
from sla.models import CoverageKind, SupportChannel, TargetUnit
from tickets.models import Category


def coverage_facts(terms: CoverageTerms) -> list[tuple[str, str]]:
    """Channels, coordinator and included work: what a line is about, and its words, "" for nothing."""
    return [
        (_("Channels"), channel_words(terms.channels)),
        (_("Named account coordinator"), _("Yes") if terms.has_coordinator else ""),
        (_("Included work"), included_words(terms.included_minutes)),
    ]


def coverage_by_kind(
    terms: CoverageTerms, categories: Sequence[Category]
) -> list[tuple[CoverageKind, list[Category]]]:
    """The categories that are covered, billable and not covered; kinds without any are left away."""
    kinds = [(kind, [one for one in categories if terms.of(one.pk) == kind]) for kind in CoverageKind]
    return [(kind, found) for kind, found in kinds if found]


def channel_words(channels: Sequence[str]) -> str:
    """The channels by name, in their order."""
    return ", ".join(str(SupportChannel(channel).label) for channel in channels)


def included_words(minutes: int | None) -> str:
    """ "8 h a month", "" for none."""
    return "" if minutes is None else _("%(hours)s h a month") % {"hours": hours_text(minutes)}


def hours_text(minutes: int) -> str:
    """Minutes as the form takes hours: "8", "1:30"."""
    return write_amount(minutes * 60, TargetUnit.ELAPSED_TIME)


def coverage_changes(
    tenant_id: int, before: CoverageTerms, after: CoverageTerms
) -> Iterable[tuple[str, str, str]]:
    """A line for each category that either names, and for channels, coordinator and included work."""
    named = Category.objects.filter(tenant_id=tenant_id, pk__in={*before.coverage, *after.coverage})
    for category in named:
        label = pgettext("of a category", "Coverage of %(category)s") % {"category": category.name}
        yield label, str(before.of(category.pk).label), str(after.of(category.pk).label)
    for (label, was), (_label, will) in zip(coverage_facts(before), coverage_facts(after), strict=True):
        yield label, was, will


def exclusion_words(lines: Iterable[Mapping[str, Any]]) -> str:
    """Exclusions one below the other, each with its title and its words."""
    return "\n".join(
        f"{line.title}: {line.text}" if line.title else line.text for line in exclusions_in(lines)
    )
