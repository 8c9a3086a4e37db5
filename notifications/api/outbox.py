"""The outbox by API: what is to leave, has left, could not. For admins."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Instant, PageQuery, page_response, page_schema, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin
from notifications.models import OutboxMessage, Way
from notifications.querysets import OutboxQuerySet
from notifications.services import retry_failed
from notifications.views.outbox import letter_shown, title_of
from tickets.api.inputs import NothingInput

NEWEST = Order("newest", [Key("created_at", descending=True), Key("id", descending=True)])
STATES = [
    ("waiting", _("Waiting")),
    ("sent", _("Sent")),
    ("failed", _("Failed")),
    ("cancelled", _("Cancelled")),
]


class OutboxMessageSerializer(serializers.Serializer[OutboxMessage]):
    """A mail, or the call of a webhook."""

    id = serializers.IntegerField()
    way = serializers.ChoiceField(choices=Way.choices)
    to = serializers.CharField(help_text=_("An email address, or the address that is called."))
    kind = serializers.CharField(help_text=_("What it is about, for programs."))
    title = serializers.SerializerMethodField(help_text=_("The subject of a mail."))
    state = serializers.ChoiceField(choices=STATES)
    created_at = Instant()
    send_after = Instant(allow_null=True, help_text=_("Held until then: quiet hours."))
    attempts = serializers.IntegerField()
    next_attempt_at = Instant(allow_null=True)
    sent_at = Instant(allow_null=True)
    failed_at = Instant(allow_null=True, help_text=_("When it was given up."))
    cancelled_at = Instant(allow_null=True)
    response_status = serializers.IntegerField(
        allow_null=True, help_text=_("What a webhook's address answered.")
    )
    last_error = serializers.CharField()

    def get_title(self, message: OutboxMessage) -> str:
        return title_of(message)


class OutboxDetailSerializer(OutboxMessageSerializer):
    """A message with what it says."""

    text = serializers.SerializerMethodField(
        help_text=_("Of a mail; empty where a link in it is for its reader alone.")
    )
    payload = serializers.SerializerMethodField(help_text=_("What a webhook carries, as it is signed."))

    def get_text(self, message: OutboxMessage) -> str:
        if message.is_secret or message.is_webhook:
            return ""
        letter, _problem = letter_shown(message)
        return letter.text

    def get_payload(self, message: OutboxMessage) -> str:
        return message.data if message.is_webhook else ""


class OutboxQuery(PageQuery):
    """Which messages."""

    state = serializers.ChoiceField(choices=STATES, required=False)


OutboxPage = page_schema("OutboxPage", OutboxMessageSerializer)


class OutboxView(DeskView):
    permission_classes = (IsAdmin,)

    def messages(self) -> OutboxQuerySet:
        """Those of the desk."""
        found = OutboxMessage.objects.visible_to(self.membership)
        return found.select_related("tenant", "recipient__user")

    def answer(self, message_id: int) -> Response:
        """The message as it is now. Raises Http404."""
        return Response(OutboxDetailSerializer(get_object_or_404(self.messages(), pk=message_id)).data)


class Outbox(OutboxView):
    @operation(
        _("List the outbox"),
        name="list_outbox",
        group="look",
        answers={200: OutboxPage},
        refused=["invalid", "not_allowed"],
        parameters=[OutboxQuery],
        description=_("Mails and webhooks, the newest first. For admins alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, OutboxQuery)
        found = self.messages().defer("body_text", "body_html").in_state(query.get("state", ""))
        return page_response(self, found, NEWEST, query, OutboxMessageSerializer)


class OneMessage(OutboxView):
    @operation(
        _("Show a message of the outbox"),
        name="show_outbox_message",
        group="look",
        answers={200: OutboxDetailSerializer},
        refused=["not_allowed"],
        description=_("As it leaves or left. For admins alone."),
    )
    def get(self, request: Request, outbox_id: int) -> Response:
        return self.answer(outbox_id)


class Retry(OutboxView):
    @operation(
        _("Try a message again"),
        name="retry_outbox_message",
        group="look",
        answers={200: OutboxDetailSerializer},
        refused=[*CHANGE, "not_given_up"],
        request=NothingInput,
        description=_("One that was given up, from the beginning. For admins alone."),
    )
    def post(self, request: Request, outbox_id: int) -> Response:
        message = get_object_or_404(self.messages(), pk=outbox_id)
        read_input(self, NothingInput)
        retry_failed(message=message, at=timezone.now())
        return self.answer(outbox_id)
