"""Tickets, messages, events and files as the API writes them.

Contacts get the same forms; what is the staff's own (notes, inner events) is not even loaded for them.
"""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from accounts.models import Membership
from sla.working_hours import returns
from tickets import permissions
from tickets.api.inputs import METRICS
from tickets.intake import Kind
from tickets.lifecycle import Priority, Status
from tickets.models import (
    Attachment,
    Category,
    Channel,
    DueState,
    EventKind,
    Message,
    MessageKind,
    Service,
    Ticket,
    TicketEvent,
)
from tickets.notices import reference
from tickets.querysets import TicketQuerySet
from tickets.quiet import quiet_until
from tickets.services.intake import answered

ACTIONS = (
    ("reply", _("Reply in public.")),
    ("note", _("Write an internal note.")),
    ("assign", _("Assign.")),
    ("change_priority", _("Change the priority.")),
    ("change_category", _("Change the category.")),
    ("change_service", _("Say which service is affected.")),
    ("change_status", _("Change the status.")),
    ("set_due", _("Set a due time by hand, or clear it.")),
    ("merge", _("Merge it into another ticket.")),
    ("split", _("Make a message a ticket of its own.")),
    ("resolve", _("Resolve.")),
    ("reopen", _("Reopen.")),
    ("add_people", _("Add people of its company, or take them off.")),
    ("change_privacy", _("Hide it from the requester's colleagues, or show it again.")),
    ("withdraw", _("Withdraw it: it is not needed any more.")),
    ("close", _("Close it for good once it is resolved.")),
    ("rate", _("Say how the support was.")),
)


class CategorySerializer(serializers.Serializer[Category]):
    """A kind of service that tickets are about."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()


class CategoryRefSerializer(serializers.Serializer[Category]):
    """A category, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ServiceRefSerializer(serializers.Serializer[Service]):
    """A service, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class DueSerializer(serializers.Serializer[Any]):
    """The promise that falls due next."""

    state = serializers.ChoiceField(
        choices=DueState.choices,
        help_text=_("“none”: no commitment. Nothing is promised, nothing is overdue."),
    )
    metric = serializers.ChoiceField(choices=METRICS, allow_null=True)
    at = Instant(allow_null=True, help_text=_("The limit; null while paused."))
    at_risk_at = Instant(allow_null=True, help_text=_("The aim; null while paused."))
    remaining_seconds = serializers.IntegerField(
        allow_null=True, help_text=_("Business seconds left while paused.")
    )
    is_at_risk = serializers.BooleanField(help_text=_("The aim has passed, the limit has not."))
    is_breached = serializers.BooleanField(help_text=_("The limit has passed."))


def due_of(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """The summary that `sla` keeps on the ticket, judged at that instant."""
    return {
        "state": ticket.due_state,
        "metric": ticket.due_metric or None,
        "at": ticket.due_at,
        "at_risk_at": ticket.at_risk_at,
        "remaining_seconds": ticket.due_remaining,
        "is_at_risk": ticket.is_at_risk(now),
        "is_breached": ticket.is_breached(now),
    }


class TicketSerializer(serializers.Serializer[Ticket]):
    """A ticket as in a list."""

    number = serializers.IntegerField(help_text=_("Its number in this desk, as addresses take it."))
    reference = serializers.SerializerMethodField(help_text=_("The number as people write it: ACME-1042."))
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    priority = serializers.ChoiceField(choices=Priority.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    category = CategoryRefSerializer()
    service = ServiceRefSerializer(allow_null=True, help_text=_("What is affected; null for none."))
    affected_service = serializers.CharField(
        help_text=_("The affected service in the requester's words, where none is listed.")
    )
    customer = CustomerRefSerializer()
    requester = PersonRefSerializer()
    assignee = PersonRefSerializer(allow_null=True, help_text=_("Null while nobody has it."))
    filed_at = Instant()
    updated_at = Instant()
    is_private = serializers.BooleanField(
        help_text=_("Of its company only the requester and who was added see it.")
    )
    resolved_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    withdrawn_at = Instant(allow_null=True)
    merged_into = serializers.SerializerMethodField(
        help_text=_("The number of the ticket in which the conversation goes on, null for most.")
    )
    quiet_until = serializers.SerializerMethodField(
        help_text=_("Until then a requester's reply leaves it resolved; null where a reply opens it again.")
    )
    due = serializers.SerializerMethodField()
    has_breached = serializers.BooleanField(help_text=_("A promise on this ticket was missed at some time."))
    url = serializers.SerializerMethodField(help_text=_("Its address in the API."))
    page_url = serializers.SerializerMethodField(help_text=_("Its page for people."))

    def get_reference(self, ticket: Ticket) -> str:
        return reference(ticket, self.context["tenant"])

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_merged_into(self, ticket: Ticket) -> int | None:
        return ticket.merged_into.number if ticket.merged_into else None

    @extend_schema_field(Instant(allow_null=True))
    def get_quiet_until(self, ticket: Ticket) -> Any:
        until = quiet_until(ticket, self.context["tenant"])
        return None if until is None else Instant().to_representation(until)

    @extend_schema_field(DueSerializer)
    def get_due(self, ticket: Ticket) -> Any:
        return DueSerializer(due_of(ticket, self.context["now"])).data

    @extend_schema_field(serializers.URLField())
    def get_url(self, ticket: Ticket) -> str:
        return self._absolute("api_ticket", ticket.number)

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, ticket: Ticket) -> str:
        return self._absolute("ticket", ticket.number)

    def _absolute(self, name: str, number: int) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse(name, args=[number]))
        return address


class AttachmentSerializer(serializers.Serializer[Attachment]):
    """A file that came with a message."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text=_("Bytes."))
    content_type = serializers.CharField()
    url = serializers.SerializerMethodField(
        help_text=_("Where to download it, with the same authentication.")
    )

    @extend_schema_field(serializers.URLField())
    def get_url(self, attachment: Attachment) -> str:
        address: str = self.context["request"].build_absolute_uri(
            reverse("api_attachment", args=[attachment.pk])
        )
        return address


