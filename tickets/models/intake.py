"""Intake forms: which facts a category asks for, version by version, and what was answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.intake import Question, question_of
from tickets.models.tickets import Category, Ticket


class IntakeForm(TenantModel):
    """One version of what a category asks for (rows are only ever added). The highest number is in use.

    `questions` is a list of what `tickets.intake.Question.as_data` writes; empty when nothing is asked.
    """

    category = TenantForeignKey(Category, on_delete=models.CASCADE, related_name="intake_forms")
    number = models.PositiveIntegerField()
    questions: models.JSONField[Any, Any] = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    category_id: int

    class Meta:
        verbose_name = _("intake form")
        verbose_name_plural = _("intake forms")
        ordering: ClassVar = ["category", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "category", "number"], name="intake_form_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.category_id} v{self.number}"

    @property
    def asked(self) -> list[Question]:
        """Its questions in order."""
        return [question_of(data) for data in self.questions]


class IntakeAnswers(TenantModel):
    """What was answered when a ticket was filed, with the version that asked (never changed afterwards)."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="intake", db_index=False)
    form = TenantForeignKey(IntakeForm, on_delete=models.PROTECT, related_name="answers")
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict)

    ticket_id: int
    form_id: int

    class Meta:
        verbose_name = _("answers at intake")
        verbose_name_plural = _("answers at intake")
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket"], name="intake_of_ticket_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}"
