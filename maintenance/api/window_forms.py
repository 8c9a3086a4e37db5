"""Maintenance windows as the API writes them, and what it takes to plan and to run them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, id_field, page_schema
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from accounts.models import Customer, Membership
from maintenance.api.outage_forms import NumbersField
from maintenance.lifecycle import Status
from maintenance.models import (
    ChecklistItem,
    Concern,
    Impact,
    Kind,
    Tie,
    Window,
    WindowCustomer,
    WindowEvent,
    WindowEventKind,
    WindowTicket,
)
from maintenance.window_forms import MOST_STEPS, MOST_TEXT, REASON_LENGTH, STEP_LENGTH
from tickets.api.inputs import AmongField
from tickets.models import BODY_LENGTH, Service

RUNBOOK_LENGTH = 20_000


class WindowServiceSerializer(serializers.Serializer[Service]):
    """A service, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class StepSerializer(serializers.Serializer[ChecklistItem]):
    """A step of the checklist."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    done_at = Instant(allow_null=True)
    done_by = PersonRefSerializer(allow_null=True)


class ConcernedSerializer(serializers.Serializer[WindowCustomer]):
    """A customer that a window concerns, with the notice that its plan promised and when it was told."""

    customer = CustomerRefSerializer()
    concern = serializers.ChoiceField(choices=Concern.choices)
    promised_hours = serializers.IntegerField(allow_null=True, help_text=_("Null: its plan promises none."))
    told_at = Instant(allow_null=True)
    emergency_reason = serializers.CharField(
        help_text=_("Why it was added too late for that notice; empty: it was not.")
    )


class TiedTicketSerializer(serializers.Serializer[WindowTicket]):
    """A ticket that asked for the work, or was filed because of it."""

    number = serializers.IntegerField(source="ticket.number")
    tie = serializers.ChoiceField(choices=Tie.choices)
    told_at = Instant(allow_null=True, help_text=_("When it was answered after the end."))


class ForStaffSerializer(serializers.Serializer[Window]):
    """What only staff know of a window."""

    runbook = serializers.CharField()
    checklist = StepSerializer(many=True, source="checklist.all")
    responsible = PersonRefSerializer(allow_null=True)
    starts_by_itself = serializers.BooleanField()
    ends_by_itself = serializers.BooleanField()
    series = serializers.IntegerField(
        source="series_id", allow_null=True, help_text=_("The id of the recurring maintenance, if any.")
    )
    occurrence = serializers.DateField(allow_null=True, help_text=_("The day of it that the window is for."))
    emergency_reason = serializers.CharField(help_text=_("Empty: it is no emergency."))
    customers = ConcernedSerializer(many=True, source="window_customers.all")
    tickets = TiedTicketSerializer(many=True, source="window_tickets.all")


class WindowSerializer(serializers.Serializer[Window]):
    """A maintenance window."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    impact = serializers.ChoiceField(choices=Impact.choices)
    services = WindowServiceSerializer(many=True, source="seen_services")
    starts_at = Instant()
    ends_at = Instant()
    started_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
    summary = serializers.CharField(help_text=_("What is done."))
    advice = serializers.CharField(help_text=_("What customers should do."))
    result = serializers.CharField()
    cancelled_why = serializers.CharField()
    sequence = serializers.IntegerField(
        help_text=_("Grows with each plan that was announced; that of the invitation.")
    )
    version = serializers.IntegerField(help_text=_("What “seen” takes."))
    tickets = serializers.SerializerMethodField(
        help_text=_("Numbers of linked tickets; contacts see their company's.")
    )
    for_staff = serializers.SerializerMethodField(help_text=_("Null for contacts."))

    def get_tickets(self, window: Window) -> list[int]:
        return [tied.ticket.number for tied in window.window_tickets.all()]

    @extend_schema_field(ForStaffSerializer(allow_null=True))
    def get_for_staff(self, window: Window) -> Any:
        if self.context["membership"].is_contact:
            return None
        return ForStaffSerializer(window, context=self.context).data


WindowPage = page_schema("WindowPage", WindowSerializer)


class WindowQuery(PageQuery):
    """Which windows."""

    status = serializers.MultipleChoiceField(
        choices=Status.choices, required=False, help_text=_("Repeat the parameter for several.")
    )
    series = id_field(required=False, help_text=_("Only occurrences of this recurring maintenance."))


def _services(membership: Membership) -> QuerySet[Any]:
    return Service.objects.visible_to(membership).in_use()


