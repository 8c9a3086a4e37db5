"""That somebody logged in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.querysets import LogInQuerySet
from accounts.rowsecurity import TenantForeignKey


class Way(models.TextChoices):
    """How somebody showed who they are."""

    PASSWORD = "password", _("Password")
    SECOND_FACTOR = "second_factor", _("Password and second factor")
    PASSKEY = "passkey", _("Passkey")
    COMPANY = "company", _("Company's sign-in")


class LogIn(TenantModel):
    """One log-in of somebody of the desk: when, how, from which network address, with what.

    Who logs in once may enter all of their desks, so each of those has the row; forgotten after 180 days.
    """

    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="log_ins")
    at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=16, choices=Way.choices)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=80, blank=True, help_text="As “Firefox, Windows”; empty: unknown.")

    objects: ClassVar = LogInQuerySet.as_manager()

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="log_in_person"),
            models.Index(fields=["tenant", "at"], name="log_in_age"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.at:%Y-%m-%d %H:%M}"
