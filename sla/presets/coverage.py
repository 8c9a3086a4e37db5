"""What a preset says in its plans about coverage: by the names of its categories, and by channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sla.coverage_terms import CoverageTerms
from sla.models import CoverageKind, SupportChannel
from sla.presets.table import Table
from sla.services.plan_coverage import MOST_MINUTES

_HOUR = 60


@dataclass(frozen=True)
class PresetCoverage:
    """What a plan covers; `kinds` by the names of categories, which have no ids yet."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    has_coordinator: bool = False
    included_minutes: int | None = None

    def terms(self, categories: Mapping[str, int]) -> CoverageTerms:
        """The same by the ids of the categories, once they are there."""
        kinds = {categories[name]: kind for name, kind in self.kinds.items()}
        return CoverageTerms(kinds, self.channels, self.has_coordinator, self.included_minutes)


def coverage_in(plan: Table, categories: Sequence[str]) -> PresetCoverage:
    """The table `coverage` of a plan, which names every category once; without it all are covered.

    Raises PresetError.
    """
    if not plan.has("coverage"):
        return PresetCoverage()
    table = plan.table("coverage")
    channels = table.texts("channels", SupportChannel.values) if table.has("channels") else []
    said = PresetCoverage(
        _kinds(table, list(categories)), tuple(channels), table.flag("coordinator"), _minutes(table)
    )
    table.refuse_rest()
    return said


def _kinds(table: Table, categories: list[str]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind in CoverageKind:
        if not table.has(kind):
            continue
        for name in table.texts(kind, categories):
            if name in kinds:
                raise table.error(kind, f"“{name}” is named twice")
            kinds[name] = kind.value
    for name in categories:
        if name not in kinds:
            raise table.error("", f"“{name}” is not named")
    return kinds


def _minutes(table: Table) -> int | None:
    if not table.has("included_hours"):
        return None
    minutes = table.count("included_hours") * _HOUR
    if minutes > MOST_MINUTES:
        raise table.error("included_hours", f"has to be {MOST_MINUTES // _HOUR} at most")
    return minutes
