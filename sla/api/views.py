"""The clocks of a ticket; plans and calendars, to be read by staff."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from sla.api.edit_inputs import place_of
from sla.api.plan_inputs import NewPlanInput
from sla.api.serializers import (
    CalendarPage,
    CalendarSerializer,
    ClockPage,
    ClockSerializer,
    PlanPage,
    PlanSerializer,
)
from sla.models import CalendarVersion, Plan, PlanVersion, SupportCalendar
from sla.presentation import clocks_of
from sla.services.errors import NotAllowed, PromiseRuleBroken
from sla.services.plans import create_plan
from tickets.models import Ticket

BY_NAME = Order("name", [Key("name"), Key("id")])
IN_ORDER = Order("position", [Key("position"), Key("name"), Key("id")])


def _page_with_current(
    view: DeskView, things: QuerySet[Any], versions: QuerySet[Any], order: Order, form: Any
) -> Response:
    """A page of plans or calendars in use, each with the one of `versions` that is in force as `current`."""
    query = read_query(view, PageQuery)
    of = "plan_id" if things.model is Plan else "calendar_id"
    in_force = versions.filter(Q(valid_from=None) | Q(valid_from__lte=timezone.now()))
    newest = in_force.order_by(of, "-number").distinct(of)
    things = things.filter(archived_at__isnull=True)
    things = things.prefetch_related(Prefetch("versions", newest, to_attr="in_force"))
    return page_response(view, things, order, query, form, prepare=_with_current)


def _with_current(rows: list[Any]) -> list[Any]:
    for row in rows:
        row.current = row.in_force[0]
    return rows


class Clocks(DeskView):
    @operation(
        _("List a ticket's clocks"),
        name="list_clocks",
        group="promises",
        answers={200: ClockPage},
        description=_("Each promise with its receipt, reckoned for now; those that ended come last."),
    )
    def get(self, request: Request, number: int) -> Response:
        ticket = get_object_or_404(Ticket.objects.visible_to(self.membership), number=number)
        clocks: Any = clocks_of(ticket, now=timezone.now(), with_ladders=self.membership.is_staff_member)
        return Response({"next": None, "results": ClockSerializer(clocks, many=True).data})


class Plans(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("List plans"),
        name="list_plans",
        group="promises",
        answers={200: PlanPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("What customers are sold, with the targets for tickets filed now. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        plans = Plan.objects.visible_to(self.membership)
        versions = PlanVersion.objects.select_related("calendar").prefetch_related(
            "targets", "ladder", "backup_terms", "coverage"
        )
        return _page_with_current(self, plans, versions, IN_ORDER, PlanSerializer)

    @operation(
        _("Make a plan"),
        name="create_plan",
        group="promises",
        answers={201: PlanSerializer},
        refused=[*CHANGE, "refused"],
        request=NewPlanInput,
        description=_(
            "Empty, or beginning with what the plan says that “like” names; customers get it by a contract. "
            "For admins alone."
        ),
    )
    def post(self, request: Request) -> Response:
        if not self.membership.is_admin:
            raise NotAllowed
        values = read_input(self, NewPlanInput)
        try:
            plan = create_plan(tenant_id=self.tenant.pk, at=timezone.now(), by=self.membership, **values)
        except PromiseRuleBroken as refused:
            if not refused.field:
                raise
            sent: Any = request.data
            raise ValidationError(place_of(refused, "plan", sent)["plan"]) from refused
        shown: Any = plan
        shown.current = plan.versions.get()
        return Response(PlanSerializer(shown, context=self.context()).data, status=status.HTTP_201_CREATED)


class Calendars(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("List calendars"),
        name="list_calendars",
        group="promises",
        answers={200: CalendarPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("When support is open, with the hours that hold now. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        calendars = SupportCalendar.objects.visible_to(self.membership)
        versions = CalendarVersion.objects.all()
        return _page_with_current(self, calendars, versions, BY_NAME, CalendarSerializer)
