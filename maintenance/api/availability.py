"""How much of a month services were there, with the reckoning, by API."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Instant, Query, id_field, read_month, read_query
from accounts.api.documenting import operation
from accounts.api.serializers import CustomerRefSerializer
from maintenance.availability import Period
from maintenance.months import ServiceMonth, Sold
from maintenance.views.availability import customer_for, month_for, months_at
from tickets.api.serializers import ServiceRefSerializer


class AvailabilityQuery(Query):
    """Which month of which customer."""

    month = serializers.RegexField(
        r"^[0-9]{4}-[0-9]{2}$",
        required=False,
        help_text=_("As in 2026-03; this month, where it is left out."),
    )
    customer = id_field(
        required=False,
        help_text=_("For staff; left out: all services, without a plan. Contacts get their own."),
    )


class PeriodSerializer(serializers.Serializer[Any]):
    """From one instant until another, which is not part of it."""

    start = Instant()
    end = Instant()


def _periods(periods: tuple[Period, ...]) -> Any:
    rows: Any = [{"start": start, "end": end} for start, end in periods]
    return PeriodSerializer(rows, many=True).data


class ServiceMonthSerializer(serializers.Serializer[ServiceMonth]):
    """One service over the month. Seconds are whole; “percentage” is cut off after four places."""

    service = ServiceRefSerializer()
    percentage = serializers.DecimalField(
        max_digits=7, decimal_places=4, source="reckoning.percentage", allow_null=True
    )
    counted_seconds = serializers.IntegerField(source="reckoning.counted_seconds")
    down_seconds = serializers.IntegerField(source="reckoning.down_seconds")
    allowed_seconds = serializers.IntegerField(allow_null=True, help_text=_("Null: nothing was promised."))
    is_kept = serializers.BooleanField(allow_null=True, help_text=_("Null: nothing was promised."))
    down = serializers.SerializerMethodField(help_text=_("When it was down in the time that counts."))
    left_out = serializers.SerializerMethodField(help_text=_("Planned maintenance that does not count."))
    excused = serializers.SerializerMethodField(help_text=_("Down in planned maintenance, not counted."))

    @extend_schema_field(PeriodSerializer(many=True))
    def get_down(self, month: ServiceMonth) -> Any:
        return _periods(month.reckoning.down)

    @extend_schema_field(PeriodSerializer(many=True))
    def get_left_out(self, month: ServiceMonth) -> Any:
        return _periods(month.reckoning.left_out)

    @extend_schema_field(PeriodSerializer(many=True))
    def get_excused(self, month: ServiceMonth) -> Any:
        return _periods(month.reckoning.excused)


class SoldSerializer(serializers.Serializer[Any]):
    """A month, or the part of it with one contract or without any, and each service with its reckoning."""

    time_zone = serializers.CharField(help_text=_("Of the contract; days and months are those of it."))
    start = Instant()
    end = Instant(help_text=_("Now, while the month is not over."))
    is_running = serializers.BooleanField()
    plan = serializers.CharField(allow_null=True, help_text=_("Null: there was no contract."))
    promised = serializers.DecimalField(
        max_digits=6,
        decimal_places=3,
        allow_null=True,
        help_text=_("Per cent; null: no figure was promised."),
    )
    counts_planned = serializers.BooleanField(help_text=_("Planned maintenance counts as downtime."))
    services = ServiceMonthSerializer(many=True)


class AvailabilitySerializer(serializers.Serializer[Any]):
    """A month of a customer: what was promised, and each service with its reckoning."""

    customer = CustomerRefSerializer(allow_null=True)
    month = serializers.CharField()
    parts = SoldSerializer(
        many=True, help_text=_("In order: one for each contract in the month, and for the time without one.")
    )


class Availability(DeskView):
    @operation(
        _("Show the availability of a month"),
        name="show_availability",
        group="maintenance",
        answers={200: AvailabilitySerializer},
        refused=["invalid"],
        parameters=[AvailabilityQuery],
        description=_("Against what the customer's plan promised, to the second, with the reckoning."),
    )
    def get(self, request: Request) -> Response:
        query, now = read_query(self, AvailabilityQuery), timezone.now()
        month = read_month(query, **months_at(now))
        customer = customer_for(self.membership, str(query.get("customer", "")))
        if self.membership.is_contact and query.get("customer", self.membership.customer_id) != (
            self.membership.customer_id
        ):
            raise Http404
        parts = month_for(self.tenant, customer, month, now=now)
        values = {
            "customer": customer,
            "month": f"{month:%Y-%m}",
            "parts": [_part(sold, services) for sold, services in parts],
        }
        return Response(AvailabilitySerializer(values, context=self.context()).data)


def _part(sold: Sold, services: list[ServiceMonth]) -> dict[str, Any]:
    return {
        "time_zone": sold.zone.key,
        "start": sold.start,
        "end": sold.end,
        "is_running": sold.is_running,
        "plan": sold.plan or None,
        "promised": sold.promised,
        "counts_planned": sold.counts_planned,
        "services": services,
    }
