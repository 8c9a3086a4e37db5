"""The audit log by API, for admins: who changed which setting."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Instant, PageQuery, page_response, page_schema, read_query
from accounts.api.documenting import operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin
from accounts.api.serializers import PersonRefSerializer
from accounts.audit_search import LONGEST_QUERY, AuditFilter, find_changes
from accounts.models import AuditAct, AuditEntry

NEWEST = Order("newest", [Key("id", descending=True)])


class AuditEntrySerializer(serializers.Serializer[AuditEntry]):
    """One field that somebody changed, or a thing that came or went."""

    id = serializers.IntegerField()
    at = Instant()
    by = PersonRefSerializer(
        allow_null=True, help_text=_("Null for somebody who was not logged in, and for the desk itself.")
    )
    by_name = serializers.CharField(
        help_text=_("As they were called then; “the desk itself” for what a task did, empty for nobody.")
    )
    address = serializers.IPAddressField(allow_null=True, help_text=_("From where."))
    kind = serializers.CharField(help_text=_("What kind of thing, such as “accounts.customer”."))
    object_id = serializers.CharField()
    object_name = serializers.CharField(help_text=_("As it was called then."))
    act = serializers.ChoiceField(choices=AuditAct.choices)
    field = serializers.CharField(help_text=_("Empty where the whole thing came or went."))
    before = serializers.CharField()
    after = serializers.CharField()


class AuditQuery(PageQuery):
    """Which changes."""

    q = serializers.CharField(
        max_length=LONGEST_QUERY, required=False, help_text=_("Part of a name, a field or a value.")
    )
    who = serializers.CharField(max_length=LONGEST_QUERY, required=False, help_text=_("Part of a name."))
    kind = serializers.CharField(max_length=80, required=False, help_text=_("As entries name it."))
    object_id = serializers.CharField(max_length=40, required=False, help_text=_("Together with “kind”."))
    since = serializers.DateField(required=False, help_text=_("The first day, in the desk's zone."))
    until = serializers.DateField(required=False, help_text=_("The last day, in the desk's zone."))


AuditPage = page_schema("AuditPage", AuditEntrySerializer)


class AuditLog(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("List changes of settings"),
        name="list_audit_entries",
        group="people",
        answers={200: AuditPage},
        refused=["invalid", "not_allowed"],
        parameters=[AuditQuery],
        description=_("The newest first. Entries are never changed nor deleted. For admins alone."),
    )
    def get(self, request: Request) -> Response:
        query: dict[str, Any] = read_query(self, AuditQuery)
        wanted = AuditFilter(
            words=query.get("q", ""),
            who=query.get("who", ""),
            kind=query.get("kind", ""),
            thing=query.get("object_id", ""),
            since=query.get("since"),
            until=query.get("until"),
            zone=ZoneInfo(self.tenant.time_zone),
        )
        found = find_changes(self.membership, wanted).select_related("by")
        return page_response(self, found, NEWEST, query, AuditEntrySerializer)
