"""Outages: what was hit when and how, what was said of it and corrected, and which tickets tell of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from maintenance.models.work import Impact
from maintenance.querysets import OutageQuerySet
from tickets.models import Service, Ticket

OUTAGE_IMPACTS = [(impact.value, impact.label) for impact in (Impact.DEGRADED, Impact.DOWN)]


class Stage(models.TextChoices):
    """How far the work on an outage has come, as customers read it."""

    INVESTIGATING = "investigating", _("Investigating")
    IDENTIFIED = "identified", _("Identified")
    MONITORING = "monitoring", _("Monitoring")
    RESOLVED = "resolved", _("Resolved")


class Outage(TenantModel):
    """A service was not what it should be, from an instant to another; `cause` is known afterwards, if ever.

    Each service is hit in stretches, each with its impact and period (`OutageService`); those here span all.
    """

    title = models.CharField(_("title"), max_length=120)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage.choices, default=Stage.INVESTIGATING)
    cause = models.TextField(_("cause"), blank=True)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)
    services: models.ManyToManyField[Service, OutageService] = models.ManyToManyField(
        Service, through="OutageService", related_name="outages"
    )
    opened_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="outage_starts_before_end",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.RESOLVED, ended_at__isnull=False)
                | ~Q(stage=Stage.RESOLVED) & Q(ended_at__isnull=True),
                name="outage_resolved_has_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-started_at", "-id"], name="outage_newest")]

    def __str__(self) -> str:
        return self.title


class InstantRange(Func):
    """The half-open period between two instants; without an end where the second is null."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class OutageService(TenantModel):
    """A stretch in which an outage hit one service with one impact; `ended_at` null: it still does.

    A service has as many as its impact changed or it was hit again, one at a time.
    """

    outage = TenantForeignKey(Outage, on_delete=models.CASCADE, related_name="outage_services")
    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="outage_services")
    impact = models.CharField(_("impact"), max_length=10, choices=OUTAGE_IMPACTS)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    outage_id: int
    service_id: int

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="outage_one_impact_at_a_time",
                expressions=[
                    ("outage", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (InstantRange("started_at", "ended_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="outage_service_starts_before_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["service", "started_at"], name="outage_of_service")]

    def __str__(self) -> str:
        return f"{self.outage_id}: {self.service_id}"


class OutageUpdate(TenantModel):
    """What was told about an outage, to all who may see it."""

    outage = TenantForeignKey(Outage, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField()
    stage = models.CharField(max_length=14, choices=Stage.choices)
    text = models.TextField(_("update"))
    author = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["outage", "at", "id"], name="update_of_outage")]

    def __str__(self) -> str:
        return self.text[:60]


class OutageCorrection(TenantModel):
    """What was recorded of an outage was corrected, and with it availability. Rows are only ever added.

    `before` and `after` hold what differs, by the names of `maintenance.outage_corrections`.
    """

    outage = TenantForeignKey(Outage, on_delete=models.CASCADE, related_name="corrections")
    at = models.DateTimeField()
    author = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    before: models.JSONField[Any, Any] = models.JSONField()
    after: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["outage", "at", "id"], name="correction_of_outage")]

    def __str__(self) -> str:
        return f"{', '.join(self.after)} {self.at:%Y-%m-%d %H:%M}"


class OutageTicket(TenantModel):
    """A ticket that tells of an outage: one public story, many tickets, answered together.

    `linked_by` null: the desk itself has filed the ticket, and settles it when the trouble is over.
    """

    outage = TenantForeignKey(Outage, on_delete=models.CASCADE, related_name="outage_tickets")
    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="outage_tickets")
    linked_at = models.DateTimeField(default=timezone.now)
    linked_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    outage_id: int
    ticket_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outage", "ticket"], name="outage_ticket_once")
        ]
        indexes: ClassVar = [models.Index(fields=["ticket"], name="outage_of_ticket")]

    def __str__(self) -> str:
        return f"{self.outage_id}: {self.ticket_id}"
