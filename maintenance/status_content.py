"""What stands on a status page, as values: services with their days, windows, outages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from maintenance.status_days import Bar, Day, bars_of

STATES = ("up", "maintenance", "degraded", "down")
"""From good to bad."""
NEXT, LATER = 12, 60
"""How much of the coming maintenance a page shows in full, and in a line each."""


@dataclass(frozen=True)
class WindowShown:
    """A maintenance window as anybody may read it. `services` are names, `calendar_uid` is its UID there."""

    uid: str
    calendar_uid: str
    title: str
    summary: str
    advice: str
    kind: str
    impact: str
    status: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    told_at: datetime
    changed_at: datetime
    services: tuple[str, ...]
    overruns: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class UpdateShown:
    """What was told about an outage."""

    at: datetime
    stage: str
    label: str
    text: str


@dataclass(frozen=True)
class StretchShown:
    """How an outage hit a service, from when to when; `ended_at` None: it still does."""

    service: str
    impact: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class OutageShown:
    """An outage as anybody may read it, the newest update first.

    `services` are names with their state now ("up": it works again), of an outage that has ended as it was at
    worst. `stretches` say how it went; empty where all services were hit alike all the time.
    """

    pk: int
    title: str
    stage: str
    label: str
    cause: str
    started_at: datetime
    ended_at: datetime | None
    services: tuple[tuple[str, str], ...]
    updates: tuple[UpdateShown, ...]
    stretches: tuple[StretchShown, ...] = ()

    @property
    def impact(self) -> str:
        """The worst of it: down or degraded."""
        return worst(impact for _name, impact in self.services)


@dataclass(frozen=True)
class ServiceShown:
    """A service with its days; `percentage` is what it was not down, None where there is no record."""

    name: str
    description: str
    group: str
    state: str
    days: tuple[Day, ...]
    percentage: Decimal | None

    @property
    def bars(self) -> list[Bar]:
        return bars_of(self.days)

    @property
    def troubled(self) -> list[Day]:
        """The days worth a word, the newest first."""
        return [day for day in reversed(self.days) if day.level in ("down", "degraded")]


@dataclass(frozen=True)
class Content:
    """Everything on the page at `now`."""

    now: datetime
    services: tuple[ServiceShown, ...]
    outages: tuple[OutageShown, ...] = ()
    past_outages: tuple[OutageShown, ...] = ()
    running: tuple[WindowShown, ...] = ()
    coming: tuple[WindowShown, ...] = ()
    past: tuple[WindowShown, ...] = ()
    cancelled: tuple[WindowShown, ...] = ()

    @property
    def windows(self) -> tuple[WindowShown, ...]:
        """All maintenance, for programs: what was called off too, so that they hear of it."""
        return (*self.running, *self.coming, *self.cancelled, *self.past)

    @property
    def ahead(self) -> tuple[tuple[WindowShown, ...], tuple[WindowShown, ...]]:
        """What is coming: the next ones, and the later ones that a page says in a line each."""
        return self.coming[:NEXT], self.coming[NEXT : NEXT + LATER]

    @property
    def is_cut(self) -> bool:
        """More is coming than a page says; the feeds have it all."""
        return len(self.coming) > NEXT + LATER

    @property
    def state(self) -> str:
        """The worst state of any service."""
        return worst((service.state for service in self.services), "up")

    @property
    def troubled(self) -> list[ServiceShown]:
        """The services in that state, unless all work."""
        return [service for service in self.services if service.state == self.state != "up"]

    @property
    def groups(self) -> list[tuple[str, list[ServiceShown]]]:
        """Services by group, in their order."""
        found: dict[str, list[ServiceShown]] = defaultdict(list)
        for service in self.services:
            found[service.group].append(service)
        return list(found.items())


def worst(states: Iterable[str], instead: str = "degraded") -> str:
    """The worst of some states, `instead` where there is none."""
    return max(states, key=STATES.index, default=instead)
