"""Maintenance windows: what is done to which services when, who is concerned, and what they were told."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Customer, Membership, TenantModel, validate_time_zone
from accounts.rowsecurity import TenantForeignKey
from maintenance.lifecycle import BLOCKING, Status
from maintenance.querysets import NoticeQuerySet, WindowQuerySet, WindowTicketQuerySet
from tickets.models import Service, Ticket


class Kind(models.TextChoices):
    """What maintenance is done for (policy clause S5)."""

    SECURITY = "security", _("Security patching")
    SERVER = "server", _("Server optimisation")
    DATABASE = "database", _("Database maintenance")
    PERFORMANCE = "performance", _("Performance")
    MONITORING = "monitoring", _("Monitoring")
    CORRECTION = "correction", _("Bug correction")
    UPDATE = "update", _("Version update")
    BACKUP = "backup", _("Backup verification")
    COMPLIANCE = "compliance", _("Compliance")
    FEATURE = "feature", _("Feature enhancement")
    RESTORE_TEST = "restore_test", _("Restore test")


class Impact(models.TextChoices):
    """What customers notice, from least to most."""

    NONE = "none", _("No impact")
    DEGRADED = "degraded", _("Degraded")
    DOWN = "down", _("Down")


class Work(TenantModel):
    """What a window and a series of windows have in common: what is done, and what people should know.

    `summary` and `advice` are read by customers; `runbook` and `checklist` by staff alone.
    """

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    impact = models.CharField(_("expected impact"), max_length=10, choices=Impact.choices)
    summary = models.TextField(_("what is done"), blank=True)
    advice = models.TextField(_("what customers should do"), blank=True)
    runbook = models.TextField(_("runbook"), blank=True)
    responsible = TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("responsible"),
    )
    starts_by_itself = models.BooleanField(_("starts by itself"), default=True)
    ends_by_itself = models.BooleanField(_("ends by itself"), default=False)
    version = models.PositiveIntegerField(default=1)

    responsible_id: int | None

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Series(Work):
    """Windows that recur: on days that an RRULE (RFC 5545) names, at a wall clock time of a named zone.

    `rule` has no DTSTART and no UNTIL: `first_date` and `last_date` (both included) bound it. `checklist`
    is a list of texts.
    """

    rule = models.CharField(_("rule"), max_length=200)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"), null=True, blank=True)
    starts_at_time = models.TimeField(_("from"))
    minutes = models.PositiveIntegerField(_("minutes"))
    services: models.ManyToManyField[Service, SeriesService] = models.ManyToManyField(
        Service, through="SeriesService", related_name="+"
    )
    checklist: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recurring maintenance")
        verbose_name_plural = _("recurring maintenance")
        ordering: ClassVar = ["title", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="series_takes_time"),
            models.CheckConstraint(
                condition=Q(last_date__isnull=True) | Q(last_date__gte=F("first_date")),
                name="series_first_before_last",
            ),
        ]


class SeriesService(TenantModel):
    """That a series works on a service."""

    series = TenantForeignKey(Series, on_delete=models.CASCADE, related_name="+")
    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "service"], name="series_service_once")
        ]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.service_id}"


class Window(Work):
    """One period of work: `starts_at` to `ends_at` as planned last, `started_at` to `ended_at` as it was.

    `announced_until` is set by the first extension: the end that was announced before work began. What it is
    for stands at `announced_end`.
    `sequence` counts the plans that were announced: it is the SEQUENCE of the calendar invitation (RFC 5545
    3.8.7.4), and notices of an earlier one are void. `told_at` is when the present plan was announced.
    `occurrence` is the day of a series that it stands for; `is_apart` says that it was edited by itself.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    announced_until = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    is_emergency = models.BooleanField(_("emergency"), default=False)
    emergency_reason = models.CharField(_("why it cannot wait"), max_length=500, blank=True)
    emergency_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    overran_at = models.DateTimeField(
        null=True, blank=True, help_text="When staff were told that it overruns."
    )
    result = models.TextField(_("result"), blank=True)
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=500, blank=True)
    series = TenantForeignKey(Series, on_delete=models.PROTECT, related_name="windows", null=True, blank=True)
    occurrence = models.DateField(null=True, blank=True)
    is_apart = models.BooleanField(default=False)
    services: models.ManyToManyField[Service, WindowService] = models.ManyToManyField(
        Service, through="WindowService", related_name="windows"
    )
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    series_id: int | None
    objects: ClassVar = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["uid"], name="window_uid_once"),
            models.UniqueConstraint(fields=["series", "occurrence"], name="window_occurrence_once"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="window_starts_before_end"),
            models.CheckConstraint(
                condition=Q(is_emergency=False) | ~Q(emergency_reason=""), name="window_emergency_says_why"
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True) | Q(occurrence__isnull=False),
                name="window_of_series_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED) | Q(started_at__isnull=False, ended_at__isnull=False),
                name="window_completed_has_instants",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "starts_at"], name="window_coming", condition=Q(status__in=BLOCKING)
            ),
            models.Index(fields=["tenant", "-starts_at", "-id"], name="window_newest"),
        ]

    @property
    def announced_end(self) -> datetime:
        """The end that was announced before work began: as far as work is excused and pauses clocks.

        An extension leaves it as it was (decision 8).
        """
        return self.announced_until or self.ends_at

    def covers(self, at: datetime) -> bool:
        """The instant lies in the planned period; the end is not part of it."""
        return self.starts_at <= at < self.ends_at

    def overruns(self, now: datetime) -> bool:
        """Still in progress past its planned end."""
        return self.status == Status.IN_PROGRESS and now >= self.ends_at


