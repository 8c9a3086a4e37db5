"""In-app notifications, the outbox, and the heartbeats of the sweeps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from notifications.querysets import NotificationQuerySet, OutboxQuerySet


class Notification(TenantModel):
    """One line under a person's bell; `key` makes it unique for that person."""

    recipient = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=250)
    body = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=250, help_text="Path inside the desk, without the tenant's prefix.")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "recipient", "key"], name="notification_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient"], name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class OutboxMessage(TenantModel):
    """An email as it will leave: rendered when it was decided on, in the recipient's language."""

    recipient = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="outbox_messages", null=True, blank=True
    )
    to = models.EmailField(max_length=254)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=250)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    is_secret = models.BooleanField(
        default=False, help_text="Holds a link that only its reader may see: never shown, wiped once sent."
    )
    message_id = models.CharField(max_length=120, help_text="RFC 5322 Message-ID, the same at every attempt.")
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects: ClassVar = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "to", "key"], name="outbox_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                name="outbox_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(fields=["tenant", "-created_at", "-id"], name="outbox_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    @property
    def state(self) -> str:
        """What has become of it: waiting, sent or failed."""
        if self.sent_at is not None:
            return "sent"
        return "failed" if self.failed_at is not None else "waiting"


class Heartbeat(models.Model):
    """When a sweep last came to its end; belongs to the installation, not to a tenant."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
