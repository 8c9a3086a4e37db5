"""What notices by itself that something is wrong, and what it files: monitors, heartbeats, alerts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from maintenance.models.outages import OUTAGE_IMPACTS, Outage
from maintenance.models.work import Impact
from maintenance.querysets import AlertQuerySet, MonitorQuerySet
from tickets.lifecycle import Priority
from tickets.models import Service, Ticket


class Filing(TenantModel):
    """For whom something that watches files tickets; none where `requester`, a contact, is null."""

    requester = TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("files a ticket for"),
    )
    priority = models.CharField(
        _("priority of the ticket"), max_length=10, choices=Priority.choices, default=Priority.HIGH
    )

    requester_id: int | None

    class Meta:
        abstract = True


class Alarm(Filing):
    """What has one trouble at a time: `ticket` is that of the trouble that lasts."""

    ticket = TenantForeignKey(Ticket, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    ticket_id: int | None

    class Meta:
        abstract = True


class MonitorKind(models.TextChoices):
    HTTP = "http", _("HTTP")
    TCP = "tcp", _("TCP")
    HEARTBEAT = "heartbeat", _("Heartbeat")


class MonitorState(models.TextChoices):
    UNKNOWN = "unknown", _("Not checked yet")
    UP = "up", _("Up")
    DOWN = "down", _("Down")


class Monitor(Alarm):
    """A check of a service every so often, or a heartbeat that must come in every so often.

    `address` is a URL (HTTP), host:port (TCP) or nothing (heartbeat, whose secret is kept as a hash). So many
    `failures` in a row as `failures_to_open` open an outage; the first good answer ends it. A heartbeat fails
    once `interval_seconds` and `grace_seconds` have passed since the last. What was wrong last is a code with
    values, which `faults` says in words.
    """

    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="monitors")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=MonitorKind.choices)
    address = models.CharField(_("address"), max_length=500, blank=True)
    expected_status = models.PositiveSmallIntegerField(_("expected status"), null=True, blank=True)
    expected_text = models.CharField(_("expected text"), max_length=120, blank=True)
    interval_seconds = models.PositiveIntegerField(_("interval"), default=60)
    timeout_seconds = models.PositiveSmallIntegerField(_("timeout"), default=10)
    grace_seconds = models.PositiveIntegerField(_("grace"), default=300)
    failures_to_open = models.PositiveSmallIntegerField(_("failures in a row"), default=2)
    impact = models.CharField(_("impact"), max_length=10, choices=OUTAGE_IMPACTS, default=Impact.DOWN)
    state = models.CharField(max_length=8, choices=MonitorState.choices, default=MonitorState.UNKNOWN)
    is_paused = models.BooleanField(_("paused"), default=False)
    failures = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField(null=True, blank=True)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_good_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_values: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    last_milliseconds = models.PositiveIntegerField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    outage = TenantForeignKey(Outage, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    service_id: int
    outage_id: int | None
    objects: ClassVar = MonitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("monitor")
        verbose_name_plural = _("monitors")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(interval_seconds__gte=10, timeout_seconds__gte=1, failures_to_open__gte=1),
                name="monitor_asks_in_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "next_check_at"],
                name="monitor_due",
                condition=Q(next_check_at__isnull=False, is_paused=False, archived_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AlertSource(Filing):
    """Where alerts in the format of Prometheus Alertmanager come in; an alert's label names the service.

    Each outage that its alerts open has a ticket of its own, which hangs on the outage.
    """

    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12, help_text="The first characters of the token.")
    label = models.CharField(_("label that names the service"), max_length=80, default="service")
    service = TenantForeignKey(
        Service,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("service of alerts that name none"),
    )
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    service_id: int | None

    class Meta:
        verbose_name = _("alert source")
        verbose_name_plural = _("alert sources")
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Alert(TenantModel):
    """One alert of a source, known by its fingerprint and the instant at which it began to fire.

    One that fires without an outage is held: something explains it so far.
    """

    source = TenantForeignKey(AlertSource, on_delete=models.CASCADE, related_name="alerts")
    fingerprint = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outage = TenantForeignKey(Outage, on_delete=models.SET_NULL, related_name="alerts", null=True, blank=True)
    labels: models.JSONField[Any, Any] = models.JSONField(default=dict)

    source_id: int
    objects: ClassVar = AlertQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "fingerprint", "starts_at"], name="alert_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "source"],
                name="alert_held",
                condition=Q(outage__isnull=True, ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint
