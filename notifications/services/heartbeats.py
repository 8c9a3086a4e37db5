"""The heartbeats of the sweeps."""

from datetime import datetime

from notifications.models import Heartbeat


def beat(name: str, at: datetime) -> None:
    """Note that a sweep has come to its end; `/readyz` looks at the age."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
