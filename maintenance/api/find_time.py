"""Find a time through the API: proposals with their reasons, and how busy the week is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Instant, Query, id_field, read_query
from accounts.api.documenting import operation
from accounts.api.permissions import IsStaffMember
from accounts.api.problems import InvalidQuery
from accounts.models import Customer, Membership
from maintenance.finding import Proposals, find_time
from maintenance.models import Window
from maintenance.services.windows import terms_of
from maintenance.views.find_time import reasons_of
from tickets.api.inputs import AmongField
from tickets.models import Service


def _services(membership: Membership) -> QuerySet[Any]:
    return Service.objects.visible_to(membership).in_use()


def _customers(membership: Membership) -> QuerySet[Any]:
    return Customer.objects.filter(tenant=membership.tenant_id).in_business()


class SlotQuery(Query):
    """Work for which a time is to be found."""

    service = AmongField(
        _services,
        queryset=Service.objects.none(),
        many=True,
        required=False,
        help_text=_("An id; repeat the parameter for several. Without it: the window's, or else all."),
    )
    minutes = serializers.IntegerField(
        min_value=15, max_value=2880, required=False, help_text=_("Without it: the window's, or else 120.")
    )
    days = serializers.IntegerField(min_value=1, max_value=90, default=30)
    window = id_field(required=False, help_text=_("A window that is to be moved."))
    added = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        many=True,
        required=False,
        help_text=_("Customers that it concerns besides those who use the services."),
    )
    left_out = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        many=True,
        required=False,
        help_text=_("Customers that it does not concern although they use the services."),
    )

    def validate_window(self, pk: int) -> Window:
        """The window of that id, if the caller may see it."""
        found: Window | None = Window.objects.visible_to(self.context["membership"]).filter(pk=pk).first()
        if found is None:
            raise serializers.ValidationError(_("There is no window with this id."), code="does_not_exist")
        return found


class SlotSerializer(serializers.Serializer[Any]):
    """A proposal, the best first."""

    starts_at = Instant()
    ends_at = Instant()
    business_minutes = serializers.IntegerField(help_text=_("Of all customers together."))
    customers = serializers.IntegerField(help_text=_("At work for some of it."))
    overrun_minutes = serializers.IntegerField(
        help_text=_("Business minutes in as long a period after the end.")
    )
    tickets = serializers.FloatField(help_text=_("Usually filed at this hour of the week."))
    other_work = serializers.IntegerField(help_text=_("Other windows at this time."))
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text=_("The same in words, in the caller's language.")
    )


class HourSerializer(serializers.Serializer[Any]):
    """An hour of the week, as a mean of the days looked at."""

    customers = serializers.FloatField(help_text=_("At work."))
    tickets = serializers.FloatField(help_text=_("Usually filed."))
    level = serializers.IntegerField(help_text=_("0: nothing happens; 1 to 4: the share of the busiest."))


class SlotsSerializer(serializers.Serializer[Any]):
    """Proposals and what they rest on."""

    time_zone = serializers.CharField(help_text=_("Of the desk; its days and hours are meant."))
    notice_hours = serializers.IntegerField(
        allow_null=True, help_text=_("The longest that a plan promises; null: none does.")
    )
    not_before = Instant(help_text=_("When that notice is over."))
    customers = serializers.IntegerField(help_text=_("Who are concerned."))
    unknown = serializers.IntegerField(
        help_text=_("Those of them without a contract: nobody knows when they work, and they weigh nothing.")
    )
    results = SlotSerializer(many=True)
    week = serializers.ListField(
        child=HourSerializer(many=True), help_text=_("Seven days from Monday on, 24 hours each.")
    )


class Slots(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Find a time for maintenance"),
        name="find_time",
        group="maintenance",
        answers={200: SlotsSerializer},
        refused=["invalid", "not_allowed"],
        parameters=[SlotQuery],
        description=_("The best times by customers' business hours, tickets, other work and notice."),
    )
    def get(self, request: Request) -> Response:
        asked, now = self._asked(read_query(self, SlotQuery)), timezone.now()
        found = find_time(tenant=self.tenant, at=now, **asked)
        slots = [{**vars(slot), "reasons": reasons_of(slot, found, now)} for slot in found.found.slots]
        return Response(SlotsSerializer(_written(found) | {"results": slots}).data)

    def _asked(self, query: dict[str, Any]) -> dict[str, Any]:
        """What `find_time` takes: what the address names, else what the window says."""
        window: Window | None = query.get("window")
        asked = {"services": query["service"], "added": query["added"], "left_out": query["left_out"]}
        minutes = 120
        if window is not None:
            terms = terms_of(window)
            asked = {name: rows or getattr(terms, name) for name, rows in asked.items()}
            minutes = int((window.ends_at - window.starts_at).total_seconds()) // 60
        if not asked["services"]:
            asked["services"] = list(_services(self.membership))
        both = {each.pk for each in asked["added"]} & {each.pk for each in asked["left_out"]}
        if both:
            raise InvalidQuery({"left_out": [_("A customer cannot be both added and left out.")]})
        return {
            **asked,
            "minutes": query.get("minutes", minutes),
            "days": query["days"],
            "instead_of": window,
        }


def _written(found: Proposals) -> dict[str, Any]:
    return {
        "time_zone": found.zone.key,
        "notice_hours": found.notice_hours,
        "not_before": found.not_before,
        "customers": len(found.customers),
        "unknown": found.unknown,
        "week": found.found.week,
    }
