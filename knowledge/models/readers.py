"""What readers said of articles, and what they looked for in vain."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Language, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from knowledge.models.articles import Edition


class Feedback(TenantModel):
    """Whether an edition helped somebody; each reader has one say, the last one.

    `voter` is a member's id, or for a reader whom the desk does not know a keyed hash that is good for
    nothing but telling two readers apart. `number` is the version that was read.
    """

    edition = TenantForeignKey(Edition, on_delete=models.CASCADE, related_name="feedback")
    number = models.PositiveIntegerField()
    voter = models.CharField(max_length=64)
    membership = TenantForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    helped = models.BooleanField()
    comment = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "voter"], name="feedback_once_a_reader")
        ]

    def __str__(self) -> str:
        return "yes" if self.helped else "no"


class MissedSearch(TenantModel):
    """Words that somebody searched for and that no article had; authors look through them."""

    language = models.CharField(max_length=5, choices=Language.choices)
    words = models.CharField(max_length=100)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-times", "-last_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "language", "words"], name="missed_search_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-times", "-last_at"], name="missed_most")]

    def __str__(self) -> str:
        return self.words
