"""When people of the staff work."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from sla.models.promises import SupportCalendar


class WorkingHours(TenantModel):
    """When somebody of the staff works: by a support calendar, or by a week of their own.

    `week` is that of a calendar's written form ({"0": [["09:00", "17:00"]]}), on the clock of the person's
    zone. Who has no row works by the desk's hours (`sla.working_hours`).
    """

    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_index=False)
    calendar = TenantForeignKey(
        SupportCalendar, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    week: models.JSONField[Any, Any] = models.JSONField(_("week"), default=dict)
    version = models.PositiveIntegerField(default=1)

    person_id: int
    calendar_id: int | None

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "person"], name="working_hours_once"),
            models.CheckConstraint(
                condition=Q(calendar__isnull=True) | Q(week={}), name="working_hours_one_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
