"""What the API takes about plans: the next version of one, and a new one that begins as another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Line
from accounts.models import Membership
from sla.api.coverage_inputs import CoverageTermsInput, ExclusionInput, coverage_after, exclusions_after
from sla.api.ladder_inputs import StepInput, rotas_in_use, steps_from
from sla.api.maintenance_inputs import MaintenanceTermsInput, maintenance_after
from sla.api.preview import TargetInput
from sla.coverage_terms import CoverageTerms
from sla.forms.plan_emergencies import MOST as MOST_EMERGENCIES
from sla.maintenance_terms import MaintenanceTerms
from sla.models import Metric, Plan, PlanVersion, Rota, SupportCalendar
from sla.services.edits import contents_of
from sla.services.ladders import MOST_STEPS, without_gone
from sla.services.plan_coverage import MOST_EXCLUSIONS
from sla.services.plans import TargetTerms
from tickets.api.inputs import AmongField
from tickets.lifecycle import Priority

_TARGETS = len(Metric) * len(Priority)


def plans_of(membership: Membership) -> Any:
    """Those of the desk."""
    return Plan.objects.visible_to(membership)


def calendars_in_use(membership: Membership) -> Any:
    """Those of the desk that are not archived."""
    return SupportCalendar.objects.visible_to(membership).in_use()


class VersionedInput(Input):
    """Something with versions, and the one that was read."""

    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text=_("The version that you read and change.")
    )

    def version_of(self, attrs: Mapping[str, Any]) -> Any:
        """The row of the version that is named. Raises ValidationError."""
        found = attrs["id"].versions.filter(number=attrs["version"]).first()
        if found is None:
            words = _("There is no such version.")
            raise serializers.ValidationError({"version": [words]}, code="does_not_exist")
        return found


class PlanTargetInput(TargetInput):
    """What is promised by one metric at one priority."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    priority = serializers.ChoiceField(choices=Priority.choices)


class PlanFields(Input):
    """What may be said of a plan, all of it optional."""

    name = Line(max_length=80, required=False)
    description = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    position = serializers.IntegerField(
        min_value=0, max_value=999, required=False, help_text=_("Lower numbers stand first.")
    )
    calendar = AmongField(
        calendars_in_use,
        queryset=SupportCalendar.objects.none(),
        required=False,
        help_text=_("The id of a calendar."),
    )
    targets = PlanTargetInput(  # type: ignore[call-arg]
        many=True, required=False, max_length=_TARGETS, help_text=_("All that is promised from then on.")
    )
    definitions = serializers.DictField(
        child=serializers.CharField(max_length=500),
        required=False,
        help_text=_("What each priority means, in the plan's own words."),
    )
    exclusions = ExclusionInput(many=True, required=False, max_length=MOST_EXCLUSIONS)  # type: ignore[call-arg]
    terms = serializers.CharField(
        max_length=8000, required=False, allow_blank=True, help_text=_("Written limits.")
    )
    ladder = StepInput(  # type: ignore[call-arg]
        many=True,
        required=False,
        max_length=MOST_STEPS,
        help_text=_("All steps from then on. Without it they stay, and new promises get the usual ones."),
    )
    emergencies_a_month = serializers.IntegerField(
        min_value=0,
        max_value=MOST_EMERGENCIES,
        required=False,
        allow_null=True,
        help_text=_("How many emergencies customers may declare: null for none, 0 without limit."),
    )
    emergency_rota = AmongField(
        rotas_in_use,
        queryset=Rota.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of the rota that is called."),
    )

    maintenance = MaintenanceTermsInput(
        required=False, help_text=_("Notice of planned maintenance, availability and backups.")
    )
    coverage = CoverageTermsInput(
        required=False, help_text=_("Categories, channels, a coordinator and included work.")
    )

    def validate_definitions(self, definitions: dict[str, str]) -> dict[str, str]:
        """Of priorities that there are."""
        for priority in definitions:
            if priority not in Priority.values:
                words = _("There is no such priority.")
                raise serializers.ValidationError({priority: [words]}, code="invalid_choice")
        return definitions

    def put_into(self, standing: dict[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        """What stands (`contents_of`) with what was said put into it: as the services take it.

        Without a ladder that was sent there is none in it.
        """
        values = {name: value for name, value in standing.items() if name != "ladder"} | dict(said)
        if "maintenance" in said:
            values["maintenance"] = maintenance_after(standing["maintenance"], said["maintenance"])
        if "coverage" in said:
            values["coverage"] = coverage_after(standing["coverage"], said["coverage"])
        if "ladder" in said:
            values["ladder"] = steps_from(said["ladder"], standing["ladder"])
        if "targets" in said:
            values["targets"] = [TargetTerms(**target) for target in said["targets"]]
        if "exclusions" in said:
            values["exclusions"] = exclusions_after(standing["exclusions"], said["exclusions"])
        return values


class PlanTermsInput(PlanFields, VersionedInput):
    """The next version of a plan, in the form in which plans are listed.

    Without a ladder the one that stands goes on, with the usual steps for what is newly promised.
    """

    id = AmongField(plans_of, queryset=Plan.objects.none(), help_text=_("The id of a plan."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put together with what stands: the values of a draft."""
        version: PlanVersion = self.version_of(attrs)
        plan: Plan = attrs["id"]
        head = {"name": plan.name, "description": plan.description, "position": plan.position}
        said = {name: value for name, value in attrs.items() if name not in ("id", "version")}
        values = self.put_into(head | contents_of(version), said)
        return {"thing": plan, "seen_number": version.number, "values": values}


class NewPlanInput(PlanFields):
    """A new plan. What is left out is as in the plan that “like” names, or not said.

    Its ladder does not name whoever is not there any more.
    """

    like = AmongField(
        plans_of,
        queryset=Plan.objects.none(),
        required=False,
        help_text=_("The id of a plan: the new one begins with what its newest version says."),
    )
    name = Line(max_length=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values of the plan, as the service takes them."""
        like: Plan | None = attrs.pop("like", None)
        standing = _nothing_said() if like is None else contents_of(like.versions.latest("number"))
        if "calendar" not in attrs and (like is None or standing["calendar"].archived_at is not None):
            words = _("Name the calendar by which it counts.")
            raise serializers.ValidationError({"calendar": [words]}, code="required")
        values = self.put_into(standing, attrs)
        if like is not None and "ladder" not in attrs:
            promised = {target.metric for target in values["targets"]}
            steps, _gone = without_gone(like.tenant_id, standing["ladder"])
            values["ladder"] = [step for step in steps if step.metric in promised]
        return values


def _nothing_said() -> dict[str, Any]:
    return {
        "targets": [],
        "ladder": [],
        "exclusions": [],
        "maintenance": MaintenanceTerms(),
        "coverage": CoverageTerms(),
    }
