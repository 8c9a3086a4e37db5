"""Windows as entries of people's calendars: who may know of which services decides what stands in one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maintenance.models import Window
from notifications.services import Invitation
from tickets.models import Service


def invitation_of(
    window: Window, services: Iterable[str], *, stamped_at: datetime, is_cancelled: bool = False
) -> Invitation:
    """The window as an entry for the calendar of somebody who may know of these services."""
    paragraphs = [", ".join(services), window.summary.strip(), window.advice.strip()]
    return Invitation(
        uid=uid_of(window),
        sequence=window.sequence,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        stamped_at=stamped_at,
        summary=window.title,
        description="\n\n".join(filter(None, paragraphs)),
        is_cancelled=is_cancelled,
    )


def uid_of(window: Window) -> str:
    """The identity of the window in people's calendars, for good."""
    return f"{window.uid}@maintenance"


def services_for(window: Window) -> dict[int | None, list[str]]:
    """The names of the window's services by who may know of them: under None those that all share, and under
    a customer's id these and its own."""
    services = list(Service.objects.filter(window_services__window=window).order_by("position", "name"))
    owners = {service.customer_id for service in services} | {None}
    return {
        owner: [service.name for service in services if service.customer_id in (None, owner)]
        for owner in owners
    }


def all_services(services: dict[int | None, list[str]]) -> list[str]:
    """For staff."""
    return list(dict.fromkeys(name for names in services.values() for name in names))
