"""People of the customer who follow a ticket besides its requester."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models.tickets import Ticket


class Participant(TenantModel):
    """That somebody of the ticket's company was added to it: they see it and are told of it."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants", db_index=False)
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="participations")
    added_by = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, db_index=False
    )
    added_at = models.DateTimeField()

    ticket_id: int
    person_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "person"], name="participant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.person_id}"
