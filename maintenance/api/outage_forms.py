"""Outages and availability as the API writes them, and what it takes to say something about an outage."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, id_field, page_schema
from accounts.api.serializers import PersonRefSerializer
from accounts.models import Membership
from maintenance.models import (
    OUTAGE_IMPACTS,
    Outage,
    OutageCorrection,
    OutageService,
    OutageUpdate,
    Stage,
)
from maintenance.outage_corrections import changes_of
from maintenance.outage_forms import AFTER_ANSWER, MOST_TEXT, STAGES
from tickets.api.inputs import MOST_NUMBER, AmongField
from tickets.api.serializers import ServiceRefSerializer
from tickets.models import BODY_LENGTH, Service, Ticket
from tickets.querysets import ServiceQuerySet

MOST_TICKETS = 200


def _services(membership: Membership) -> ServiceQuerySet:
    services: ServiceQuerySet = Service.objects.visible_to(membership)
    return services


class HitInput(Input):
    """A service that is hit, and how."""

    service = AmongField(_services, queryset=Service.objects.none(), help_text=_("The service's id."))
    impact = serializers.ChoiceField(choices=OUTAGE_IMPACTS)


class StretchInput(HitInput):
    """A stretch in which a service was hit; a service may stand there several times."""

    started_at = Instant(required=False, help_text=_("Left out: since the outage began."))
    ended_at = Instant(required=False, help_text=_("Left out: until the next stretch or the outage's end."))


class NumbersField(serializers.ListField):
    """Numbers of tickets, looked up among those that the caller may see."""

    def __init__(self, **options: Any) -> None:
        number = serializers.IntegerField(min_value=1, max_value=MOST_NUMBER)
        super().__init__(child=number, max_length=MOST_TICKETS, **options)

    def to_internal_value(self, data: Any) -> list[Any]:
        wanted = set(super().to_internal_value(data))
        found = list(Ticket.objects.visible_to(self.context["membership"]).filter(number__in=wanted))
        missing = wanted - {ticket.number for ticket in found}
        if missing:
            words = _("There is no ticket with the number %(numbers)s.")
            said = ", ".join(str(number) for number in sorted(missing))
            raise serializers.ValidationError(str(words) % {"numbers": said}, code="does_not_exist")
        return found


class OutageInput(Input):
    """An outage to be opened, with the first that is told about it."""

    title = Line(max_length=120, help_text=_("What customers notice, in one line."))
    services = HitInput(many=True, allow_empty=False)
    text = serializers.CharField(max_length=MOST_TEXT, help_text=_("Customers who use the services read it."))
    started_at = Instant(required=False, help_text=_("Now, where it is left out."))
    stage = serializers.ChoiceField(choices=STAGES, default=Stage.INVESTIGATING)
    tickets = NumbersField(default=list, help_text=_("Numbers of tickets that tell of it."))


class OutageUpdateInput(Input):
    """How far the work has come."""

    text = serializers.CharField(max_length=MOST_TEXT, help_text=_("Customers who use the services read it."))
    stage = serializers.ChoiceField(choices=STAGES)
    services = HitInput(
        many=True,
        source="impacts",
        default=list,
        help_text=_(
            "Services that are hit otherwise now, worse or better, or hit at all: each begins a stretch."
        ),
    )
    recovered = serializers.ListField(
        child=AmongField(_services, queryset=Service.objects.none()),
        default=list,
        help_text=_("Services that work again; the outage goes on for the others."),
    )
    since = Instant(
        required=False, help_text=_("Since when “services” and “recovered” hold; now, where it is left out.")
    )
    seen = serializers.IntegerField(required=False, help_text=_("The version that was read; left out: any."))


class OutageEndInput(Input):
    """That it is over."""

    text = serializers.CharField(max_length=MOST_TEXT, help_text=_("Customers who use the services read it."))
    ended_at = Instant(required=False, help_text=_("Now, where it is left out."))
    seen = serializers.IntegerField(required=False, help_text=_("The version that was read; left out: any."))


class OutageRecordInput(Input):
    """What is recorded of an outage, corrected; what is left out stays."""

    seen = serializers.IntegerField(help_text=_("The version that was read."))
    title = Line(max_length=120, required=False)
    cause = serializers.CharField(max_length=MOST_TEXT, required=False, allow_blank=True)
    services = StretchInput(
        many=True, required=False, help_text=_("All of them; one that is left out was not hit.")
    )
    started_at = Instant(required=False)
    ended_at = Instant(required=False, help_text=_("Of an outage that has ended."))


class OutageTicketsInput(Input):
    """Tickets that tell of an outage."""

    tickets = NumbersField(allow_empty=False)


class OutageAnswerInput(Input):
    """A public reply to all linked tickets."""

    body = serializers.CharField(max_length=BODY_LENGTH, help_text=_("Markdown."))
    then = serializers.ChoiceField(choices=AFTER_ANSWER, default="", help_text=_("A status to set with it."))


class OutageQuery(PageQuery):
    """Which outages."""

    running = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text=_("Only those that run, or only past ones.")
    )
    service = id_field(required=False, help_text=_("Only those that hit that service."))


class HitSerializer(serializers.Serializer[OutageService]):
    """A stretch in which a service is or was hit; it lasts while “ended_at” is null.

    A service whose impact changed stands there once for each stretch, the oldest first.
    """

    service = ServiceRefSerializer()
    impact = serializers.ChoiceField(choices=OUTAGE_IMPACTS)
    started_at = Instant()
    ended_at = Instant(allow_null=True)


class OutageUpdateSerializer(serializers.Serializer[OutageUpdate]):
    """What was told."""

    at = Instant()
    stage = serializers.ChoiceField(choices=Stage.choices)
    text = serializers.CharField()
    author = serializers.SerializerMethodField(help_text=_("For staff; null for others and for monitors."))

    @extend_schema_field(PersonRefSerializer(allow_null=True))
    def get_author(self, update: OutageUpdate) -> Any:
        if self.context["membership"].is_contact or update.author is None:
            return None
        return PersonRefSerializer(update.author).data


class OutageChangeSerializer(serializers.Serializer[Any]):
    """One value that was corrected, in words of the caller's language."""

    what = serializers.CharField(source="label")
    before = serializers.CharField()
    after = serializers.CharField()


