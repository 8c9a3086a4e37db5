"""What customers say of the help that they got: one question and a comment for each resolved ticket."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models.tickets import Category, Ticket
from tickets.querysets import RatingQuerySet

COMMENT_LENGTH = 2000


class Score(models.IntegerChoices):
    """The answers to the one question, from worst to best."""

    VERY_POOR = 1, _("Very poor")
    POOR = 2, _("Poor")
    FAIR = 3, _("Fair")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")


LOW = (Score.VERY_POOR, Score.POOR)
SATISFIED = (Score.GOOD, Score.VERY_GOOD)


class Rating(TenantModel):
    """The question about one ticket, and its answer. Whose work it speaks of is kept as it was at the end.

    `next_mail_at` is when the question, or its one reminder, leaves; null when no mail is to come.
    """

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    category = TenantForeignKey(Category, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="ratings", null=True, blank=True, db_index=False
    )
    asked_at = models.DateTimeField()
    mails_sent = models.PositiveSmallIntegerField(default=0)
    next_mail_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("answer"), choices=Score.choices, null=True, blank=True)
    comment = models.TextField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    rated_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    follow_up_note = models.CharField(_("what was done"), max_length=500, blank=True)

    ticket_id: int
    agent_id: int | None
    rated_by_id: int | None

    objects: ClassVar = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering: ClassVar = ["-rated_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket"], name="rating_once_a_ticket"),
            models.CheckConstraint(
                condition=Q(score__isnull=True, rated_at__isnull=True)
                | Q(score__in=Score.values, rated_at__isnull=False),
                name="rating_score_has_instant",
            ),
            models.CheckConstraint(condition=Q(mails_sent__lte=2), name="rating_reminds_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_mail_at"], name="rating_mails", condition=Q(next_mail_at__isnull=False)
            ),
            models.Index(
                fields=["tenant", "-rated_at", "-id"],
                name="rating_newest",
                condition=Q(rated_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score or 'not rated'}"

    @property
    def is_low(self) -> bool:
        return self.score in LOW

    @property
    def waits_for_follow_up(self) -> bool:
        """A low answer that no supervisor has taken up."""
        return self.is_low and self.followed_up_at is None
