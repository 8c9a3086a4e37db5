"""Prepaid hours: packs that customers buy, the ledger of what went in and out, and the time that drew it.

A ledger row is only ever added. A pack's `balance` is the sum of its rows: the database itself adds each row
to it (a trigger), lets nobody else write it, and refuses a row that would take it below what the pack allows
(a constraint). So two who draw at once wait for each other, and no code can make the two disagree.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from hours.querysets import LedgerQuerySet, PackQuerySet, TimeEntryQuerySet
from tickets.models import Approval, Ticket

NAME_LENGTH = 80
PRICE_LENGTH = 120
NOTE_LENGTH = 500
REASON_LENGTH = 250
LOW_AT_MINUTES = 120


class HoursAccount(TenantModel):
    """What holds for all packs of a customer; its row is locked while minutes are drawn."""

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    low_at_minutes = models.PositiveIntegerField(
        _("told when no more is left than"), default=LOW_AT_MINUTES, help_text="0: nobody is told."
    )
    low_told_at = models.DateTimeField(null=True, blank=True, help_text="Null: it is not low, or was not.")
    version = models.PositiveIntegerField(default=1)

    customer_id: int

    class Meta:
        verbose_name = _("hours account")
        verbose_name_plural = _("hours accounts")
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer"], name="hours_account_once")]

    def __str__(self) -> str:
        return str(self.customer_id)


class Pack(TenantModel):
    """Hours that a customer bought, good from one day through another (days in the desk's zone).

    `minutes` is what was bought, `balance` what is left. Nothing below zero, but for `overdraft_minutes`.
    """

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="packs")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    minutes = models.PositiveIntegerField(_("minutes"))
    price = models.CharField(_("price"), max_length=PRICE_LENGTH, blank=True, help_text="In words.")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text="Null: no end.")
    overdraft_minutes = models.PositiveIntegerField(_("overdraft, minutes"), default=0)
    balance = models.IntegerField(default=0, help_text="Written by the database alone.")
    sold_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    sold_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    customer_id: int
    objects: ClassVar = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pack of hours")
        verbose_name_plural = _("packs of hours")
        ordering: ClassVar = ["starts_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="pack_has_minutes"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="pack_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0 - F("overdraft_minutes")), name="pack_not_overdrawn"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "ends_on"], name="pack_to_expire", condition=Q(ends_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name


class Ground(models.TextChoices):
    """Why time is charged, or is not."""

    COVERED = "covered", _("Covered by the plan")
    BILLABLE = "billable", _("Billable by the plan")
    APPROVED = "approved", _("Approved by the customer")
    NOT_CHARGED = "not_charged", _("Not charged")


class TimeEntry(TenantModel):
    """Work of an agent on a ticket. `charged_minutes` were drawn from packs, `included_minutes` are part of
    what the plan includes each month; the rest is not charged. A mistake is voided, never changed."""

    ticket = TenantForeignKey(Ticket, on_delete=models.PROTECT, related_name="time_entries")
    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    worked_on = models.DateField(_("day"))
    minutes = models.PositiveIntegerField(_("time"))
    note = models.CharField(_("what was done"), max_length=NOTE_LENGTH)
    ground = models.CharField(max_length=12, choices=Ground.choices)
    charged_minutes = models.PositiveIntegerField(default=0)
    included_minutes = models.PositiveIntegerField(default=0)
    approval = TenantForeignKey(
        Approval, on_delete=models.PROTECT, related_name="time_entries", null=True, blank=True
    )
    logged_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    void_reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    ticket_id: int
    customer_id: int
    agent_id: int
    approval_id: int | None
    objects: ClassVar = TimeEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        ordering: ClassVar = ["logged_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="time_entry_has_minutes"),
            models.CheckConstraint(
                condition=Q(minutes__gte=F("charged_minutes") + F("included_minutes")),
                name="time_entry_charges_no_more",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "worked_on"], name="time_entry_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min {self.worked_on}"


class EntryKind(models.TextChoices):
    BOUGHT = "bought", _("Bought")
    DRAWN = "drawn", _("Drawn")
    ADJUSTED = "adjusted", _("Adjusted")
    EXPIRED = "expired", _("Expired")


class LedgerEntry(TenantModel):
    """What went into a pack (more than nothing) or out of it. Rows are only ever added."""

    pack = TenantForeignKey(Pack, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    minutes = models.IntegerField()
    at = models.DateTimeField()
    by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, help_text="Null: the desk itself."
    )
    time_entry = TenantForeignKey(TimeEntry, on_delete=models.PROTECT, related_name="ledger", null=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    submission = models.UUIDField(null=True, help_text="Which sending of a form bought or adjusted it.")

    pack_id: int
    time_entry_id: int | None
    objects: ClassVar = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=EntryKind.BOUGHT, minutes__gt=0)
                | Q(kind__in=(EntryKind.DRAWN, EntryKind.EXPIRED), minutes__lt=0)
                | (Q(kind=EntryKind.ADJUSTED) & ~Q(minutes=0)),
                name="ledger_entry_goes_its_way",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.DRAWN) | Q(time_entry__isnull=False),
                name="ledger_entry_drawn_by_time",
            ),
            models.UniqueConstraint(
                fields=["by", "submission"],
                name="ledger_entry_submission_once",
                condition=Q(submission__isnull=False),
            ),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.ADJUSTED) | ~Q(reason=""), name="ledger_entry_adjusted_says_why"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["pack", "at", "id"], name="ledger_entry_of_pack")]

    def __str__(self) -> str:
        return f"{self.kind} {self.minutes}"
