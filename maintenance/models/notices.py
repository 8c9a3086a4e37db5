"""What happened to a window, and who was told of it how."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from maintenance.models.windows import Window
from maintenance.querysets import NoticeQuerySet


class WindowEventKind(models.TextChoices):
    DRAFTED = "drafted", _("Drafted")
    CHANGED = "changed", _("Changed")
    SCHEDULED = "scheduled", _("Scheduled")
    EMERGENCY = "emergency", _("Scheduled as an emergency")
    MOVED = "moved", _("Moved")
    EXTENDED = "extended", _("Extended")
    STARTED = "started", _("Started")
    OVERRAN = "overran", _("Overran its end")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    LOGGED = "logged", _("Work log")
    TOLD = "told", _("Told the tickets")
    LINKED = "linked", _("Ticket linked")
    UNLINKED = "unlinked", _("Ticket unlinked")


class WindowEvent(TenantModel):
    """What happened to a window, and the work log (policy clause S5). Rows are only ever added."""

    window = TenantForeignKey(Window, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=WindowEventKind.choices)
    at = models.DateTimeField()
    actor = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    text = models.TextField(blank=True)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    window_id: int
    actor_id: int | None

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["window", "at", "id"], name="event_of_window")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class NoticeKind(models.TextChoices):
    ANNOUNCED = "announced", _("Announcement")
    REMINDER = "reminder", _("Reminder")
    MOVED = "moved", _("Change of time")
    CHANGED = "changed", pgettext_lazy("notice", "Change")
    EXTENDED = "extended", _("Extension")
    STARTED = "started", pgettext_lazy("notice", "Start")
    COMPLETED = "completed", pgettext_lazy("notice", "End")
    CANCELLED = "cancelled", _("Cancellation")


class Notice(TenantModel):
    """That everyone concerned is told something from an instant on; a sweep finds it and tells them.

    One for each window, plan (`sequence`), kind and, for reminders, `hours` before the start. It ends done
    or cancelled; one of an earlier plan is cancelled with it.
    """

    window = TenantForeignKey(Window, on_delete=models.CASCADE, related_name="notices")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    hours = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    window_id: int
    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "sequence", "kind", "hours"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True), name="notice_ends_one_way"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "due_at"],
                name="notice_waiting",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.kind} {self.sequence}"


class NoticeTold(TenantModel):
    """That a person was told: the evidence, kept after people leave."""

    notice = TenantForeignKey(Notice, on_delete=models.CASCADE, related_name="told")
    person = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "person"], name="notice_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.person_id}"
