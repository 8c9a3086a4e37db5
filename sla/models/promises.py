"""Support calendars, plans with their targets, and contracts.

Calendars and plans are never edited in place: a change makes a version that is valid from an instant, so
that what was promised stays readable and judged by what was in force.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, HostingModel, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from sla.models.coverage import SupportChannel
from sla.querysets import CalendarQuerySet, ContractQuerySet, PlanQuerySet
from tickets.lifecycle import Priority


class Reach(models.TextChoices):
    """Which tickets a version holds for, besides those filed after it."""

    NEW = "new", _("New tickets only")
    FROM_NOW = "from_now", _("Open tickets too, from then on")
    FROM_START = "from_start", _("Open tickets too, as if from their start")


class SupportCalendar(TenantModel):
    """When support is open: a name for a line of versions."""

    name = models.CharField(_("name"), max_length=80)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("support calendar")
        verbose_name_plural = _("support calendars")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="calendar_name_once")]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(TenantModel):
    """The hours of a calendar from an instant on.

    `spec` is what `BusinessCalendar.from_spec` reads: {"tz", "week": {"0": [["09:00", "18:00"]]}, "holidays":
    {"2026-12-25": "Christmas Day"}, "overrides": {"2026-12-24": [["09:00", "12:00"]]}}. `holiday_country` and
    `holiday_subdivision` (ISO 3166) say where its holidays come from; `override_names` names exceptions.
    """

    calendar = TenantForeignKey(SupportCalendar, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField(null=True, blank=True, help_text="Null: from the beginning.")
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.NEW)
    spec: models.JSONField[Any, Any] = models.JSONField()
    holiday_country = models.CharField(_("holidays of"), max_length=2, blank=True)
    holiday_subdivision = models.CharField(_("state or province"), max_length=10, blank=True)
    override_names: models.JSONField[Any, Any] = models.JSONField(default=dict)
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    calendar_id: int

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_once"),
            models.CheckConstraint(
                condition=Q(number=1, valid_from__isnull=True) | Q(number__gt=1, valid_from__isnull=False),
                name="calendar_first_version_from_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.number}"


class Plan(TenantModel):
    """What a customer was sold: a name for a line of versions."""

    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="plan_name_once")]

    def __str__(self) -> str:
        return self.name


class PlanVersion(TenantModel):
    """The terms of a plan for tickets filed from an instant on (policy clauses S3, S4).

    `definitions` maps a priority to the words that explain it; `exclusions` lists what support does not
    include ({"key", "title", "text"}; `sla.coverage_terms` reads them); `terms` are the written limits shown
    beside tickets (clause B8).
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField(null=True, blank=True, help_text="Null: from the beginning.")
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.NEW)
    calendar = TenantForeignKey(SupportCalendar, on_delete=models.PROTECT, related_name="plan_versions")
    definitions: models.JSONField[Any, Any] = models.JSONField(default=dict)
    exclusions: models.JSONField[Any, Any] = models.JSONField(default=list)
    terms = models.TextField(_("written limits"), blank=True)
    emergencies_a_month = models.PositiveSmallIntegerField(
        _("emergencies a month"), null=True, blank=True, help_text="Null: not included; 0: without limit."
    )
    emergency_rota = TenantForeignKey(
        "sla.Rota", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    notice_hours = models.PositiveSmallIntegerField(
        _("notice of planned maintenance, hours"), null=True, blank=True, help_text="Null: none is promised."
    )
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders of maintenance, hours before"),
        default=list,
        blank=True,
    )
    maintenance_pauses = models.BooleanField(
        _("planned maintenance pauses resolution clocks"),
        default=False,
        help_text="Of tickets on an affected service, while the announced window lasts.",
    )
    availability = models.DecimalField(
        _("availability, per cent"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    availability_counts_planned = models.BooleanField(
        _("planned maintenance counts as downtime"), default=False
    )
    channels = ArrayField(
        models.CharField(max_length=10, choices=SupportChannel.choices),
        verbose_name=_("channels"),
        default=list,
        blank=True,
        help_text="Empty: nothing is said.",
    )
    has_coordinator = models.BooleanField(_("named account coordinator"), default=False)
    included_minutes = models.PositiveIntegerField(
        _("included work a month, minutes"), null=True, blank=True, help_text="Null: none is said."
    )
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    plan_id: int
    calendar_id: int
    emergency_rota_id: int | None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.CheckConstraint(
                condition=Q(availability__isnull=True) | Q(availability__gt=0, availability__lte=100),
                name="plan_availability_per_cent",
            ),
            models.CheckConstraint(
                condition=Q(included_minutes__isnull=True) | Q(included_minutes__gt=0),
                name="plan_included_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class BackupPart(models.TextChoices):
    DATABASE = "database", _("Database")
    FILES = "files", _("Files")


class BackupTerm(TenantModel):
    """How a plan's customers are backed up under one hosting model (policy clauses S9, B3)."""

    plan_version = TenantForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="backup_terms")
    hosting_model = models.CharField(_("hosting"), max_length=12, choices=HostingModel.choices)
    every_hours = models.PositiveSmallIntegerField(_("every, hours"))
    parts = ArrayField(models.CharField(max_length=10, choices=BackupPart.choices), verbose_name=_("parts"))
    retention_days = models.PositiveSmallIntegerField(_("kept, days"), null=True, blank=True)
    verify_every_days = models.PositiveSmallIntegerField(
        _("verified every, days"), null=True, blank=True, help_text="Null: no verification is promised."
    )

    plan_version_id: int

    class Meta:
        verbose_name = _("backup term")
        verbose_name_plural = _("backup terms")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan_version", "hosting_model"], name="backup_term_once"),
            models.CheckConstraint(
                condition=Q(every_hours__gt=0, parts__len__gt=0), name="backup_term_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hosting_model} every {self.every_hours} h"


class Metric(models.TextChoices):
    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    RESOLUTION = "resolution", _("Resolution")
    RESTORE = "restore", _("Restore")


class TargetUnit(models.TextChoices):
    """`aim` and `limit` are seconds, but for business days: there they count days."""

    BUSINESS_TIME = "business_time", _("Business hours")
    BUSINESS_DAYS = "business_days", _("Business days")
    BUSINESS_DAYS_END = "business_days_end", _("Business days, to the end of the day")
    ELAPSED_TIME = "elapsed_time", _("Hours around the clock")


class Target(TenantModel):
    """Aim and limit of one metric at one priority: past the aim at risk, past the limit breached."""

    plan_version = TenantForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(_("metric"), max_length=20, choices=Metric.choices)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices)
    unit = models.CharField(_("unit"), max_length=20, choices=TargetUnit.choices)
    aim = models.PositiveIntegerField(_("aim"))
    limit = models.PositiveIntegerField(_("limit"))

    plan_version_id: int

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan_version", "metric", "priority"], name="target_once"),
            models.CheckConstraint(condition=Q(aim__gt=0), name="target_aim_positive"),
            models.CheckConstraint(condition=Q(aim__lte=F("limit")), name="target_aim_within_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.priority}"


class Contract(TenantModel):
    """Which plan a customer has, from when to when; two never overlap. `calendar` overrides the plan's.

    `period` is what is said now; what was said of its end before is in its `versions`.
    """

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    plan = TenantForeignKey(Plan, on_delete=models.PROTECT, related_name="contracts")
    calendar = TenantForeignKey(
        SupportCalendar, on_delete=models.PROTECT, related_name="contracts", null=True, blank=True
    )
    period = DateRangeField(_("period"), help_text="Days in the calendar's zone; the end is not part of it.")
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    customer_id: int
    plan_id: int
    calendar_id: int | None
    created_by_id: int | None
    objects: ClassVar = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering: ClassVar = ["-period"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="contract_one_at_a_time",
                expressions=[("customer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.period}"

    @property
    def last_day(self) -> date | None:
        """The last day that it covers, None for no end."""
        upper: date | None = self.period.upper
        return None if upper is None else upper - timedelta(days=1)
