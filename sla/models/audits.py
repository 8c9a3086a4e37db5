"""What the nightly audit of the clocks has found to differ."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models import Ticket


class ClockDifference(TenantModel):
    """A stored value that is not what the ticket's record says. There must be none.

    `field` is the column that differs ("row" where a clock is missing or should not be there); `metric` is
    empty where it stands on the ticket itself. It is taken away by an audit that finds the ticket right.
    """

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    metric = models.CharField(max_length=20, blank=True)
    cycle = models.PositiveIntegerField(default=1)
    field = models.CharField(max_length=40)
    stored = models.TextField(blank=True)
    reckoned = models.TextField(blank=True)
    found_at = models.DateTimeField()

    ticket_id: int

    class Meta:
        verbose_name = _("clock difference")
        verbose_name_plural = _("clock differences")
        ordering: ClassVar = ["ticket_id", "metric", "cycle", "field"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "metric", "cycle", "field"], name="clock_difference_once"
            ),
        ]

    def __str__(self) -> str:
        place = f"{self.metric} {self.cycle}" if self.metric else "summary"
        return f"{place}: {self.field} is {self.stored or 'nothing'}, reckoned {self.reckoned or 'nothing'}"
