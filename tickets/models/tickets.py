"""Tickets, their conversation, their files and their history; categories and numbers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.lifecycle import ENDED, UNRESOLVED, Priority, Status
from tickets.models.catalogue import Service
from tickets.querysets import AttachmentQuerySet, CategoryQuerySet, TicketQuerySet

SUBJECT_LENGTH = 200
BODY_LENGTH = 20_000


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


class MessageKind(models.TextChoices):
    REPLY = "reply", _("Public reply")
    NOTE = "note", _("Internal note")


class Message(TenantModel):
    """One contribution to the conversation; a note is for staff alone."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    author = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="messages", null=True, blank=True
    )
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    from_staff = models.BooleanField()
    is_automatic = models.BooleanField(default=False)
    body = models.TextField(_("message"), max_length=BODY_LENGTH)
    body_html = models.TextField(help_text="The body as shown: Markdown rendered and cleaned when written.")
    created_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=models.Func(
            models.Value("simple"), F("body"), function="to_tsvector", output_field=SearchVectorField()
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    ticket_id: int
    author_id: int | None

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            GinIndex(fields=["tenant", "search"], name="message_search"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_note(self) -> bool:
        return self.kind == MessageKind.NOTE


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Where a file lies: by tenant and unguessable id, never by the name that its sender chose."""
    return f"attachments/{attachment.tenant_id}/{attachment.id.hex[:2]}/{attachment.id.hex}"


class Attachment(TenantModel):
    """A file that came with a message; served as a download after a permission check."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["message"], name="attachment_of_message")]

    def __str__(self) -> str:
        return self.name


class EventKind(models.TextChoices):
    """One word an intention."""

    FILED = "filed", _("Filed")
    REPLIED = "replied", _("Replied")
    NOTED = "noted", _("Noted")
    ASSIGNED = "assigned", _("Assigned")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    STATUS_CHANGED = "status_changed", _("Status changed")
    RESOLVED = "resolved", _("Resolved")
    REOPENED = "reopened", _("Reopened")
    CLOSED = "closed", _("Closed")
    ESCALATED = "escalated", _("Escalated")
    CATEGORY_CHANGED = "category_changed", _("Category changed")
    DUE_SET = "due_set", _("Due time set by hand")
    DUE_CLEARED = "due_cleared", _("Due time set by hand cleared")
    MERGED = "merged", _("Merged into another ticket")
    MERGED_IN = "merged_in", _("Another ticket was merged into it")
    SPLIT = "split", _("Split")
    PROMISE_CHANGED = "promise_changed", _("Promise changed")
    EMERGENCY_DECLARED = "emergency_declared", _("Emergency declared")
    EMERGENCY_CALLED = "emergency_called", _("Called about an emergency")
    EMERGENCY_ACKNOWLEDGED = "emergency_acknowledged", _("Emergency acknowledged")
    EMERGENCY_ENDED = "emergency_ended", _("Emergency ended")
    SERVICE_CHANGED = "service_changed", _("Affected service changed")
    MAINTENANCE_PLANNED = "maintenance_planned", _("Maintenance planned")
    MAINTENANCE_LIFTED = "maintenance_lifted", _("Planned maintenance no longer holds")
    OUTAGE_LINKED = "outage_linked", _("Linked to an outage")
    WINDOW_LINKED = "window_linked", _("Linked to maintenance")
    WINDOW_UNLINKED = "window_unlinked", _("No longer linked to maintenance")
    APPROVAL_ASKED = "approval_asked", _("Approval asked for")
    APPROVAL_GIVEN = "approval_given", _("Approved")
    APPROVAL_DECLINED = "approval_declined", _("Declined")
    APPROVAL_WITHDRAWN = "approval_withdrawn", _("Approval no longer asked for")
    TIME_LOGGED = "time_logged", _("Time logged")
    TIME_VOIDED = "time_voided", _("Logged time taken back")
    HOURS_DRAWN = "hours_drawn", _("Prepaid hours drawn")
    RATED = "rated", _("Rated")
    RATING_FOLLOWED_UP = "rating_followed_up", _("Low rating followed up")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    PERSON_ADDED = "person_added", _("Somebody was added")
    PERSON_REMOVED = "person_removed", _("Somebody was removed")
    PRIVACY_CHANGED = "privacy_changed", _("Who may see it changed")
    CHAT_ASKED = "chat_asked", _("Chat asked for")


class TicketEvent(TenantModel):
    """What happened to a ticket: who, when, what. Rows are only ever added (a trigger sees to it).

    `data` holds the change as plain values: {"from": …, "to": …} for a field, {"from_staff": bool,
    "automatic": bool} for a reply, {"metric", "step", "cycle"} for an escalation, {"metric", "due_at",
    "reason"} for a due time set by hand, {"is_outage": bool} beside the category of a filing or of its
    change, the other ticket's number as "into", "from" or "to" for a merge or a split, {"window", "title",
    "starts_at", "ends_at"} for planned maintenance (the latest of a window counts, {"window", "title"} lifts
    it), the names of services as "from" and "to", {"outage", "title"} for an outage, {"window", "title"}
    for a window that it is linked to or no longer, {"approval", "estimate", "price", "clause"} for what a
    customer shall approve and {"approval", "comment"} for its answer, {"entry", "minutes", "charged"} for
    time, {"entry", "minutes"} for prepaid hours that it drew (less than nothing: they were given back).
    {"score": 1 to 5} for a rating, {"note"} for its follow-up, {"person", "name"} for somebody who is added
    or removed, {"private": bool}. `status` and `priority` are those after the event, so that the clocks can
    be reckoned from events alone.
    """

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=30, choices=EventKind.choices)
    at = models.DateTimeField()
    actor = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    message = TenantForeignKey(
        Message, on_delete=models.CASCADE, related_name="events", null=True, blank=True
    )
    status = models.CharField(max_length=20, choices=Status.choices)
    priority = models.CharField(max_length=10, choices=Priority.choices)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    submission = models.UUIDField(null=True, help_text="Which sending of a form this was: once a person.")

    ticket_id: int
    actor_id: int | None

    class Meta:
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["ticket", "at", "id"], name="event_of_ticket")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "actor", "submission"],
                name="event_submission_once",
                condition=Q(submission__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
