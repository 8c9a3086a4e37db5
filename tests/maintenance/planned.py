"""Announced windows as rows, for tests of what they mean to clocks. Hours count from MONDAY."""

from datetime import datetime, timedelta
from typing import Any

from maintenance.models import Concern, Window, WindowCustomer, WindowService
from maintenance.pauses import follow_window
from tests.factories import MONDAY, Desk
from tickets.models import EventKind, Service, Ticket, TicketEvent


def h(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def announce(desk: Desk, service: Service, start: float, end: float, *, at: float = 0, **more: Any) -> Window:
    """A window on a service that was announced at an hour, as the tickets see it."""
    left_out = more.pop("left_out", None)
    values = {"status": "scheduled", "sequence": 1, "told_at": h(at), "kind": "database", "impact": "down"}
    window = Window.objects.create(
        tenant=desk.tenant, title="New disks", starts_at=h(start), ends_at=h(end), **(values | more)
    )
    WindowService.objects.create(tenant=desk.tenant, window=window, service=service)
    if left_out is not None:
        WindowCustomer.objects.create(
            tenant=desk.tenant, window=window, customer=left_out, concern=Concern.LEFT_OUT
        )
    follow_window(window=window, at=h(at))
    return window


def change(window: Window, *, at: float, **values: Any) -> int:
    """The window is another one from an hour on."""
    for name, value in values.items():
        setattr(window, name, h(value) if name in ("starts_at", "ends_at") else value)
    window.save()
    return follow_window(window=window, at=h(at))


def told(ticket: Ticket) -> list[tuple[str, ...]]:
    """What was written on a ticket about maintenance: "planned" with hours from and to, or "lifted"."""
    kinds = (EventKind.MAINTENANCE_PLANNED, EventKind.MAINTENANCE_LIFTED)
    events = TicketEvent.objects.filter(ticket=ticket, kind__in=kinds).order_by("at", "id")
    return [_said(event) for event in events]


def _said(event: TicketEvent) -> tuple[str, ...]:
    if event.kind == EventKind.MAINTENANCE_LIFTED:
        return ("lifted",)
    instants = (datetime.fromisoformat(event.data[name]) for name in ("starts_at", "ends_at"))
    return ("planned", *(f"{(at - MONDAY).total_seconds() / 3600:g}" for at in instants))
