"""What a plan covers: category by category, and the channels by which its customers reach support."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantModel
from accounts.rowsecurity import TenantForeignKey


class CoverageKind(models.TextChoices):
    """Whether support for a category is part of the plan, costs extra, or is not given at all."""

    COVERED = "covered", _("Covered")
    BILLABLE = "billable", _("Billable")
    NOT_COVERED = "not_covered", _("Not covered")


class SupportChannel(models.TextChoices):
    """A way in which a plan's customers reach support (policy clause S2)."""

    PORTAL = "portal", _("Portal")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    REMOTE = "remote", _("Remote session")
    MEETING = "meeting", _("Meeting")


class Coverage(TenantModel):
    """A category that a plan's version does not simply cover (policy clause S1); without a row it does."""

    plan_version = TenantForeignKey("sla.PlanVersion", on_delete=models.CASCADE, related_name="coverage")
    category = TenantForeignKey("tickets.Category", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("coverage"), max_length=12, choices=CoverageKind.choices)

    plan_version_id: int
    category_id: int

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan_version", "category"], name="coverage_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["billable", "not_covered"]), name="coverage_says_what_differs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.kind}"
