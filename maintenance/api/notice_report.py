"""Notice promised and given, through the API: the rows of `maintenance.notice_given`. For staff alone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Instant, PageQuery, id_field, page_response, page_schema, read_query
from accounts.api.documenting import operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from accounts.api.serializers import CustomerRefSerializer
from maintenance.lifecycle import Status
from maintenance.models import Window, WindowCustomer
from maintenance.notice_given import hours_given, is_kept, notices_given, only_short

LATEST = Order("latest", [Key("begins", descending=True), Key("id", descending=True)])
LOOKED_BACK = timedelta(days=90)


class NoticeWindowSerializer(serializers.Serializer[Window]):
    """A window, as the report names it."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    starts_at = Instant()
    is_emergency = serializers.BooleanField()
    emergency_reason = serializers.CharField(help_text=_("Empty: it is no emergency."))


class NoticeGivenSerializer(serializers.Serializer[WindowCustomer]):
    """What a customer's plan promised about a window, and what it got. Hours are rounded down."""

    window = NoticeWindowSerializer()
    customer = CustomerRefSerializer()
    promised_hours = serializers.IntegerField(allow_null=True, help_text=_("Null: its plan promises none."))
    told_at = Instant(allow_null=True, help_text=_("Null: it was not told before."))
    given_hours = serializers.SerializerMethodField(help_text=_("Null: it was not told before."))
    is_kept = serializers.SerializerMethodField(help_text=_("It got the notice that its plan promised."))

    def get_given_hours(self, row: WindowCustomer) -> int | None:
        return hours_given(row)

    def get_is_kept(self, row: WindowCustomer) -> bool:
        return is_kept(row)


NoticeGivenPage = page_schema("NoticeGivenPage", NoticeGivenSerializer)


class NoticeQuery(PageQuery):
    """Which rows of the report."""

    since = Instant(required=False, help_text=_("Windows that begin then or later; left out: 90 days back."))
    short = serializers.BooleanField(default=False, help_text=_("Only those who got less than promised."))
    customer = id_field(required=False)


class NoticeReport(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("List notice promised and given"),
        name="list_notice_given",
        group="maintenance",
        answers={200: NoticeGivenPage},
        refused=["invalid", "not_allowed"],
        parameters=[NoticeQuery],
        description=_(
            "Each window that was told of with each of its customers; what starts last comes first. Whoever "
            "is not due to be told yet is not among them. For staff alone."
        ),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, NoticeQuery)
        since = query.get("since") or timezone.now() - LOOKED_BACK
        rows = notices_given(self.membership.tenant_id, since=since)
        if query["short"]:
            rows = only_short(rows)
        if "customer" in query:
            rows = rows.filter(customer=query["customer"])
        rows = rows.select_related("window", "customer")
        return page_response(self, rows, LATEST, query, NoticeGivenSerializer)
