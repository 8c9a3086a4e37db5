"""What somebody has begun to file."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey


class FilingDraft(TenantModel):
    """The ticket that a person is writing, field by field as it was typed; one a person, gone once filed."""

    person = TenantForeignKey(
        Membership, on_delete=models.CASCADE, related_name="filing_drafts", db_index=False
    )
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    person_id: int

    class Meta:
        verbose_name = _("draft of a ticket")
        verbose_name_plural = _("drafts of tickets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="filing_draft_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
