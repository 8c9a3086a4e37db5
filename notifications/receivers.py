"""What accounts asks to be told: invitations."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import Membership
from accounts.signals import person_invited
from notifications.services import queue_email


@receiver(person_invited)
def send_invitation(
    sender: Any, *, membership: Membership, link_path: str, at: datetime, **kwargs: Any
) -> None:
    """The letter with the link; its body is a secret of the person invited."""
    queue_email(
        recipient=membership,
        kind="invitation",
        key=f"invitation:{membership.pk}:{at.isoformat()}",
        template="accounts/email/invitation",
        path=link_path,
        at=at,
        is_secret=True,
    )
