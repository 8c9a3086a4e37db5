"""A company's monthly statement through the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Instant, Query, read_month, read_query
from accounts.api.documenting import operation
from accounts.api.permissions import IsCustomerAdmin
from sla.models import Metric
from sla.statement import Line, Statement, statement_of
from tickets.lifecycle import Priority, Status


class TallySerializer(serializers.Serializer[Any]):
    """Promises that were kept and missed."""

    kept = serializers.IntegerField()
    missed = serializers.IntegerField()


class MetricTallySerializer(TallySerializer):
    """Promises of one kind that were decided in the month."""

    metric = serializers.ChoiceField(choices=Metric.choices)


class StatementTicketSerializer(serializers.Serializer[Line]):
    """A ticket of the month; of somebody's private one only its number and figures."""

    number = serializers.IntegerField(source="ticket.number")
    subject = serializers.SerializerMethodField(help_text=_("Empty for a private one."))
    requester = serializers.SerializerMethodField(help_text=_("Empty for a private one."))
    priority = serializers.ChoiceField(choices=Priority.choices, source="ticket.priority")
    status = serializers.ChoiceField(choices=Status.choices, source="ticket.status")
    filed_at = Instant(source="ticket.filed_at")
    resolved_at = Instant(source="ticket.resolved_at", allow_null=True)
    promises = TallySerializer()

    def get_subject(self, line: Line) -> str:
        return "" if line.is_hidden else line.ticket.subject

    def get_requester(self, line: Line) -> str:
        return "" if line.is_hidden else line.ticket.requester.name


class CompanyStatementSerializer(serializers.Serializer[Statement]):
    """A month of the caller's company, on the caller's clock."""

    month = serializers.DateField(help_text=_("Its first day."))
    filed = serializers.IntegerField(help_text=_("Tickets that were filed in it."))
    solved = serializers.IntegerField(help_text=_("Tickets that were solved in it."))
    promises = TallySerializer()
    by_metric = MetricTallySerializer(many=True)
    tickets = StatementTicketSerializer(many=True, source="lines")


class StatementQuery(Query):
    """Which month."""

    month = serializers.RegexField(
        r"^\d{4}-\d{2}$", required=False, help_text=_("As in 2026-03; without it, this month so far.")
    )


class CompanyStatement(DeskView):
    permission_classes = (IsCustomerAdmin,)

    @operation(
        _("Show a month of your company"),
        name="show_company_statement",
        group="promises",
        answers={200: CompanyStatementSerializer},
        refused=["invalid", "not_allowed"],
        parameters=[StatementQuery],
        description=_("Its tickets, and the promises kept and missed. For customers' admins alone."),
    )
    def get(self, request: Request) -> Response:
        month = read_month(read_query(self, StatementQuery), today=timezone.localdate())
        found = statement_of(self.membership, month)
        tallies = [
            {"metric": metric.value, "kept": tally.kept, "missed": tally.missed}
            for metric in Metric
            if (tally := found.by_metric.get(metric)) is not None
        ]
        said: Any = {
            "month": found.month,
            "filed": found.filed,
            "solved": found.solved,
            "promises": found.promises,
            "by_metric": tallies,
            "lines": found.lines,
        }
        return Response(CompanyStatementSerializer(said).data)
