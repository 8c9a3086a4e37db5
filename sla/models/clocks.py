"""Agreements, the clocks that are judged by them, and the steps that were taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantModel
from accounts.rowsecurity import TenantForeignKey
from sla.models.ladders import LadderStep
from sla.models.promises import CalendarVersion, Contract, Metric, PlanVersion, SupportCalendar, TargetUnit
from sla.querysets import AgreementQuerySet, ClockQuerySet
from tickets.models import Ticket


class Agreement(TenantModel):
    """What clocks are judged by: a contract, a version of its plan, a version of its calendar.

    Where an edit was applied to open tickets from an instant on, `previous` is what holds before it and
    `since` that instant; an edit applied as if from the start leaves nothing before it. Rows never change
    and are shared by all clocks under the same terms, so an edit moves clocks from one agreement to the
    next, and what has ended stays with the one it was judged by.
    """

    contract = TenantForeignKey(Contract, on_delete=models.CASCADE, related_name="agreements")
    plan_version = TenantForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="agreements")
    calendar_version = TenantForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="agreements")
    previous = TenantForeignKey(
        "self", on_delete=models.RESTRICT, related_name="followers", null=True, blank=True
    )
    since = models.DateTimeField(null=True, blank=True, help_text="Null: from the start of the ticket.")

    contract_id: int
    plan_version_id: int
    calendar_version_id: int
    previous_id: int | None
    objects: ClassVar = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "plan_version", "calendar_version", "previous", "since"],
                nulls_distinct=False,
                name="agreement_once",
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True, since__isnull=True)
                | Q(previous__isnull=False, since__isnull=False),
                name="agreement_since_with_previous",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: plan version {self.plan_version_id}, hours {self.calendar_version_id}"

    @property
    def calendar(self) -> SupportCalendar:
        """The calendar that its hours are a version of."""
        calendar: SupportCalendar = self.calendar_version.calendar
        return calendar


class ClockStatus(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Breached")
    CANCELLED = "cancelled", _("Cancelled")


class Clock(TenantModel):
    """One promise on one ticket: a projection of the ticket's events, reckoned by `sla.clock` alone.

    `due_at` is the limit, `at_risk_at` the aim; both are null while paused, when `remaining` holds the
    business seconds left. `breached_at` and `ended_at` are the instants at which it happened, not those at
    which a sweep saw it. A breached clock that was not answered yet has no `ended_at`. `paused_at` is set
    while the ticket waits, also on a clock that was breached before.

    `unit`, `aim`, `limit` (of the target that is agreed now; no unit: none) and `left_out` (pauses and the
    times in resolved or closed that have ended, and planned maintenance, also that ahead, where the plan
    leaves it out, as start, end, start, end …) are what the deadlines of many
    open clocks are reckoned from at once, without their tickets' histories.
    """

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    metric = models.CharField(max_length=20, choices=Metric.choices)
    cycle = models.PositiveIntegerField(default=1)
    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="clocks")
    status = models.CharField(max_length=10, choices=ClockStatus.choices)
    started_at = models.DateTimeField()
    at_risk_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    remaining = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20, choices=TargetUnit.choices, blank=True)
    aim = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField(default=0)
    left_out: ArrayField[list[datetime], list[datetime]] = ArrayField(models.DateTimeField(), default=list)
    due_is_manual = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Since when a pause goes on.")
    ended_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    next_action_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Why the sweep set this clock aside.")

    ticket_id: int
    agreement_id: int
    objects: ClassVar = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering: ClassVar = ["started_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="clock_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "next_action_at"],
                name="clock_due",
                condition=Q(next_action_at__isnull=False, error=""),
            ),
            models.Index(fields=["tenant"], name="clock_set_aside", condition=~Q(error="")),
            models.Index(
                fields=["agreement", "ticket"], name="clock_open_under", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} {self.cycle}"

    def has_no_promise(self) -> bool:
        """Nothing is promised: not any more, or not yet."""
        return self.status == ClockStatus.CANCELLED and not self.unit and not self.due_is_manual

    def is_breached(self, now: datetime) -> bool:
        """The limit has passed by that instant, whether or not a sweep has seen it."""
        if self.breached_at is not None:
            return self.breached_at <= now
        return self.status == ClockStatus.RUNNING and self.due_at is not None and now > self.due_at


class Moot(models.TextChoices):
    """Why a step of the ladder is not taken, or why nobody is disturbed for it any more."""

    ANSWERED = "answered", _("Answered")
    PAUSED = "paused", _("Paused")
    RECOMPUTED = "recomputed", _("Falls due at another time")
    RESOLVED = "resolved", _("Resolved")
    MERGED = "merged", _("Merged")


class Escalation(TenantModel):
    """A step of the ladder that was taken on a clock. The unique key is what makes it happen once.

    `number` counts the turns of a step that repeats. A clock that was reckoned anew may take a step again
    whose instant lies ahead again, so that instant, `due_at`, is part of the key. `told` lists who was told:
    {"who", "name", "until"}, `until` (ISO 8601) where a mail waits for the end of somebody's quiet hours;
    `held_until` is the last of these. What is moot before it left is taken back: `cancelled_at` and why.
    """

    clock = TenantForeignKey(Clock, on_delete=models.CASCADE, related_name="escalations")
    step = TenantForeignKey(LadderStep, on_delete=models.PROTECT, related_name="escalations")
    number = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(help_text="The instant that was passed.")
    fired_at = models.DateTimeField(help_text="When the sweep acted.")
    told: models.JSONField[Any, Any] = models.JSONField(default=list)
    held_until = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=12, choices=Moot.choices, blank=True)

    clock_id: int
    step_id: int

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "step", "number", "due_at"], name="escalation_once"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_why="")
                | Q(cancelled_at__isnull=False, held_until__isnull=False) & ~Q(cancelled_why=""),
                name="escalation_cancelled_was_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.step_id} {self.number}"

    def is_held(self, now: datetime) -> bool:
        """Somebody's mail still waits for the end of their quiet hours."""
        return self.cancelled_at is None and self.held_until is not None and self.held_until > now
