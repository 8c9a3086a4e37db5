"""In-app notifications, the outbox, and the heartbeats of the sweeps."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from notifications.addresses import LONGEST_URL
from notifications.querysets import WAITING, NotificationQuerySet, OutboxQuerySet


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


class Way(models.TextChoices):
    EMAIL = "email", _("Email")
    WEBHOOK = "webhook", _("Webhook")


class OutboxMessage(TenantModel):
    """What is to leave the house: an email to a person or a bare address, or the call of a webhook.

    A mail with a `template` is written when it leaves, from `data`; any other was written when it was decided
    on. Of a webhook, `to` is the address and `data` the very text that is sent and signed. It ends sent,
    failed or cancelled; a cancelled one leaves its `key` free.
    """

    recipient = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="outbox_messages", null=True, blank=True
    )
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.EMAIL)
    to = models.CharField(max_length=LONGEST_URL)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    language = models.CharField(max_length=5, blank=True)
    template = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=250, blank=True, help_text="Where the link leads, inside the desk.")
    unsubscribe = models.CharField(
        max_length=250,
        blank=True,
        default="",
        db_default="",
        help_text="Path inside the desk that ends such mails by a POST without a log-in.",
    )
    data = models.TextField(blank=True, help_text="JSON: the template's values, or what a webhook carries.")
    calendar = models.TextField(blank=True, help_text="JSON: the calendar entry that goes with a mail.")
    subject = models.CharField(max_length=250, blank=True)
    body_text = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    is_secret = models.BooleanField(
        default=False, help_text="Holds a link that only its reader may see: never shown, wiped once sent."
    )
    message_id = models.CharField(
        max_length=120, help_text="RFC 5322 Message-ID or id of the event, the same at every attempt."
    )
    created_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(null=True, blank=True, help_text="Held until then: quiet hours.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=250, blank=True, help_text="A gettext message id.")
    response_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    recipient_id: int | None
    objects: ClassVar = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "to", "key"], name="outbox_once", condition=Q(cancelled_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(sent_at__isnull=True, failed_at__isnull=True),
                name="outbox_cancelled_was_not_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], name="outbox_waiting", condition=WAITING),
            models.Index(fields=["tenant", "key"], name="outbox_waiting_keys", condition=WAITING),
            models.Index(fields=["tenant", "-created_at", "-id"], name="outbox_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    @property
    def state(self) -> str:
        """What has become of it: waiting, sent, failed or cancelled."""
        if self.sent_at is not None:
            return "sent"
        if self.cancelled_at is not None:
            return "cancelled"
        return "failed" if self.failed_at is not None else "waiting"

    @property
    def is_webhook(self) -> bool:
        return self.way == Way.WEBHOOK

    @property
    def is_unwritten(self) -> bool:
        """A mail that is written when it leaves, and has not left."""
        return bool(self.template) and self.sent_at is None

    def is_held(self, now: datetime) -> bool:
        """Waiting for an instant, not for the next sweep."""
        return self.state == "waiting" and self.send_after is not None and self.send_after > now


class WebhookSecret(TenantModel):
    """What a desk's webhooks are signed with; the receivers know it too, so it is kept as it is.

    Until `former_until` calls carry the signature of the secret before it as well.
    """

    secret = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    former_secret = models.CharField(max_length=80, blank=True, default="", db_default="")
    former_until = models.DateTimeField(null=True, blank=True)

    made_by_id: int | None

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="webhook_secret_once")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

    def has_former(self, now: datetime) -> bool:
        """The secret before it still signs too."""
        return bool(self.former_secret) and self.former_until is not None and now < self.former_until


class Heartbeat(models.Model):
    """When a sweep last came to its end; belongs to the installation, not to a tenant."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
