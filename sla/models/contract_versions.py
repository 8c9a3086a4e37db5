"""What was said of a contract's last day, each word valid from an instant on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from sla.models.promises import Contract, Reach


class ContractVersion(TenantModel):
    """The end of a contract as it was said from an instant on. A contract whose end nobody changed has none.

    `ends_on` is the first day without it, None for no end; the newest says what `Contract.period` does.
    `reach` tells whom it holds for: tickets that are filed after it, or all, as if it had always been said.
    """

    contract = TenantForeignKey(Contract, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    ends_on = models.DateField(null=True, blank=True)
    valid_from = models.DateTimeField(null=True, blank=True, help_text="Null: from the beginning.")
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.NEW)
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    contract_id: int

    class Meta:
        verbose_name = _("contract version")
        verbose_name_plural = _("contract versions")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_version_once"),
            models.CheckConstraint(
                condition=Q(number=1, valid_from__isnull=True) | Q(number__gt=1, valid_from__isnull=False),
                name="contract_first_version_from_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} v{self.number}"

    @property
    def last_day(self) -> date | None:
        """The last day that the contract covers by it, None for no end."""
        ends_on: date | None = self.ends_on
        return None if ends_on is None else ends_on - timedelta(days=1)
