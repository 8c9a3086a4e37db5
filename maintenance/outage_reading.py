"""Outages as one reader may read them: services that it may know of, texts without the names of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch

from accounts.models import Membership
from maintenance.discretion import discretion_towards
from maintenance.models import Impact, Outage, OutageService, OutageUpdate
from maintenance.querysets import OutageQuerySet
from tickets.models import Service

AS_LISTED = ("service__position", "service__name", "service_id", "started_at", "pk")


@dataclass(frozen=True)
class Hit:
    """How one service was hit, stretch by stretch, the oldest first."""

    service: Service
    stretches: list[OutageService]

    @property
    def last(self) -> OutageService:
        """The stretch that lasts, or the last that there was."""
        return self.stretches[-1]

    @property
    def worst(self) -> OutageService:
        """A stretch in which it was hit hardest."""
        return max(self.stretches, key=lambda row: row.impact == Impact.DOWN)


@dataclass(frozen=True)
class ShownOutage:
    """An outage with the services that the reader may know of; `services` are their stretches."""

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
        return any(
            hit.impact == Impact.DOWN for hit in self.services if self.row.ended_at or not hit.ended_at
        )

    @property
    def hits(self) -> list[Hit]:
        """The services in their order, each with its stretches."""
        rows = groupby(self.services, key=lambda row: row.service_id)
        return [Hit(stretches[0].service, stretches) for stretches in (list(same) for _id, same in rows)]


def with_services(rows: OutageQuerySet, me: Membership) -> OutageQuerySet:
    """Each with `seen_services`: those that the person may know of."""
    hit = OutageService.objects.filter(service__in=Service.objects.visible_to(me))
    hit = hit.select_related("service").order_by(*AS_LISTED)
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
