"""A customer's own plan, and whether anybody may read all of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin, IsContact
from sla.api.serializers import (
    CoverageTermsSerializer,
    ExclusionSerializer,
    MaintenanceTermsSerializer,
    TargetSerializer,
)
from sla.coverage_terms import coverage_said_by, exclusions_said_by, plan_version_of
from sla.drawn import week_words
from sla.maintenance_terms import terms_said_by
from sla.models import CalendarVersion, CoverageKind, PlanVersion
from sla.services.publishing import publish_plans
from tickets.models import Category


class CategoryOfPlanSerializer(serializers.Serializer[Any]):
    """A category, and whether the plan covers it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    coverage = serializers.ChoiceField(choices=CoverageKind.choices)


class OwnPlanSerializer(serializers.Serializer[PlanVersion]):
    """What the caller's company has bought, as it holds now. How the desk keeps it is not part of it."""

    name = serializers.CharField(source="plan.name")
    description = serializers.CharField(source="plan.description")
    support_hours = serializers.SerializerMethodField(help_text=_("The week in words."))
    targets = TargetSerializer(source="targets.all", many=True)
    definitions = serializers.DictField(
        child=serializers.CharField(), help_text=_("What each priority means, in the plan's own words.")
    )
    categories = serializers.SerializerMethodField(help_text=_("Every category in use."))
    coverage = serializers.SerializerMethodField(
        help_text=_("Categories, channels, a coordinator and included work.")
    )
    exclusions = serializers.SerializerMethodField(help_text=_("What support does not include."))
    emergencies_a_month = serializers.IntegerField(
        allow_null=True,
        help_text=_("How many emergencies customers may declare: null for none, 0 without limit."),
    )
    maintenance = serializers.SerializerMethodField(
        help_text=_("Notice of planned maintenance, availability and backups.")
    )

    def get_support_hours(self, version: PlanVersion) -> str:
        rows = CalendarVersion.objects.filter(calendar_id=version.calendar_id)
        in_force = rows.filter(valid_from=None) | rows.filter(valid_from__lte=timezone.now())
        return week_words(in_force.latest("number").spec)

    @extend_schema_field(CategoryOfPlanSerializer(many=True))
    def get_categories(self, version: PlanVersion) -> Any:
        terms = coverage_said_by(version)
        categories = Category.objects.filter(tenant_id=version.tenant_id).in_use()
        return [{"id": one.pk, "name": one.name, "coverage": terms.of(one.pk).value} for one in categories]

    @extend_schema_field(CoverageTermsSerializer())
    def get_coverage(self, version: PlanVersion) -> Any:
        return CoverageTermsSerializer(coverage_said_by(version)).data

    @extend_schema_field(ExclusionSerializer(many=True))
    def get_exclusions(self, version: PlanVersion) -> Any:
        lines: Any = exclusions_said_by(version)
        return ExclusionSerializer(lines, many=True).data

    @extend_schema_field(MaintenanceTermsSerializer())
    def get_maintenance(self, version: PlanVersion) -> Any:
        return MaintenanceTermsSerializer(terms_said_by(version)).data


class OwnPlan(DeskView):
    permission_classes = (IsContact,)

    @operation(
        _("Show the own plan"),
        name="show_own_plan",
        group="promises",
        answers={200: OwnPlanSerializer},
        refused=["not_allowed"],
        description=_("What the caller's company has bought; not found without a contract. For contacts."),
    )
    def get(self, request: Request) -> Response:
        customer_id = self.membership.customer_id
        version = plan_version_of(customer_id, timezone.now()) if customer_id else None
        if version is None:
            raise Http404
        return Response(OwnPlanSerializer(version).data)


class PublicationInput(Input):
    """Whether anybody may read the plans side by side."""

    is_public = serializers.BooleanField()


class PublicationSerializer(serializers.Serializer[Any]):
    """Whether anybody may read the plans side by side."""

    is_public = serializers.BooleanField()


class PublishPlans(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Make plans public or private"),
        name="publish_plans",
        group="actions",
        answers={200: PublicationSerializer},
        refused=CHANGE,
        request=PublicationInput,
        description=_("The plans in use, side by side, for anybody to read. For admins."),
    )
    def post(self, request: Request) -> Response:
        given = read_input(self, PublicationInput)
        tenant = publish_plans(
            tenant=self.tenant, is_public=given["is_public"], by=self.membership, at=timezone.now()
        )
        return Response({"is_public": tenant.has_public_plans})
