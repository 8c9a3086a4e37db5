"""Outages as one reader may read them: services that it may know of, texts without the names of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from accounts.models import Membership
from maintenance.discretion import discretion_towards
from maintenance.models import Outage, OutageService, OutageUpdate
from maintenance.querysets import OutageQuerySet
from tickets.models import Service


@dataclass(frozen=True)
class ShownOutage:
    """An outage with the services that the reader may know of."""

    row: Outage
    services: list[OutageService]
    now: datetime

    @property
    def seconds(self) -> float:
        """How long it lasted, or has lasted by now."""
        return ((self.row.ended_at or self.now) - self.row.started_at).total_seconds()

    @property
    def is_down(self) -> bool:
        """Something is, or was, down and not only degraded."""
        return any(hit.impact == "down" for hit in self.services)


def with_services(rows: OutageQuerySet, me: Membership) -> OutageQuerySet:
    """Each with `seen_services`: those that the person may know of."""
    hit = OutageService.objects.filter(service__in=Service.objects.visible_to(me))
    hit = hit.select_related("service").order_by("service__position", "service__name")
    return rows.prefetch_related(Prefetch("outage_services", hit, to_attr="seen_services"))


def shown(row: Outage, now: datetime) -> ShownOutage:
    """An outage that was read `with_services`."""
    return ShownOutage(row, row.seen_services, now)  # type: ignore[attr-defined]


def to_be_read(rows: Iterable[Outage], me: Membership) -> list[Outage]:
    """The rows with title, cause and updates as the person may read them; to be shown, never to be saved.

    Staff read them as they were typed. Updates are said anew where they were prefetched.
    """
    outages = list(rows)
    if me.is_staff_member:
        return outages
    say = discretion_towards(me, [text for outage in outages for text in _texts(outage)])
    for outage in outages:
        outage.title, outage.cause = say(outage.title), say(outage.cause)
        for update in _updates(outage):
            update.text = say(update.text)
    return outages


def _texts(outage: Outage) -> Iterator[str]:
    yield outage.title
    yield outage.cause
    for update in _updates(outage):
        yield update.text


def _updates(outage: Outage) -> Iterable[OutageUpdate]:
    has_them = "updates" in getattr(outage, "_prefetched_objects_cache", {})
    return outage.updates.all() if has_them else ()
