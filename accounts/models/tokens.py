"""Personal tokens for the API."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.rowsecurity import TenantForeignKey


class ApiToken(TenantModel):
    """A personal token for the API of one desk; only its hash is kept."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    start = models.CharField(max_length=12, help_text="The first characters, to tell tokens apart.")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def is_usable(self, now: datetime) -> bool:
        """Neither revoked nor expired at that instant."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
