"""Open tickets of one person that are given to others."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.querysets import HandOverQuerySet


class HandOver(TenantModel):
    """That the open tickets of `person` go to somebody, to the people of a team, or back to the queue.

    Neither `to_person` nor `to_team`: nobody has them afterwards. `due_before` leaves those alone that fall
    due later, or never. It is under way until `ended_at`; `given` counts by the id of who got tickets,
    `stopped` says that nobody was left to take the rest.
    """

    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    to_person = TenantForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    to_team = TenantForeignKey(Team, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    due_before = models.DateTimeField(null=True, blank=True)
    asked_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    given: models.JSONField[Any, Any] = models.JSONField(default=dict)
    stopped = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    person_id: int
    to_person_id: int | None
    to_team_id: int | None
    objects: ClassVar = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_person__isnull=True) | Q(to_team__isnull=True), name="hand_over_one_way"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant"], name="hand_over_under_way", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.done} of {self.total}"
