"""Escalation ladders: what happens as a promise nears its limit, reaches it and stays unkept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from sla.models.promises import Metric, PlanVersion
from tickets.lifecycle import Priority


class Place(models.TextChoices):
    """Where on the ladder a step stands; `amount` says how far along."""

    SHARE = "share", _("A share of the limit")
    AIM = "aim", _("At the aim")
    LIMIT = "limit", _("At the limit")
    AFTER = "after", _("After the limit")
    DAILY = "daily", _("Every business day after the limit")


class Who(models.TextChoices):
    """Whom a step tells. Where nobody can be reached, every supervisor is told instead."""

    ASSIGNEE = "assignee", _("The assignee")
    TEAM = "team", _("A team")
    SUPERVISORS = "supervisors", _("Every supervisor")
    COORDINATOR = "coordinator", _("The account coordinator")
    ON_CALL = "on_call", _("Whoever is on call")
    ADDRESS = "address", _("An email address")
    WEBHOOK = "webhook", _("A webhook")


class LadderStep(TenantModel):
    """One step of the ladder of a plan's version and metric.

    `amount` is a percentage of the limit for a share, business seconds after the limit for `after`; `times`
    how often at most a daily step is taken. `priorities`: empty for all. `tells` lists who is told, as
    {"who": "assignee" | "team" | "supervisors" | "coordinator" | "on_call" | "address" | "webhook"} with
    "team" or "rota" (an id), "address" or "url" beside it.
    Rows never change: another ladder is another version of the plan (`sla.services.ladders.StepTerms`).
    """

    plan_version = TenantForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="ladder")
    metric = models.CharField(_("metric"), max_length=20, choices=Metric.choices)
    place = models.CharField(_("place"), max_length=10, choices=Place.choices)
    amount = models.PositiveIntegerField(_("amount"), default=0)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    priorities: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=10, choices=Priority.choices), default=list, blank=True
    )
    tells: models.JSONField[Any, Any] = models.JSONField(default=list)
    raises_priority = models.BooleanField(_("raises the priority"), default=False)
    reassigns_to = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    declares_emergency = models.BooleanField(_("declares an emergency"), default=False)

    plan_version_id: int
    reassigns_to_id: int | None

    class Meta:
        verbose_name = _("ladder step")
        verbose_name_plural = _("ladder steps")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(place="share") | Q(amount__gte=1, amount__lte=99), name="ladder_share_percent"
            ),
            models.CheckConstraint(condition=~Q(place="after") | Q(amount__gt=0), name="ladder_after_some"),
            models.CheckConstraint(condition=Q(times__gte=1), name="ladder_times_some"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.place} {self.amount}"
