"""Emergencies, and the rotas that say who is called."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models import Ticket


class Rota(TenantModel):
    """People who take turns at being on call; `minutes` is how long each has to acknowledge."""

    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64)
    minutes = models.PositiveSmallIntegerField(_("minutes to acknowledge"), default=10)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("on-call rota")
        verbose_name_plural = _("on-call rotas")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="rota_name_once")]

    def __str__(self) -> str:
        return self.name


class RotaTurn(TenantModel):
    """A stretch in which somebody is on call; of several at once the lower `position` is called first."""

    rota = TenantForeignKey(Rota, on_delete=models.CASCADE, related_name="turns")
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    rota_id: int
    person_id: int

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering: ClassVar = ["starts_at", "position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="rota_turn_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["rota", "starts_at", "ends_at"], name="rota_turn_at")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Emergency(TenantModel):
    """Somebody is called at once about a ticket, and then the next, until one acknowledges.

    `next_call_at` is when the sweep calls the next person, null once acknowledged or ended.
    """

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="emergencies")
    rota = TenantForeignKey(Rota, on_delete=models.PROTECT, related_name="emergencies", null=True, blank=True)
    reason = models.TextField(_("reason"))
    declared_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    declared_at = models.DateTimeField(default=timezone.now)
    acknowledged_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    next_call_at = models.DateTimeField(null=True, blank=True)

    ticket_id: int
    rota_id: int | None
    declared_by_id: int | None
    acknowledged_by_id: int | None

    class Meta:
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        ordering: ClassVar = ["declared_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="emergency_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_call_at"], name="emergency_to_call", condition=Q(next_call_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"emergency on {self.ticket_id}"


class EmergencyCall(TenantModel):
    """Somebody who was called. Rows are only added."""

    emergency = TenantForeignKey(Emergency, on_delete=models.CASCADE, related_name="calls")
    person = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    called_at = models.DateTimeField()

    emergency_id: int
    person_id: int

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering: ClassVar = ["called_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "person", "round"], name="emergency_call_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.called_at:%H:%M}"
