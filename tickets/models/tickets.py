"""Tickets: a request from filing to the end, its category, its number and when it is due."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.lifecycle import ENDED, UNRESOLVED, Priority, Status
from tickets.models.catalogue import Service
from tickets.querysets import CategoryQuerySet, TicketQuerySet

SUBJECT_LENGTH = 200


class Channel(models.TextChoices):
    PORTAL = "portal", _("Portal")
    AGENT = "agent", _("Logged by an agent")
    API = "api", _("API")


class Category(TenantModel):
    """A kind of service that tickets are about (policy clause S1)."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_outage = models.BooleanField(
        _("outage or restore"), default=False, help_text="The restore clock runs."
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="category_name_once")]

    def __str__(self) -> str:
        return self.name


class TicketCounter(TenantModel):
    """The last ticket number of a tenant; locked while the next one is taken, so that none is left out."""

    tenant = models.OneToOneField(
        "accounts.Tenant", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    last_number = models.PositiveIntegerField(default=1000)

    def __str__(self) -> str:
        return str(self.last_number)


class DueState(models.TextChoices):
    """What the clock that falls due next is doing; `running` is judged against now when shown."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    NONE = "none", _("No commitment")


class Ticket(TenantModel):
    """A request of a customer, from filing to the end.

    `due_at` to `due_state` are the promise that falls due next, a projection written by `sla` alone.
    """

    number = models.PositiveIntegerField()
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    customer = TenantForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    requester = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="requested_tickets")
    assignee = TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="assigned_tickets",
        null=True,
        blank=True,
        db_index=False,
    )
    category = TenantForeignKey(Category, on_delete=models.PROTECT, related_name="tickets")
    service = TenantForeignKey(
        Service,
        on_delete=models.PROTECT,
        related_name="tickets",
        null=True,
        blank=True,
        verbose_name=_("affected service"),
    )
    affected_service = models.CharField(
        _("affected service"), max_length=120, blank=True, help_text="In words, where the desk lists none."
    )
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.NEW)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    filed_at = models.DateTimeField(_("filed"))
    updated_at = models.DateTimeField(_("updated"))
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    chat_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when a customer waits in a chat."
    )
    is_private = models.BooleanField(
        _("private"),
        default=False,
        db_default=False,
        help_text="Of its company only the requester and who was added see it.",
    )
    merged_into = TenantForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged_tickets", null=True, blank=True, db_index=False
    )

    due_at = models.DateTimeField(null=True, blank=True)
    at_risk_at = models.DateTimeField(null=True, blank=True)
    due_started_at = models.DateTimeField(null=True, blank=True)
    due_metric = models.CharField(max_length=20, blank=True)
    due_state = models.CharField(max_length=10, choices=DueState.choices, default=DueState.NONE)
    due_remaining = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds left while paused.")
    due_in_business_time = models.BooleanField(default=False, help_text="Not around the clock.")
    due_zone = models.CharField(max_length=64, blank=True, help_text="Time zone of the contract.")
    has_breached = models.BooleanField(default=False, help_text="A promise on this ticket was missed.")

    search = models.GeneratedField(
        expression=models.Func(
            models.Value("simple"), F("subject"), function="to_tsvector", output_field=SearchVectorField()
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    customer_id: int
    requester_id: int
    assignee_id: int | None
    category_id: int
    service_id: int | None
    merged_into_id: int | None
    objects: ClassVar = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering: ClassVar = ["-filed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number_once"),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, resolved_at__isnull=False)
                | Q(status__in=UNRESOLVED, resolved_at__isnull=True),
                name="ticket_resolved_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(status=Status.CLOSED) & ~Q(merged_into=F("id"))),
                name="ticket_merged_is_closed",
            ),
        ]
        indexes: ClassVar = [
            # The columns besides are what the rail counts: it reads the index alone.
            models.Index(
                fields=["tenant", "due_at", "id"],
                include=["assignee", "due_state", "at_risk_at"],
                name="ticket_queue",
                condition=Q(status__in=UNRESOLVED),
            ),
            models.Index(fields=["tenant", "due_at", "id"], name="ticket_due"),
            models.Index(fields=["tenant", "assignee", "due_at", "id"], name="ticket_assignee"),
            models.Index(fields=["tenant", "customer", "-updated_at", "-id"], name="ticket_customer"),
            models.Index(fields=["tenant", "-updated_at", "-id"], name="ticket_newest"),
            models.Index(
                fields=["merged_into"], name="ticket_merged_into", condition=Q(merged_into__isnull=False)
            ),
            GinIndex(fields=["tenant", "search"], name="ticket_search"),
            GinIndex(
                fields=["tenant", "subject"],
                name="ticket_subject_trgm",
                opclasses=["int8_ops", "gin_trgm_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def service_words(self) -> str:
        """The service that it is about, by its name or as its requester called it."""
        return self.service.name if self.service else self.affected_service

    @property
    def is_resolved(self) -> bool:
        """Resolved or closed."""
        return self.status in ENDED

    def is_breached(self, now: datetime) -> bool:
        """The promise that falls due next has been missed by that instant."""
        return self.due_state == DueState.RUNNING and self.due_at is not None and now > self.due_at

    def is_at_risk(self, now: datetime) -> bool:
        """The aim of the promise that falls due next has passed by that instant, its limit not yet."""
        return (
            self.due_state == DueState.RUNNING
            and self.at_risk_at is not None
            and now > self.at_risk_at
            and not self.is_breached(now)
        )