class MessageSerializer(serializers.Serializer[Message]):
    """A public reply, or an internal note (for staff alone)."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    author = PersonRefSerializer(allow_null=True, help_text=_("Null for the desk itself."))
    from_staff = serializers.BooleanField()
    is_automatic = serializers.BooleanField()
    body = serializers.CharField(help_text=_("Markdown, as it was written."))
    body_html = serializers.CharField(help_text=_("Rendered and cleaned HTML."))
    created_at = Instant()
    attachments = AttachmentSerializer(many=True, source="attachments.all")


class AnswerSerializer(serializers.Serializer[Any]):
    """A question that was asked when the ticket was filed, and its answer."""

    key = serializers.CharField()
    question = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    answer = serializers.JSONField(help_text=_("A text, a day, or the names of files."))


class TicketDetailSerializer(TicketSerializer):
    """A ticket with its conversation."""

    answers = serializers.SerializerMethodField(
        help_text=_("What the category asked for when the ticket was filed, in the words of that day.")
    )
    actions = serializers.SerializerMethodField(help_text=_("What the caller may do to it as it is now."))
    messages = MessageSerializer(
        many=True, source="messages.all", help_text=_("The conversation, oldest first.")
    )
    assignee_back_at = serializers.SerializerMethodField(
        help_text=_("When an assignee who is away works again; null for who is there, and for contacts.")
    )

    @extend_schema_field(Instant(allow_null=True))
    def get_assignee_back_at(self, ticket: Ticket) -> Any:
        if ticket.assignee is None or self.context["membership"].is_contact:
            return None
        back = returns([ticket.assignee], self.context["now"]).get(ticket.assignee.pk)
        return None if back is None else Instant().to_representation(back)

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, ticket: Ticket) -> list[dict[str, Any]]:
        return [
            {"key": question.key, "question": question.label, "kind": question.kind, "answer": answer}
            for question, answer in answered(ticket)
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ACTIONS)))
    def get_actions(self, ticket: Ticket) -> list[str]:
        return actions_of(self.context["membership"], ticket)


def actions_of(membership: Membership, ticket: Ticket) -> list[str]:
    """The intentions that `permissions` would allow now, in the order of the addresses."""
    handle = permissions.can_handle(membership, ticket)
    may = {
        "reply": permissions.can_reply(membership, ticket),
        "note": permissions.can_note(membership, ticket),
        "assign": handle,
        "change_priority": handle,
        "change_category": handle,
        "change_service": handle,
        "change_status": handle and not ticket.is_resolved,
        "set_due": permissions.can_set_due(membership, ticket),
        "merge": handle,
        "split": handle,
        "resolve": permissions.can_resolve(membership, ticket),
        "reopen": permissions.can_reopen(membership, ticket),
        "add_people": permissions.can_change_people(membership, ticket),
        "change_privacy": permissions.can_change_privacy(membership, ticket),
        "withdraw": permissions.can_withdraw(membership, ticket),
        "close": permissions.can_close(membership, ticket),
        "rate": permissions.can_rate(membership, ticket),
    }
    return [name for name, allowed in may.items() if allowed]


def with_conversation(tickets: TicketQuerySet, membership: Membership) -> TicketQuerySet:
    """With the messages that this person may read, their authors and files: two queries more."""
    messages = Message.objects.select_related("author").prefetch_related("attachments")
    if membership.is_contact:
        messages = messages.filter(kind=MessageKind.REPLY)
    return tickets.prefetch_related(Prefetch("messages", messages))


class EventSerializer(serializers.Serializer[TicketEvent]):
    """Something that happened to a ticket. Events are never changed."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    at = Instant()
    actor = PersonRefSerializer(allow_null=True, help_text=_("Null for the desk itself."))
    message = serializers.IntegerField(
        source="message_id", allow_null=True, help_text=_("The id of its message.")
    )
    status = serializers.ChoiceField(choices=Status.choices, help_text=_("The status after it."))
    priority = serializers.ChoiceField(choices=Priority.choices, help_text=_("The priority after it."))
    data = serializers.DictField(  # type: ignore[assignment] # DRF takes fields off the class
        help_text=_("The change as plain values, such as “from” and “to”.")
    )


TicketPage = page_schema("TicketPage", TicketSerializer)
EventPage = page_schema("EventPage", EventSerializer)
CategoryPage = page_schema("CategoryPage", CategorySerializer)
