"""What happened to a ticket: rows that are only ever added."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.lifecycle import Priority, Status
from tickets.models.conversation import Message
from tickets.models.tickets import Ticket


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
