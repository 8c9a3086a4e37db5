"""The periods of an outage's services, when the outage's own is corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from maintenance.models import Outage, OutageService
from tickets.models import Service


def set_services(
    outage: Outage, services: Mapping[Service, str], before: tuple[datetime, datetime | None]
) -> None:
    """Bring the services' rows to the outage's period, as `change_outage` says; `before` is the old one."""
    rows = {row.service_id: row for row in outage.outage_services.all()}
    wanted = {service.pk: impact for service, impact in services.items()}
    OutageService.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in wanted]).delete()
    for service_id, impact in wanted.items():
        row = rows.get(service_id) or OutageService(
            tenant_id=outage.tenant_id,
            outage=outage,
            service_id=service_id,
            started_at=before[0],
            ended_at=before[1],
        )
        row.impact = impact
        is_own_start, is_own_end = row.started_at != before[0], row.ended_at != before[1]
        row.started_at = max(row.started_at, outage.started_at) if is_own_start else outage.started_at
        row.ended_at = _own_end(row.ended_at, outage) if is_own_end else outage.ended_at
        if row.ended_at is not None:
            row.started_at = min(row.started_at, row.ended_at)
        row.save()


def _own_end(ended_at: datetime | None, outage: Outage) -> datetime | None:
    """The end of a service that recovered before the others, moved into the outage's period."""
    if ended_at is None:
        return outage.ended_at
    ended_at = max(ended_at, outage.started_at)
    return ended_at if outage.ended_at is None else min(ended_at, outage.ended_at)
