"""What a correction of an outage changed: noted as values, and said in words.

The record of an outage is its title, cause, from, to, and services with their impact; instants are kept in
ISO 8601, services by their id with the name that they had; a further stretch of one by "id.2", "id.3".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.humantime import exact_moment
from accounts.models import Membership
from maintenance.models import OUTAGE_IMPACTS, Outage, OutageCorrection, OutageService

Record = dict[str, Any]
LABELS = {
    "title": gettext_lazy("Title"),
    "cause": gettext_lazy("Cause"),
    "started_at": gettext_lazy("From"),
    "ended_at": gettext_lazy("To"),
}


@dataclass(frozen=True)
class Change:
    """One value that was corrected, in words."""

    label: str
    before: str
    after: str


def record_of(outage: Outage) -> Record:
    """What is recorded of an outage now."""
    hits = outage.outage_services.select_related("service").order_by("service_id", "started_at", "pk")
    times: Counter[int] = Counter()
    return {
        "title": outage.title,
        "cause": outage.cause,
        "started_at": _iso(outage.started_at),
        "ended_at": _iso(outage.ended_at),
        "services": {
            _key(hit, times): {
                "name": hit.service.name,
                "impact": hit.impact,
                "started_at": _iso(hit.started_at),
                "ended_at": _iso(hit.ended_at),
            }
            for hit in hits
        },
    }


def _key(hit: OutageService, times: Counter[int]) -> str:
    times[hit.service_id] += 1
    nth = times[hit.service_id]
    return str(hit.service_id) if nth == 1 else f"{hit.service_id}.{nth}"


def note_correction(outage: Outage, before: Record, *, by: Membership, at: datetime) -> None:
    """Write down what differs from `before`; nothing where nothing does."""
    after = record_of(outage)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        OutageCorrection.objects.create(
            tenant_id=outage.tenant_id,
            outage=outage,
            at=at,
            author=by,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def changes_of(correction: OutageCorrection) -> list[Change]:
    """What was corrected, in the reader's language and zone."""
    before, after = correction.before, correction.after
    said = [
        Change(str(label), _words(name, before[name]), _words(name, after[name]))
        for name, label in LABELS.items()
        if name in after
    ]
    return [*said, *_services(before.get("services", {}), after.get("services", {}))]


def _services(before: Record, after: Record) -> Iterator[Change]:
    for key, known in (before | after).items():
        if before.get(key) != after.get(key):
            yield Change(known["name"], _hit(before.get(key)), _hit(after.get(key)))


def _hit(hit: Record | None) -> str:
    if hit is None:
        return _("Not affected")
    values = {
        "impact": dict(OUTAGE_IMPACTS).get(hit["impact"], hit["impact"]),
        "start": _words("started_at", hit["started_at"]),
        "end": _words("ended_at", hit["ended_at"]),
    }
    words = _("%(impact)s, %(start)s to %(end)s") if hit["ended_at"] else _("%(impact)s since %(start)s")
    return words % values


def _words(name: str, value: str | None) -> str:
    if not value:
        return _("nothing")
    return exact_moment(datetime.fromisoformat(value)) if name.endswith("_at") else value


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
