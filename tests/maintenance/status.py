"""What tests of the status page set up."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from maintenance.models import StatusPage, Window, WindowService
from tests.factories import Desk, DeskClient
from tickets.models import Service

HOUR = timedelta(hours=1)


def public_page(desk: Desk, visibility: str = "public", **values: Any) -> StatusPage:
    return StatusPage.objects.create(tenant=desk.tenant, visibility=visibility, **values)


def public_service(desk: Desk, name: str = "ERP production", **values: Any) -> Service:
    return Service.objects.create(tenant=desk.tenant, name=name, is_public=True, **values)


def work_on(*services: Service, status: str = "scheduled", **values: Any) -> Window:
    """A window that was announced; from in three hours to in five, unless said otherwise."""
    now = timezone.now().replace(microsecond=0)
    given: dict[str, Any] = {
        "tenant_id": services[0].tenant_id,
        "title": "New disks",
        "kind": "server",
        "impact": "down",
        "status": status,
        "sequence": 1,
        "told_at": now - 100 * HOUR,
        "starts_at": now + 3 * HOUR,
        "ends_at": now + 5 * HOUR,
        **values,
    }
    window = Window.objects.create(**given)
    for service in services:
        WindowService.objects.create(tenant_id=service.tenant_id, window=window, service=service)
    return window


def running_work_on(*services: Service, **values: Any) -> Window:
    now = timezone.now()
    given = {"starts_at": now - HOUR, "started_at": now - HOUR, "ends_at": now + HOUR, **values}
    return work_on(*services, status="in_progress", **given)


def read(desk: Desk, path: str = "/status/", **headers: Any) -> str:
    """What nobody in particular reads there, written anew: in a test nothing is ever committed."""
    cache.clear()
    response = DeskClient(desk.tenant).get(path, **headers)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def ago(**parts: float) -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(**parts)
