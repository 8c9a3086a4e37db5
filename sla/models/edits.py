"""Edits of calendars, plans and contracts: drafted, looked at, applied, undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from sla.models.clocks import Agreement
from sla.models.contract_versions import ContractVersion
from sla.models.promises import CalendarVersion, Contract, Plan, PlanVersion, Reach, SupportCalendar


class EditState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    CANCELLED = "cancelled", _("Cancelled")


class Edit(TenantModel):
    """A change to a calendar, a plan or a contract, from draft to applied.

    `proposed` is what the form gave, as the services take it, in plain values; `seen_number` the version
    that it was made from. The version (or contract) that it makes exists once it is applied; of a contract
    it makes another contract, or says another last day (`is_of_end`). `total`, `done`
    and `moved` count open tickets: those it concerns, those that are through, those whose promise changed.
    """

    calendar = TenantForeignKey(
        SupportCalendar, on_delete=models.CASCADE, related_name="edits", null=True, blank=True
    )
    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="edits", null=True, blank=True)
    contract = TenantForeignKey(
        Contract, on_delete=models.CASCADE, related_name="edits", null=True, blank=True
    )
    proposed: models.JSONField[Any, Any] = models.JSONField()
    seen_number = models.PositiveIntegerField(default=0)
    reach = models.CharField(_("applies to"), max_length=10, choices=Reach.choices, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=EditState.choices, default=EditState.DRAFT)
    calendar_version = TenantForeignKey(
        CalendarVersion, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    plan_version = TenantForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    contract_version = TenantForeignKey(
        ContractVersion, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    new_contract = TenantForeignKey(
        Contract, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    undoes = TenantForeignKey(
        "self", on_delete=models.CASCADE, related_name="undone_by", null=True, blank=True
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    calendar_id: int | None
    plan_id: int | None
    contract_id: int | None
    undoes_id: int | None

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(calendar__isnull=False, plan__isnull=True, contract__isnull=True)
                | Q(calendar__isnull=True, plan__isnull=False, contract__isnull=True)
                | Q(calendar__isnull=True, plan__isnull=True, contract__isnull=False),
                name="edit_of_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="edit_applying", condition=Q(state="applying")),
        ]

    def __str__(self) -> str:
        return f"{self.state} edit {self.pk}"

    def is_under_way(self) -> bool:
        """It is being applied, in the background."""
        return self.state == EditState.APPLYING

    @property
    def is_of_end(self) -> bool:
        """It says another last day of a contract, and nothing else."""
        return self.contract_id is not None and "plan" not in self.proposed["values"]

    def seconds_taken(self, now: datetime) -> float:
        """How long applying has taken so far, or took."""
        if self.started_at is None:
            return 0.0
        return ((self.ended_at or now) - self.started_at).total_seconds()


class EditMove(TenantModel):
    """Open clocks under one agreement that an edit moves to another. Rows are only added."""

    edit = TenantForeignKey(Edit, on_delete=models.CASCADE, related_name="moves")
    before = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="moves_away")
    after = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="moves_here")

    edit_id: int
    before_id: int
    after_id: int

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edit", "before"], name="edit_move_once")]

    def __str__(self) -> str:
        return f"{self.before_id} to {self.after_id}"
