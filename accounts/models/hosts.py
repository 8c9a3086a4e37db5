"""Host names that desks ask for."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.rowsecurity import TenantForeignKey


class HostFinding(models.TextChoices):
    """What the last look at a name's records found."""

    UNKNOWN = "unknown", _("Not looked up yet")
    HERE = "here", _("Points here")
    UNPROVED = "unproved", _("Points here, without the record that proves whose it is")
    ELSEWHERE = "elsewhere", _("Points elsewhere")
    NO_NAME = "no_name", _("There is no such name")
    NO_ANSWER = "no_answer", _("The name servers did not answer")
    TAKEN = "taken", _("Another desk answers there")


def new_proof() -> str:
    """What the owner of the name writes into its records."""
    return f"support-desk={secrets.token_hex(16)}"


class HostClaim(TenantModel):
    """The name that a desk wants to answer at, or does: it does when `Tenant.host` says the same.

    Several desks may want one name; only one can answer there, and only whoever writes the name's records
    can make it so (docs/decisions/0011).
    """

    host = models.CharField(_("own host name"), max_length=253)
    proof = models.CharField(max_length=64, default=new_proof)
    finding = models.CharField(max_length=10, choices=HostFinding.choices, default=HostFinding.UNKNOWN)
    found = ArrayField(models.CharField(max_length=45), default=list, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(default=timezone.now)
    asked_by = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    # When somebody last asked for the name, or to have it looked up again.
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("own host name")
        verbose_name_plural = _("own host names")
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="host_claim_once")]

    def __str__(self) -> str:
        return self.host

    @property
    def is_being_checked(self) -> bool:
        """Whether a look at the records is due and has not come back yet."""
        return self.checked_at is None or self.checked_at < self.asked_at
