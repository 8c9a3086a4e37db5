"""Companies that have, or had, a contract."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.tenants import TenantModel
from accounts.querysets import CustomerQuerySet
from accounts.rowsecurity import TenantForeignKey


class HostingModel(models.TextChoices):
    """Where a customer's systems run; what is backed up how often goes by it (policy clause S9)."""

    SHARED = "shared", _("Shared cloud")
    DEDICATED = "dedicated", _("Dedicated")
    ON_PREMISES = "on_premises", _("On premises")


class StandingLevel(models.TextChoices):
    """How a customer stands with the desk (policy clause S11)."""

    GOOD = "good", _("Good")
    RESTRICTED = "restricted", _("Restricted")
    SUSPENDED = "suspended", _("Suspended")


class Customer(TenantModel):
    """A company that has, or had, a contract with the tenant."""

    name = models.CharField(_("name"), max_length=120)
    notes = models.TextField(_("notes for staff"), blank=True)
    coordinator = TenantForeignKey(
        "Membership",
        on_delete=models.SET_NULL,
        related_name="coordinated_customers",
        null=True,
        blank=True,
        verbose_name=_("account coordinator"),
        help_text="One of the staff; a contact never is, see `services.change_customer`.",
    )
    hosting_model = models.CharField(
        _("hosting"), max_length=12, choices=HostingModel.choices, default=HostingModel.SHARED
    )
    open_standing = models.CharField(
        _("standing"),
        max_length=10,
        choices=StandingLevel.choices,
        default=StandingLevel.GOOD,
        help_text="Of the standing that is not lifted; it may begin later, see `accounts.standing`.",
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    coordinator_id: int | None

    objects: ClassVar = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="customer_name_once")]

    def __str__(self) -> str:
        return self.name
