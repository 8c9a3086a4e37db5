"""What plans cover: by category, through which channels, and what they leave out, each with its words.

It is part of a plan's version, so what was sold on a day stays readable for whoever asks about that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sla.contract_days import versions_in_force
from sla.models import Coverage, CoverageKind, PlanVersion, SupportChannel


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something that a plan leaves out: `key` names it for good, `title` in short, `text` is what customers
    are shown. Old ones have no title."""

    key: str
    title: str
    text: str

    @property
    def heading(self) -> str:
        """What a list shows of it."""
        return self.title or self.text


@dataclass(frozen=True, slots=True)
class CoverageTerms:
    """What a plan's version covers.

    `coverage` maps the ids of categories that are billable or not covered; all others are covered. No
    `channels`: nothing is said about them. `included_minutes` of work a month, None: none is said.
    """

    coverage: Mapping[int, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    has_coordinator: bool = False
    included_minutes: int | None = None

    def __post_init__(self) -> None:
        """Kept as JSON, the ids come back as text."""
        kinds = {int(category): str(kind) for category, kind in self.coverage.items()}
        object.__setattr__(self, "coverage", kinds)

    def of(self, category_id: int) -> CoverageKind:
        """Whether a category is covered, billable or not covered."""
        return CoverageKind(self.coverage.get(category_id, CoverageKind.COVERED))


def coverage_of(customer_id: int, category_id: int, at: datetime) -> str:
    """What a customer's contract of that instant's day says about a category, by the plan version then in
    force: "covered", "billable" or "not_covered"; "" without a contract.

    Within the customer's desk (`tenant_scope`); at most four queries.
    """
    version = plan_version_of(customer_id, at)
    return "" if version is None else coverage_under(version, category_id).value


def coverage_under(version: PlanVersion, category_id: int) -> CoverageKind:
    """What a plan's version says about a category; one query for a version, once in a process."""
    return CoverageKind(_kinds_of(version.tenant_id, version.pk).get(category_id, CoverageKind.COVERED))


@lru_cache(maxsize=512)
def _kinds_of(tenant_id: int, version_id: int) -> Mapping[int, str]:
    """What a version says never changes, so what was read is kept (per process)."""
    rows = Coverage.objects.filter(tenant_id=tenant_id, plan_version_id=version_id)
    return dict(rows.values_list("category_id", "kind"))


def coverage_terms_of(customer_id: int, at: datetime) -> CoverageTerms | None:
    """All that the customer's plan then covers; None without a contract. Four queries."""
    version = plan_version_of(customer_id, at)
    return None if version is None else coverage_said_by(version)


def exclusions_of(customer_id: int, at: datetime) -> list[Exclusion]:
    """What the customer's plan then leaves out, in its order; none without a contract. Three queries."""
    version = plan_version_of(customer_id, at)
    return [] if version is None else exclusions_said_by(version)


def plan_version_of(customer_id: int, at: datetime) -> PlanVersion | None:
    """The plan's version that holds for a customer at that instant, with its plan and calendar."""
    found = versions_in_force([customer_id], at).get(customer_id)
    if found is None:
        return None
    return PlanVersion.objects.select_related("plan", "calendar").get(pk=found)


def coverage_said_by(version: PlanVersion) -> CoverageTerms:
    """What a plan's version covers; one query, unless its `coverage` is there."""
    return CoverageTerms(
        {row.category_id: row.kind for row in version.coverage.all()},
        in_order(version.channels),
        version.has_coordinator,
        version.included_minutes,
    )


def exclusions_said_by(version: PlanVersion) -> list[Exclusion]:
    """What a plan's version leaves out, in its order."""
    return exclusions_in(version.exclusions)


def exclusions_in(lines: Iterable[Mapping[str, Any]]) -> list[Exclusion]:
    """Exclusions as they are kept, as values."""
    return [
        Exclusion(str(line.get("key", "")), str(line.get("title", "")), str(line.get("text", "")))
        for line in lines
    ]


def in_order(channels: Iterable[str]) -> tuple[str, ...]:
    """Channels in the order in which they are always named."""
    given = set(channels)
    return tuple(channel.value for channel in SupportChannel if channel in given)
