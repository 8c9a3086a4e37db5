"""Backups: what is to be kept how often, what was, and restores (policy clauses S9, B3, B4)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from maintenance.models.watching import Alarm
from maintenance.querysets import BackupJobQuerySet
from sla.models import BackupPart
from tickets.models import Service, Ticket


class BackupState(models.TextChoices):
    WAITING = "waiting", _("No run yet")
    GOOD = "good", _("Good")
    LATE = "late", _("Late")
    FAILED = "failed", _("Failed")


class BackupJob(Alarm):
    """What of one customer is backed up. `every_hours` and `verify_every_days` null: as its plan says.

    `next_due_at` is when the next good run must have ended, `verify_due_at` when one must have been verified;
    a sweep finds what is late. Runs report with the job's own token, of which only the hash is kept. `ticket`
    is closed by the next good run, `verification_ticket` by the next verified one.
    """

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="backup_jobs")
    service = TenantForeignKey(
        Service, on_delete=models.PROTECT, related_name="backup_jobs", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=80)
    part = models.CharField(_("part"), max_length=10, choices=BackupPart.choices)
    every_hours = models.PositiveSmallIntegerField(_("every, hours"), null=True, blank=True)
    verify_every_days = models.PositiveSmallIntegerField(_("verified every, days"), null=True, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(_("grace, minutes"), default=60)
    token_hash = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12, help_text="The first characters of the token.")
    state = models.CharField(max_length=8, choices=BackupState.choices, default=BackupState.WAITING)
    last_good_at = models.DateTimeField(null=True, blank=True)
    last_verified_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    verify_due_at = models.DateTimeField(null=True, blank=True)
    is_verification_overdue = models.BooleanField(default=False)
    verification_ticket = TenantForeignKey(
        Ticket, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    customer_id: int
    service_id: int | None
    verification_ticket_id: int | None
    objects: ClassVar = BackupJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "next_due_at"], name="backup_due", condition=Q(archived_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class BackupRun(TenantModel):
    """One run as its job reported it; `run` is the reporter's name for it, `succeeded` null: not ended."""

    job = TenantForeignKey(BackupJob, on_delete=models.CASCADE, related_name="runs")
    run = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    succeeded = models.BooleanField(null=True, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes.")
    checksum = models.CharField(max_length=160, blank=True)
    message = models.CharField(max_length=500, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "run"], name="backup_run_once")]
        indexes: ClassVar = [models.Index(fields=["job", "-started_at", "-id"], name="backup_run_newest")]

    def __str__(self) -> str:
        return self.run


class RestoreRequest(TenantModel):
    """What a ticket asks to have back; its checklist is worked off by staff."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="restore_requests")
    job = TenantForeignKey(
        BackupJob, on_delete=models.PROTECT, related_name="restore_requests", null=True, blank=True
    )
    wanted_at = models.DateTimeField(_("state of"), null=True, blank=True)
    what = models.TextField(_("what is to come back"), blank=True)

    ticket_id: int

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket"], name="restore_of_ticket_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class RestoreStep(TenantModel):
    """One step of a restore."""

    request = TenantForeignKey(RestoreRequest, on_delete=models.CASCADE, related_name="steps")
    request_id: int
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("step"), max_length=250)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.text
