"""Under which categories the desk itself files tickets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models.tickets import Category


class Purpose(models.TextChoices):
    """Why the desk files a ticket that nobody has put into a category."""

    ALARM = "alarm", _("What monitors and alerts find")
    BACKUP = "backup", _("Backups in trouble")
    RESTORE = "restore", _("Restores that are asked for")


class CategoryPurpose(TenantModel):
    """The category that an admin has chosen for one purpose."""

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    category = TenantForeignKey(Category, on_delete=models.CASCADE, related_name="purposes")

    category_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "purpose"], name="category_of_purpose_once")
        ]

    def __str__(self) -> str:
        return self.purpose
