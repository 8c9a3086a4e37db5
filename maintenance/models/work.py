"""Work on services: what a window and a series of windows have in common, and the series."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel, validate_time_zone
from accounts.rowsecurity import TenantForeignKey
from tickets.models import Service


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
