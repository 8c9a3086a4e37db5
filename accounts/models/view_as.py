"""That a customer's admin looked at the portal as one of its own people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.rowsecurity import TenantForeignKey


class ViewAs(TenantModel):
    """From when until when `admin` saw the portal as `person` sees it; over at `until` at the latest."""

    admin = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField(_("began"))
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    admin_id: int
    person_id: int

    class Meta:
        verbose_name = _("view as somebody")
        verbose_name_plural = _("views as somebody")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(admin=F("person")), name="view_as_somebody_else"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="view_as_open", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.admin_id} as {self.person_id}"
