"""Approvals through the API: asked and withdrawn by staff, answered by customers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    Line,
    PageQuery,
    id_field,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from accounts.api.serializers import PersonRefSerializer
from tickets import services
from tickets.api.inputs import NothingInput
from tickets.api.views import TICKET_CHANGE, TicketView
from tickets.models import Approval, ApprovalState, DecidedBy
from tickets.models.approvals import COMMENT_LENGTH, PRICE_LENGTH, QUESTION_LENGTH
from tickets.services.approvals import MOST_MINUTES
from tickets.views.approval_panel import clauses_for

NEWEST = Order("newest", [Key("asked_at", descending=True), Key("id", descending=True)])


class ClauseSerializer(serializers.Serializer[Any]):
    """An exclusion of a plan, in the words of the day on which it was named."""

    key = serializers.CharField(source="clause_key")
    title = serializers.CharField(source="clause_title")
    text = serializers.CharField(source="clause_text")


class ApprovalSerializer(serializers.Serializer[Approval]):
    """A question that waits, or waited, for a customer's yes."""

    id = serializers.IntegerField()
    ticket = serializers.IntegerField(source="ticket.number", help_text=_("The ticket's number."))
    question = serializers.CharField()
    clause = serializers.SerializerMethodField(help_text=_("What it is out of; null for what is in scope."))
    estimate_minutes = serializers.IntegerField(
        allow_null=True, help_text=_("Up to so much may be drawn from prepaid hours once it is approved.")
    )
    price = serializers.CharField(help_text=_("In words; nothing reckons with it."))
    state = serializers.ChoiceField(choices=ApprovalState.choices)
    asked_by = PersonRefSerializer()
    asked_at = Instant()
    decided_by = PersonRefSerializer(allow_null=True, help_text=_("Who answered, or withdrew it."))
    decided_at = Instant(allow_null=True)
    decided_through = serializers.ChoiceField(
        choices=DecidedBy.choices, allow_blank=True, help_text=_("By which way the answer came.")
    )
    comment = serializers.CharField()

    @extend_schema_field(ClauseSerializer(allow_null=True))
    def get_clause(self, approval: Approval) -> Any:
        return ClauseSerializer(approval).data if approval.is_out_of_scope else None


ApprovalPage = page_schema("ApprovalPage", ApprovalSerializer)


class ApprovalsQuery(PageQuery):
    """The parameters of the list of approvals."""

    state = serializers.ChoiceField(choices=ApprovalState.choices, required=False)
    ticket = id_field(required=False, help_text=_("Those of the ticket with this number."))


class AskInput(Input):
    """What the customer shall approve."""

    question = serializers.CharField(max_length=QUESTION_LENGTH)
    clause = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("The key of an exclusion of the customer's plan: then it needs an estimate or a price."),
    )
    estimate_minutes = serializers.IntegerField(
        min_value=1, max_value=MOST_MINUTES, required=False, allow_null=True, default=None
    )
    price = Line(max_length=PRICE_LENGTH, required=False, allow_blank=True, default="")


class DecideInput(Input):
    """The customer's answer."""

    approve = serializers.BooleanField()
    comment = serializers.CharField(max_length=COMMENT_LENGTH, required=False, allow_blank=True, default="")


def approvals_for(view: DeskView) -> QuerySet[Approval]:
    """Those that the caller may see."""
    seen: QuerySet[Approval] = Approval.objects.visible_to(view.membership)
    return seen.select_related("ticket", "asked_by", "decided_by")


class Approvals(DeskView):
    @operation(
        _("List approvals"),
        name="list_approvals",
        group="tickets",
        answers={200: ApprovalPage},
        refused=["invalid"],
        parameters=[ApprovalsQuery],
        description=_("What waits for a yes and what was answered, the newest first."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, ApprovalsQuery)
        found = approvals_for(self)
        if "state" in query:
            found = found.filter(state=query["state"])
        if "ticket" in query:
            found = found.filter(ticket__number=query["ticket"])
        return page_response(self, found, NEWEST, query, ApprovalSerializer)


class AskApproval(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Ask for approval"),
        name="ask_approval",
        group="actions",
        answers={201: ApprovalSerializer},
        refused=[*TICKET_CHANGE, "customer_closed", "wrong_status", "approval_waits", "refused_approval"],
        request=AskInput,
        description=_(
            "The requester and the company's admins are asked; until one answers the ticket awaits approval "
            "and the clock of its solution waits. For staff alone."
        ),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values = read_input(self, AskInput)
        values["clause"] = self._clause(ticket, values["clause"])
        approval = services.ask_approval(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(_shown(self, approval), status=status.HTTP_201_CREATED)

    def _clause(self, ticket: Any, key: str) -> services.Clause | None:
        if not key:
            return None
        found = next((clause for clause in clauses_for(ticket) if clause.key == key), None)
        if found is None:
            raise ValidationError({"clause": [_("The customer's plan has no exclusion of this key.")]})
        return found


class DecideApproval(DeskView):
    @operation(
        _("Approve or decline"),
        name="decide_approval",
        group="actions",
        answers={200: ApprovalSerializer},
        refused=[*TICKET_CHANGE, "customer_closed", "approval_over", "refused_approval"],
        request=DecideInput,
        description=_("For the requester of the ticket and the admins of its company."),
    )
    def post(self, request: Request, approval_id: int) -> Response:
        approval = get_object_or_404(approvals_for(self), pk=approval_id)
        values = read_input(self, DecideInput)
        approval = services.decide_approval(
            approval=approval, by=self.membership, at=timezone.now(), through=DecidedBy.API, **values
        )
        return Response(_shown(self, approval))


class WithdrawApproval(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Withdraw a question"),
        name="withdraw_approval",
        group="actions",
        answers={200: ApprovalSerializer},
        refused=[*TICKET_CHANGE, "approval_over"],
        request=NothingInput,
        description=_("Nobody asks for it any more; the ticket is open again. For staff alone."),
    )
    def post(self, request: Request, approval_id: int) -> Response:
        approval = get_object_or_404(approvals_for(self), pk=approval_id)
        read_input(self, NothingInput)
        approval = services.withdraw_approval(approval=approval, by=self.membership, at=timezone.now())
        return Response(_shown(self, approval))


def _shown(view: DeskView, approval: Approval) -> Any:
    found = approvals_for(view).get(pk=approval.pk)
    return ApprovalSerializer(found, context=view.context()).data
