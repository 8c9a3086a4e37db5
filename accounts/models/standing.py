"""How a customer stands with the desk (policy clause S11), and what that stops."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer, StandingLevel
from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.querysets import StandingQuerySet
from accounts.rowsecurity import TenantForeignKey

REASON_LENGTH = 5000
WAY_OUT_LENGTH = 1000


class Ground(models.TextChoices):
    """Why support may be restricted."""

    OVERDUE_PAYMENT = "overdue_payment", _("Overdue payment")
    ABUSE = "abuse", _("Abuse")
    MISUSE = "misuse", _("Repeated misuse")
    UNAUTHORISED_ACCESS = "unauthorised_access", _("Unauthorised access")
    CONTRACT_VIOLATION = "contract_violation", _("Contract violation")


class Standing(TenantModel):
    """One period in which a customer stood worse than good; ended by `lifted_at`, never deleted.

    A customer has one that is not lifted at most. It counts from `starts_at`, which may lie ahead.
    """

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="standings", db_index=False)
    level = models.CharField(_("standing"), max_length=10, choices=StandingLevel.choices)
    ground = models.CharField(_("ground"), max_length=24, choices=Ground.choices)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, help_text="Staff alone read it.")
    way_out = models.TextField(
        _("way out"), max_length=WAY_OUT_LENGTH, blank=True, help_text="The customer's people read it."
    )
    evidence = ArrayField(
        models.PositiveIntegerField(), verbose_name=_("evidence"), default=list, help_text="Ticket numbers."
    )
    starts_at = models.DateTimeField(_("from"))
    review_on = models.DateField(_("review on"), null=True, blank=True)
    review_told_at = models.DateTimeField(
        null=True, blank=True, help_text="Those whom it concerns were told that the day has come."
    )
    set_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    customer_id: int
    set_by_id: int
    lifted_by_id: int | None
    objects: ClassVar = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering: ClassVar = ["-set_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "customer"],
                name="standing_one_open",
                condition=Q(lifted_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(level__in=[StandingLevel.RESTRICTED, StandingLevel.SUSPENDED]),
                name="standing_worse_than_good",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="standing_lifted_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "customer", "-set_at"], name="standing_of_customer"),
            models.Index(
                fields=["review_on"],
                name="standing_to_review",
                condition=Q(lifted_at__isnull=True, review_told_at__isnull=True, review_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.get_ground_display()}"

    @property
    def is_suspended(self) -> bool:
        return self.level == StandingLevel.SUSPENDED

    def is_in_force(self, at: datetime) -> bool:
        """It counts at that instant."""
        return self.starts_at <= at and (self.lifted_at is None or at < self.lifted_at)


class StandingRule(TenantModel):
    """What a standing of that level and ground stops, as the tenant has set it; `accounts.standing` knows
    what counts where nothing was set.

    `priorities` and `channels` are the stopped ones, by the values that tickets know them by.
    """

    level = models.CharField(_("standing"), max_length=10, choices=StandingLevel.choices)
    ground = models.CharField(_("ground"), max_length=24, choices=Ground.choices)
    stops_tickets = models.BooleanField(_("no new tickets at all"), default=False)
    priorities = ArrayField(
        models.CharField(max_length=10), verbose_name=_("no new tickets of priority"), default=list
    )
    channels = ArrayField(models.CharField(max_length=10), verbose_name=_("no new tickets by"), default=list)
    stops_emergencies = models.BooleanField(_("no emergencies"), default=False)
    lets_critical_outages = models.BooleanField(_("critical outages still get through"), default=True)
    way_out = models.TextField(_("way out"), max_length=WAY_OUT_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rule of a standing")
        verbose_name_plural = _("rules of standings")
        ordering: ClassVar = ["level", "ground"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "level", "ground"], name="standing_rule_once"),
            models.CheckConstraint(
                condition=Q(level__in=[StandingLevel.RESTRICTED, StandingLevel.SUSPENDED]),
                name="standing_rule_worse_than_good",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.get_ground_display()}"