class OutageCorrectionSerializer(serializers.Serializer[OutageCorrection]):
    """What was recorded was corrected."""

    at = Instant()
    author = serializers.SerializerMethodField(help_text=_("For staff; null for others."))
    changes = serializers.SerializerMethodField(help_text=_("For staff; empty for others."))

    @extend_schema_field(PersonRefSerializer(allow_null=True))
    def get_author(self, correction: OutageCorrection) -> Any:
        is_contact = self.context["membership"].is_contact
        return None if is_contact else PersonRefSerializer(correction.author).data

    @extend_schema_field(OutageChangeSerializer(many=True))
    def get_changes(self, correction: OutageCorrection) -> Any:
        changes: Any = [] if self.context["membership"].is_contact else changes_of(correction)
        return OutageChangeSerializer(changes, many=True).data


class OutageSerializer(serializers.Serializer[Outage]):
    """An outage with the services that the caller may know of; it runs until “ended_at” is set."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    cause = serializers.CharField(help_text=_("Empty while it is not known."))
    started_at = Instant()
    ended_at = Instant(allow_null=True)
    version = serializers.IntegerField(help_text=_("What “seen” takes."))
    services = HitSerializer(many=True, source="seen_services")
    updates = OutageUpdateSerializer(many=True, source="updates.all", help_text=_("The oldest first."))
    corrections = OutageCorrectionSerializer(
        many=True, source="corrections.all", help_text=_("Of what was recorded; the oldest first.")
    )
    tickets = serializers.SerializerMethodField(
        help_text=_("Numbers of linked tickets; contacts see their company's.")
    )

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_tickets(self, outage: Outage) -> list[int]:
        me = self.context["membership"]
        rows = [row.ticket for row in outage.outage_tickets.all()]
        return sorted(t.number for t in rows if me.is_staff_member or t.customer_id == me.customer_id)


OutagePage = page_schema("OutagePage", OutageSerializer)
