"""A desk with a full status page: services in groups, outages over three months, windows past and coming."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import services as accounts
from accounts.tenancy import tenant_scope
from maintenance.models import (
    Outage,
    OutageService,
    OutageUpdate,
    StatusPage,
    Window,
    WindowService,
)
from tickets.models import Service, ServiceGroup

TEXT = "A disk of the database server failed. The spare one has taken over and copies what it missed."


def seed(services: int, *, now: datetime) -> None:
    """Fill the desk "bench"."""
    tenant = accounts.create_tenant(
        slug="bench",
        name="Bench Support",
        ticket_prefix="BENCH",
        language="en",
        time_zone="America/New_York",
        at=now - timedelta(days=400),
    )
    with tenant_scope(tenant.pk):
        StatusPage.objects.create(tenant=tenant, visibility="public", about="How our services do.")
        groups = [
            ServiceGroup.objects.create(tenant=tenant, name=name, position=place)
            for place, name in enumerate(("Applications", "Network", "Data"))
        ]
        for number in range(services):
            service = Service.objects.create(
                tenant=tenant, group=groups[number % 3], name=f"Service {number + 1}", is_public=True
            )
            _outages(service, number, now)
            _windows(service, number, now)


def _outages(service: Service, number: int, now: datetime) -> None:
    for turn in range(3):
        started = now - timedelta(days=29 * turn + number % 25, hours=5)
        ended = started + timedelta(minutes=17 + number)
        outage = Outage.objects.create(
            tenant_id=service.tenant_id,
            title=f"{service.name} does not answer",
            stage="resolved",
            started_at=started,
            ended_at=ended,
            cause="A disk failed.",
        )
        OutageService.objects.create(
            tenant_id=service.tenant_id,
            outage=outage,
            service=service,
            impact="down" if turn else "degraded",
            started_at=started,
            ended_at=ended,
        )
        for stage in ("investigating", "identified", "resolved"):
            OutageUpdate.objects.create(
                tenant_id=service.tenant_id, outage=outage, at=started, stage=stage, text=TEXT
            )


def _windows(service: Service, number: int, now: datetime) -> None:
    for days in (-40, -10, 3, 33):
        starts = now + timedelta(days=days, hours=number)
        is_past = days < 0
        window = Window.objects.create(
            tenant_id=service.tenant_id,
            title=f"New version of {service.name}",
            kind="update",
            impact="down",
            summary=TEXT,
            status="completed" if is_past else "scheduled",
            sequence=1,
            told_at=starts - timedelta(days=4),
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            started_at=starts if is_past else None,
            ended_at=starts + timedelta(hours=1) if is_past else None,
        )
        WindowService.objects.create(tenant_id=service.tenant_id, window=window, service=service)
