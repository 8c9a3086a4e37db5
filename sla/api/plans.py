"""Plans: staff read them, admins make and archive them. Edits change them (`sla.api.edits`)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import PageQuery, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from sla.api.edit_inputs import at_its_place
from sla.api.in_force import ArchivedQuery, VersionedView
from sla.api.plan_inputs import NewPlanInput
from sla.api.serializers import PlanPage, PlanSerializer
from sla.models import Plan, PlanVersion
from sla.services.plans import archive_plan, create_plan, restore_plan
from tickets.api.inputs import NothingInput

IN_ORDER = Order("position", [Key("position"), Key("name"), Key("id")])


class PlanView(VersionedView):
    of = "plan_id"
    form = PlanSerializer

    def things(self) -> QuerySet[Any]:
        return Plan.objects.visible_to(self.membership)

    def versions(self) -> QuerySet[Any]:
        written = PlanVersion.objects.select_related("calendar")
        return written.prefetch_related("targets", "ladder", "backup_terms", "coverage")


class Plans(PlanView):
    @operation(
        _("List plans"),
        name="list_plans",
        group="promises",
        answers={200: PlanPage},
        refused=["invalid", "not_allowed"],
        parameters=[ArchivedQuery],
        description=_("What customers are sold, with the targets for tickets filed now. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        return self.page(IN_ORDER)

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
        values = read_input(self, NewPlanInput)
        with at_its_place("plan", request.data):
            plan = create_plan(tenant_id=self.tenant.pk, at=timezone.now(), by=self.membership, **values)
        return Response(self.shown(plan.pk), status=status.HTTP_201_CREATED)


class OnePlan(PlanView):
    @operation(
        _("Show a plan"),
        name="show_plan",
        group="promises",
        answers={200: PlanSerializer},
        refused=["not_allowed"],
        description=_("With the targets for tickets filed now, archived or not. For staff alone."),
    )
    def get(self, request: Request, plan_id: int) -> Response:
        return Response(self.shown(plan_id))


class PlanVersions(PlanView):
    @operation(
        _("List the versions of a plan"),
        name="list_plan_versions",
        group="promises",
        answers={200: PlanPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("The plan as each of its versions has it, the newest first. For staff alone."),
    )
    def get(self, request: Request, plan_id: int) -> Response:
        return self.page_of_versions(plan_id)


class ArchivePlan(PlanView):
    @operation(
        _("Archive a plan"),
        name="archive_plan",
        group="promises",
        answers={200: PlanSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_(
            "New contracts cannot name it. Customers who have it keep it until their contract ends. "
            "For admins alone."
        ),
    )
    def post(self, request: Request, plan_id: int) -> Response:
        plan = self.thing(plan_id)
        read_input(self, NothingInput)
        archive_plan(plan=plan, by=self.membership, at=timezone.now())
        return Response(self.shown(plan_id))


class RestorePlan(PlanView):
    @operation(
        _("Restore an archived plan"),
        name="restore_plan",
        group="promises",
        answers={200: PlanSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("New contracts can name it again. For admins alone."),
    )
    def post(self, request: Request, plan_id: int) -> Response:
        plan = self.thing(plan_id)
        read_input(self, NothingInput)
        restore_plan(plan=plan, by=self.membership, at=timezone.now())
        return Response(self.shown(plan_id))
