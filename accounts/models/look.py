"""What a desk's pages and mails are marked with: its logo."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.rowsecurity import TenantForeignKey


class LogoUse(models.TextChoices):
    LIGHT = "light", _("All pages and mails")
    DARK = "dark", _("Dark pages")


class Logo(TenantModel):
    """A desk's logo as it is served: always a PNG that we wrote ourselves.

    It stands in the table and not beside it in a file: it is small, it is written and removed together with
    the mark in `Tenant.logo`, and row security keeps it. Browsers ask for it once.
    """

    use = models.CharField(max_length=5, choices=LogoUse.choices)
    png = models.BinaryField()
    mark = models.CharField(max_length=40, help_text='"240x64-8f3a12cd": its size and the start of its hash.')
    by = TenantForeignKey(Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        ordering: ClassVar = ["use"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "use"], name="logo_once_a_use")]

    def __str__(self) -> str:
        return self.mark
