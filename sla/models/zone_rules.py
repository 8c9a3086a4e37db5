"""With which edition of the time zones' rules a desk's clocks were reckoned."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantModel


class ZoneRules(TenantModel):
    """The edition that open clocks are reckoned with, one row a desk (`sla.zone_rules`).

    `since` is when it took the place of another, None for the first. While open clocks are taken up again
    `reached` is the id of the last one; None once all are through.
    """

    version = models.CharField(max_length=20)
    since = models.DateTimeField(null=True, blank=True)
    reached = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("zone rules")
        verbose_name_plural = _("zone rules")
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="zone_rules_once")]

    def __str__(self) -> str:
        return self.version
