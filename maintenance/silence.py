"""When maintenance explains what monitors and alerts find, so that nobody need be told."""

from __future__ import annotations

from datetime import datetime

from maintenance.lifecycle import Status
from maintenance.models import Impact, WindowService

# What a window has to be announced as, to explain that a service is in that state.
_EXPLAINING = {Impact.DEGRADED: (Impact.DEGRADED, Impact.DOWN), Impact.DOWN: (Impact.DOWN,)}


def is_explained(*, service_id: int, impact: str, at: datetime) -> bool:
    """A window is being worked on that was announced to hit the service at least so hard, and until later.

    Work that was to degrade a service does not explain that it is away, and no work explains anything after
    its announced end.
    """
    explaining = WindowService.objects.filter(
        service=service_id,
        window__status=Status.IN_PROGRESS,
        window__impact__in=_EXPLAINING[Impact(impact)],
        window__ends_at__gt=at,
    )
    return explaining.exists()