class WindowService(TenantModel):
    """That a window works on a service. `period` is what it blocks for others, null: nothing."""

    window = TenantForeignKey(Window, on_delete=models.CASCADE, related_name="window_services")
    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="window_services")
    period = DateTimeRangeField(null=True, blank=True)

    window_id: int
    service_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "service"], name="window_service_once"),
            ExclusionConstraint(
                name="window_one_at_a_time",
                expressions=[("service", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(period__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id}: {self.service_id}"


class Concern(models.TextChoices):
    """Why a customer is on a window's list."""

    DERIVED = "derived", _("Uses a service")
    ADDED = "added", _("Added by hand")
    LEFT_OUT = "left_out", _("Left out by hand")


class WindowCustomer(TenantModel):
    """A customer that a window concerns, or was left out by hand; what notice was promised, when it was told.

    `promised_hours` is what its plan said when the present plan was announced (null: nothing), `told_at` when
    that was. Notice given is the time from `told_at` to the window's start. `emergency_reason` says why one
    that came to an announced window was not given what its plan promises; no clock of its tickets pauses.
    """

    window = TenantForeignKey(Window, on_delete=models.CASCADE, related_name="window_customers")
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="window_customers")
    concern = models.CharField(max_length=10, choices=Concern.choices, default=Concern.DERIVED)
    promised_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    emergency_reason = models.CharField(_("why it cannot wait"), max_length=500, blank=True)

    window_id: int
    customer_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "customer"], name="window_customer_once")
        ]
        indexes: ClassVar = [models.Index(fields=["customer"], name="window_of_customer")]

    def __str__(self) -> str:
        return f"{self.window_id}: {self.customer_id}"


class ChecklistItem(TenantModel):
    """One step of a window's checklist."""

    window = TenantForeignKey(Window, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("step"), max_length=250)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["window"], name="checklist_of_window")]

    def __str__(self) -> str:
        return self.text


class Tie(models.TextChoices):
    """How a ticket belongs to a window or an outage."""

    REQUEST = "request", _("Asked for it")
    FILED = "filed", _("Filed because of it")


class WindowTicket(TenantModel):
    """A ticket that led to a window, or was filed on one of its services while it ran."""

    window = TenantForeignKey(Window, on_delete=models.CASCADE, related_name="window_tickets")
    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="window_tickets")
    tie = models.CharField(max_length=10, choices=Tie.choices)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When its requester heard of the end.")

    window_id: int
    ticket_id: int
    objects: ClassVar = WindowTicketQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "ticket"], name="window_ticket_once")
        ]
        indexes: ClassVar = [models.Index(fields=["ticket"], name="window_of_ticket")]

    def __str__(self) -> str:
        return f"{self.window_id}: {self.ticket_id}"


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
