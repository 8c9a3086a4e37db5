"""What a version of a plan covers and leaves out: checked and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.text import slugify

from accounts.oneline import one_line
from sla.coverage_terms import CoverageTerms, in_order
from sla.models import Coverage, CoverageKind, PlanVersion, SupportChannel
from sla.services.coverage_errors import CoverageRefused, ExclusionRefused
from tickets.models import Category

MOST_MINUTES = 1000 * 60
MOST_EXCLUSIONS = 100
LONGEST_KEY, LONGEST_TITLE, LONGEST_TEXT = 40, 120, 1000


def checked_coverage(tenant_id: int, terms: CoverageTerms) -> CoverageTerms:
    """The terms in the one form in which they are written. Raises CoverageRefused."""
    known = set(
        Category.objects.filter(tenant_id=tenant_id, pk__in=terms.coverage).values_list("pk", flat=True)
    )
    for category, kind in terms.coverage.items():
        if category not in known:
            raise CoverageRefused("category", f"category.{category}")
        if kind not in CoverageKind.values:
            raise CoverageRefused("kind", f"category.{category}")
    if not set(terms.channels) <= set(SupportChannel.values):
        raise CoverageRefused("channel", "channels")
    if terms.included_minutes is not None and not 1 <= terms.included_minutes <= MOST_MINUTES:
        raise CoverageRefused("minutes", "included")
    differing = {pk: kind for pk, kind in terms.coverage.items() if kind != CoverageKind.COVERED}
    return replace(terms, coverage=differing, channels=in_order(terms.channels))


def checked_exclusions(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Exclusions as they are kept; a line without a key, or with another's, gets one from its
    words. Raises ExclusionRefused."""
    kept: list[dict[str, Any]] = []
    given = list(lines)
    keys = {str(line["key"]) for line in given if line.get("key")}
    for number, line in enumerate(given):
        title = one_line(str(line.get("title") or ""))
        text = str(line.get("text") or "").strip()
        if not text:
            raise ExclusionRefused("empty", number)
        if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
            raise ExclusionRefused("long", number)
        key = str(line.get("key") or "")
        if not key or any(key == other["key"] for other in kept):
            key = _new_key(title or text, keys)
        keys.add(key)
        kept.append({"key": key, "title": title, "text": text})
    if len(kept) > MOST_EXCLUSIONS:
        raise ExclusionRefused("many", MOST_EXCLUSIONS)
    return kept


def put_coverage(version: PlanVersion, terms: CoverageTerms) -> None:
    """Put the terms on a version that is not saved yet; its categories are rows of their own."""
    version.channels = list(terms.channels)
    version.has_coordinator = terms.has_coordinator
    version.included_minutes = terms.included_minutes


def write_coverage(version: PlanVersion, terms: CoverageTerms) -> None:
    """The rows of a saved version that say which categories it does not simply cover."""
    # One by one and not in bulk: each is a setting, and stands in the audit log.
    for category, kind in terms.coverage.items():
        Coverage.objects.create(
            tenant_id=version.tenant_id, plan_version=version, category_id=category, kind=kind
        )


def _new_key(words: str, taken: set[str]) -> str:
    """A key out of the words that no other line has."""
    stem = slugify(words)[:LONGEST_KEY].strip("-") or "exclusion"
    key, number = stem, 2
    while key in taken:
        ending = f"-{number}"
        key, number = stem[: LONGEST_KEY - len(ending)] + ending, number + 1
    return key
