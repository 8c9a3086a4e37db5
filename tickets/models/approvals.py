"""What a customer is asked to approve before somebody goes on (policy clauses S7, S8, B7)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models.tickets import Ticket
from tickets.querysets import ApprovalQuerySet

QUESTION_LENGTH = 2000
COMMENT_LENGTH = 1000
PRICE_LENGTH = 120


class ApprovalState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DecidedBy(models.TextChoices):
    """By which way the answer came."""

    PORTAL = "portal", _("in the portal")
    LINK = "link", _("by the link in the mail")
    API = "api", _("through the API")


class Approval(TenantModel):
    """A question that waits for a yes or no of the customer; one at a time on a ticket.

    `clause_title` and `clause_text` are the words of the exclusion that was named, as the plan said them on
    that day: then this is an offer for work out of scope. `estimate_minutes` of an approved one may be drawn
    from prepaid hours; `price` is text, which nothing reckons with.
    """

    ticket = TenantForeignKey(Ticket, on_delete=models.PROTECT, related_name="approvals", db_index=False)
    question = models.TextField(_("question"), max_length=QUESTION_LENGTH)
    clause_key = models.CharField(max_length=80, blank=True)
    clause_title = models.CharField(max_length=200, blank=True)
    clause_text = models.TextField(blank=True)
    estimate_minutes = models.PositiveIntegerField(_("estimate, minutes"), null=True, blank=True)
    price = models.CharField(_("price"), max_length=PRICE_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    asked_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_through = models.CharField(max_length=8, choices=DecidedBy.choices, blank=True)
    comment = models.TextField(_("comment"), max_length=COMMENT_LENGTH, blank=True)

    ticket_id: int
    asked_by_id: int
    decided_by_id: int | None
    objects: ClassVar = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"], name="approval_one_waits", condition=Q(state=ApprovalState.WAITING)
            ),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.WAITING, decided_at__isnull=True)
                | Q(~Q(state=ApprovalState.WAITING), decided_at__isnull=False),
                name="approval_decided_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(clause_title="")
                | Q(estimate_minutes__isnull=False, estimate_minutes__gt=0)
                | ~Q(price=""),
                name="approval_out_of_scope_has_offer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "-asked_at", "-id"], name="approval_of_ticket"),
            models.Index(
                fields=["tenant", "asked_at"], name="approval_waiting", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]

    @property
    def is_waiting(self) -> bool:
        """Nobody has answered yet, and it was not withdrawn."""
        return self.state == ApprovalState.WAITING

    @property
    def is_out_of_scope(self) -> bool:
        """It names an exclusion of the plan."""
        return bool(self.clause_title)
