"""Maintenance windows: what is done to which services when, who is concerned, and what is tied to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from maintenance.lifecycle import BLOCKING, Status
from maintenance.models.work import Series, Work
from maintenance.querysets import WindowQuerySet, WindowTicketQuerySet
from tickets.models import Service, Ticket


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
