"""Which agreements an edit moves open clocks from, and to which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q

from sla.line import Int64s
from sla.models import Agreement, CalendarVersion, Clock, ContractVersion, PlanVersion
from sla.moves import Heir
from sla.open_clocks import Rows
from sla.services.agreements import Made, following
from sla.terms import terms_of
from sla.zones import to_microseconds

Shape = tuple[Any, ...]


@dataclass
class Succession:
    """Agreements before an edit, each with the terms that its open clocks are moved to."""

    before: Int64s
    """The ids of the agreements, in order."""
    which: Int64s
    """For each of them the place of its heir."""
    heirs: list[Heir]

    def of(self, rows: Rows) -> Int64s:
        """The place of each row's heir; its agreement must be one of those."""
        return self.which[np.searchsorted(self.before, rows["agreement"])]

    def holds(self, rows: Rows) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows are under one of the agreements."""
        return np.isin(rows["agreement"], self.before)

    @property
    def keeps_targets(self) -> bool:
        """Whether hours alone change."""
        return all(heir.keeps_targets for heir in self.heirs)

    @property
    def keeps_pausing(self) -> bool:
        """Whether planned maintenance is left out of everybody's time as it was before."""
        return all(heir.keeps_pausing for heir in self.heirs)

    def copy(self) -> Succession:
        """The same for another thread."""
        heirs = [replace(heir) for heir in self.heirs]
        return Succession(self.before, self.which, heirs)


def pairs_of(
    contract_id: int | None, made: Made, *, since: datetime | None, at: datetime
) -> list[tuple[Agreement, Agreement]]:
    """Each agreement with open clocks that an edit concerns, and the one that follows it (not saved).

    `contract_id` is the contract that was edited, None for another edit.
    """
    if isinstance(made, ContractVersion):
        return []  # what was promised is kept
    open_clocks = Clock.objects.not_ended().filter(agreement=OuterRef("pk"))
    found = Agreement.objects.with_terms().filter(_concerned(contract_id, made), Exists(open_clocks))
    pairs = [(before, following(before, made, since=since, at=at)) for before in found.order_by("pk")]
    return [(before, after) for before, after in pairs if after is not None]


def _concerned(contract_id: int | None, made: Made) -> Q:
    if isinstance(made, CalendarVersion):
        line = Q(calendar_version__calendar=made.calendar_id)
        return line & Q(calendar_version__number__lt=made.number)
    if isinstance(made, PlanVersion):
        return Q(plan_version__plan=made.plan_id, plan_version__number__lt=made.number)
    return Q(contract=contract_id)


def succession_of(pairs: list[tuple[Agreement, Agreement]], since: datetime | None) -> Succession:
    """The terms of those pairs, read once for all agreements that say the same under other contracts."""
    links = {link["pk"]: link for link in Agreement.objects.values(*_LINK)} if pairs else {}
    heirs: list[Heir] = []
    places: dict[Shape, int] = {}
    which = np.empty(len(pairs), np.int64)
    for i, (before, after) in enumerate(pairs):
        shape = _shape(before.pk, links), after.plan_version_id, after.calendar_version_id
        if shape not in places:
            places[shape] = len(heirs)
            was = terms_of(before)
            targets = was.changes[-1][1] if was.changes else was.targets
            instant = None if since is None else to_microseconds(since)
            terms = terms_of(after)
            heirs.append(Heir(terms, instant, targets, keeps_pausing=terms.pausing == was.pausing))
        which[i] = places[shape]
    return Succession(np.array([before.pk for before, _after in pairs], np.int64), which, heirs)


_LINK = ("pk", "plan_version_id", "calendar_version_id", "previous_id", "since")


def _shape(agreement_id: int, links: dict[int, dict[str, Any]]) -> Shape:
    """What an agreement says through all its links, without who has it."""
    said = []
    at: int | None = agreement_id
    while at is not None:
        link = links[at]
        said.append((link["plan_version_id"], link["calendar_version_id"], link["since"]))
        at = link["previous_id"]
    return tuple(said)
