"""What tests of services at work set up, through the real services."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from maintenance.models import Outage
from maintenance.services.outages import open_outage
from tests.factories import MONDAY, Desk
from tickets.models import Service


def new_outage(
    desk: Desk, services: Mapping[Service, str], *, at: datetime = MONDAY, **changes: Any
) -> Outage:
    """An outage that `desk.agent` opens on Monday morning, unless said otherwise."""
    values: dict[str, Any] = {
        "tenant_id": desk.tenant.pk,
        "title": "The network is away",
        "services": services,
        "text": "We are looking into it.",
        "started_at": at,
        "by": desk.agent,
        "at": at,
    }
    return open_outage(**(values | changes))
