"""What tickets are told of: how customers stand, since it decides what can be filed."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import Standing
from accounts.signals import standing_told
from tickets.standing_notices import tell


@receiver(standing_told)
def tell_of_standing(sender: Any, *, standing: Standing, act: str, at: datetime, **kwargs: Any) -> None:
    """Those whom it concerns, in the transaction of the change."""
    tell(standing, act, at=at)
