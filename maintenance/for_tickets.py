"""What is going on with the services that a ticket is about: running windows and outages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import Customer
from maintenance.discretion import discretion_towards_customers
from maintenance.lifecycle import Status
from maintenance.models import Outage, Window


@dataclass(frozen=True)
class Happening:
    """A running window or outage. `until` is the planned end of a window that has not overrun, else None."""

    kind: str
    pk: int
    title: str
    since: datetime
    until: datetime | None = None

    @property
    def key(self) -> str:
        """What a form carries to say that its reader has seen this."""
        return f"{self.kind}-{self.pk}"

    @property
    def is_window(self) -> bool:
        """Work that was planned, as against an outage."""
        return self.kind == "window"


def happening_on(
    service_ids: Collection[int], now: datetime, *, customer_id: int | None = None
) -> list[Happening]:
    """Windows in progress, then outages that last, on any of these services; two queries where nothing does.

    With `customer_id` only what concerns that customer, which may have been left out of a window by hand, in
    words without the names of others.
    """
    if not service_ids:
        return []
    windows = Window.objects.filter(status=Status.IN_PROGRESS, window_services__service__in=service_ids)
    if customer_id is not None:
        windows = windows.concerning(customer_id)
    outages = Outage.objects.running().filter(
        outage_services__service__in=service_ids, outage_services__ended_at=None
    )
    found = [
        *(_of_window(window, now) for window in windows.distinct()),
        *(_of_outage(outage) for outage in outages.distinct()),
    ]
    return found if customer_id is None else _said_to(customer_id, found)


def _said_to(customer_id: int, found: list[Happening]) -> list[Happening]:
    if not found:
        return found
    tenant_id = Customer.objects.values_list("tenant_id", flat=True).get(pk=customer_id)
    towards = discretion_towards_customers(tenant_id, [happening.title for happening in found])
    say = towards(customer_id)
    return [replace(happening, title=say(happening.title)) for happening in found]


def _of_window(window: Window, now: datetime) -> Happening:
    until = None if window.overruns(now) else window.ends_at
    since = window.started_at or window.starts_at
    return Happening("window", window.pk, window.title, since, until)


def _of_outage(outage: Outage) -> Happening:
    return Happening("outage", outage.pk, outage.title, outage.started_at)