def _staff(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).staff().active()


def _customers(membership: Membership) -> QuerySet[Any]:
    return Customer.objects.filter(tenant=membership.tenant_id).in_business()


class WorkInput(Input):
    """What a window and a series have in common."""

    title = Line(max_length=120)
    kind = serializers.ChoiceField(choices=Kind.choices)
    impact = serializers.ChoiceField(choices=Impact.choices)
    services = AmongField(_services, queryset=Service.objects.none(), many=True, help_text=_("Their ids."))
    summary = serializers.CharField(max_length=MOST_TEXT, required=False, allow_blank=True)
    advice = serializers.CharField(max_length=MOST_TEXT, required=False, allow_blank=True)
    runbook = serializers.CharField(max_length=RUNBOOK_LENGTH, required=False, allow_blank=True)
    responsible = AmongField(
        _staff, queryset=Membership.objects.none(), required=False, allow_null=True, help_text=_("Their id.")
    )
    starts_by_itself = serializers.BooleanField(required=False)
    ends_by_itself = serializers.BooleanField(required=False)
    checklist = serializers.ListField(
        child=Line(max_length=STEP_LENGTH), max_length=MOST_STEPS, required=False
    )


class WindowInput(WorkInput):
    """A window to be drafted."""

    starts_at = Instant()
    ends_at = Instant()
    added = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        many=True,
        required=False,
        help_text=_("Ids of customers that it concerns besides those who use the services."),
    )
    left_out = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        many=True,
        required=False,
        help_text=_("Ids of customers that it does not concern although they use the services."),
    )


class ChangeWindowInput(WindowInput):
    """What changes of a window; what is left out stays. An announced one is moved and extended elsewhere."""

    seen = serializers.IntegerField(min_value=1, help_text=_("The version that was changed."))
    emergency_reason = Line(
        max_length=REASON_LENGTH,
        allow_blank=True,
        help_text=_("Why those who are new to it cannot get their notice. For supervisors and above."),
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            field.required = name == "seen"
        return fields


def _reason() -> Line:
    words = _("Why it cannot wait: skips the notice. For supervisors and above.")
    return Line(max_length=REASON_LENGTH, required=False, allow_blank=True, help_text=words)


class ScheduleInput(Input):
    """To announce a draft."""

    emergency_reason = _reason()


class MoveInput(Input):
    """Another time."""

    starts_at = Instant()
    ends_at = Instant()
    emergency_reason = _reason()


def _scheduled(membership: Membership) -> QuerySet[Window]:
    found: QuerySet[Window] = Window.objects.visible_to(membership).filter(status=Status.SCHEDULED)
    return found


class MakeRoomInput(Input):
    """An announced window that gives way; it lasts as long as before."""

    window = AmongField(_scheduled, queryset=Window.objects.none(), help_text=_("The window's id."))
    starts_at = Instant()


class ExtendInput(Input):
    """A later end."""

    ends_at = Instant()
    moves = MakeRoomInput(
        many=True,
        default=list,
        help_text=_("Announced windows that are in the way and move in the same step."),
    )
    emergency_reason = _reason()


class CancelInput(Input):
    """Why it does not take place."""

    why = Line(max_length=REASON_LENGTH, required=False, allow_blank=True)


class CompleteInput(Input):
    """How it went."""

    result = serializers.CharField(max_length=MOST_TEXT, required=False, allow_blank=True)


class LogInput(Input):
    """A line of the work log."""

    text = serializers.CharField(max_length=MOST_TEXT)


class TickInput(Input):
    """Whether a step is done."""

    is_done = serializers.BooleanField()


class WindowTicketsInput(Input):
    """Tickets that asked for the work."""

    tickets = NumbersField(allow_empty=False)


class TellTicketsInput(Input):
    """A public reply on each linked ticket."""

    text = serializers.CharField(max_length=BODY_LENGTH, help_text=_("Markdown."))


class WindowEventSerializer(serializers.Serializer[WindowEvent]):
    """Something that happened to a window, or a line of its work log (“logged”)."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=WindowEventKind.choices)
    at = Instant()
    actor = PersonRefSerializer(allow_null=True, help_text=_("Null for the desk itself."))
    text = serializers.CharField(help_text=_("What somebody wrote."))
    data = serializers.DictField(  # type: ignore[assignment] # DRF takes fields off the class
        help_text=_("The change as plain values.")
    )


WindowEventPage = page_schema("WindowEventPage", WindowEventSerializer)
