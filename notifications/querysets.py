"""The named sets of notifications and outbox messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Membership
    from notifications.models import Notification, OutboxMessage


# Neither sent nor given up nor cancelled.
WAITING = models.Q(sent_at__isnull=True, failed_at__isnull=True, cancelled_at__isnull=True)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications."""

    def visible_to(self, membership: Membership) -> Self:
        """A person's own, which nobody else reads: not even who sees the portal as they do."""
        if membership.seen_by is not None:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id, recipient=membership)

    def unread(self) -> Self:
        """Not read yet."""
        return self.filter(read_at__isnull=True)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Outbox messages."""

    def visible_to(self, membership: Membership) -> Self:
        """Admins see the desk's outbox, nobody else any of it."""
        if not membership.is_admin:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)

    def in_state(self, state: str) -> Self:
        """Those that wait, were sent, failed for good or were cancelled; all for any other word."""
        states = {
            "waiting": WAITING,
            "sent": models.Q(sent_at__isnull=False),
            "failed": models.Q(failed_at__isnull=False),
            "cancelled": models.Q(cancelled_at__isnull=False),
        }
        return self.filter(states.get(state, models.Q()))

    def waiting(self) -> Self:
        """Still to leave, now or later."""
        return self.filter(WAITING)
