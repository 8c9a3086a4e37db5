"""What stands under the caller's bell, by API."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    PageQuery,
    id_field,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import BODY, operation
from accounts.api.pagination import Key, Order
from notifications.models import Notification
from notifications.services import mark_read

NEWEST = Order("newest", [Key("created_at", descending=True), Key("id", descending=True)])


class NotificationSerializer(serializers.Serializer[Notification]):
    """One line under the bell."""

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=_("What it is about, for programs."))
    title = serializers.CharField()
    body = serializers.CharField(help_text=_("May be empty."))
    path = serializers.CharField(help_text=_("The page that it leads to, inside the desk."))
    created_at = Instant()
    read_at = Instant(allow_null=True, help_text=_("Null while it is unread."))


class NotificationsQuery(PageQuery):
    """Which notifications."""

    unread = serializers.BooleanField(default=False, help_text=_("Unread ones alone."))


class MarkReadInput(Input):
    """Which notifications are marked read."""

    id = id_field(required=False, help_text=_("This one alone; without it all of them."))


class MarkedSerializer(serializers.Serializer[dict[str, int]]):
    """What was done."""

    marked = serializers.IntegerField(help_text=_("How many were unread."))


NotificationPage = page_schema("NotificationPage", NotificationSerializer)


class Notifications(DeskView):
    @operation(
        _("List my notifications"),
        name="list_notifications",
        group="people",
        answers={200: NotificationPage},
        refused=["invalid"],
        parameters=[NotificationsQuery],
        description=_("What stands under the caller's own bell, the newest first."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, NotificationsQuery)
        mine = Notification.objects.visible_to(self.membership)
        if query["unread"]:
            mine = mine.filter(read_at=None)
        return page_response(self, mine, NEWEST, query, NotificationSerializer)


class MarkRead(DeskView):
    @operation(
        _("Mark my notifications read"),
        name="mark_notifications_read",
        group="people",
        answers={200: MarkedSerializer},
        refused=BODY,
        request=MarkReadInput,
        description=_("One of the caller's own, or all at once. Marking twice is no error."),
    )
    def post(self, request: Request) -> Response:
        named = read_input(self, MarkReadInput).get("id")
        return Response({"marked": mark_read(recipient=self.membership, at=timezone.now(), pk=named)})
