"""Plans as the API writes them: what is promised, covered and left out, and the ladder."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from accounts.models import HostingModel
from sla.coverage_terms import CoverageTerms, Exclusion, coverage_said_by, exclusions_said_by
from sla.maintenance_terms import BackupTerms, MaintenanceTerms, terms_said_by
from sla.models import (
    BackupPart,
    CoverageKind,
    Metric,
    Place,
    Plan,
    SupportCalendar,
    SupportChannel,
    Target,
    TargetUnit,
    Who,
)
from sla.services.ladders import StepTerms, Tell, ladder_of
from tickets.lifecycle import Priority


class CalendarRefSerializer(serializers.Serializer[SupportCalendar]):
    """A support calendar, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class TargetSerializer(serializers.Serializer[Target]):
    """Aim and limit of one metric at one priority."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    priority = serializers.ChoiceField(choices=Priority.choices)
    unit = serializers.ChoiceField(choices=TargetUnit.choices)
    aim = serializers.IntegerField(help_text=_("Past it a clock is at risk: seconds, or business days."))
    limit = serializers.IntegerField(help_text=_("Past it a clock is breached: seconds, or business days."))


class ExclusionSerializer(serializers.Serializer[Exclusion]):
    """Something that support does not include."""

    key = serializers.CharField()
    title = serializers.CharField(help_text=_("In short; may be empty."))
    text = serializers.CharField(help_text=_("The words that customers are shown."))


class TellSerializer(serializers.Serializer[Tell]):
    """Somebody whom a step of a ladder tells."""

    who = serializers.ChoiceField(choices=Who.choices)
    team = serializers.IntegerField(allow_null=True, help_text=_("The id of a team."))
    rota = serializers.IntegerField(allow_null=True, help_text=_("The id of an on-call rota."))
    address = serializers.CharField(help_text=_("An email address, or empty."))
    host = serializers.SerializerMethodField(help_text=_("Where a webhook leads; its path stays secret."))

    def get_host(self, told: Tell) -> str:
        return urlsplit(told.url).netloc


class LadderStepSerializer(serializers.Serializer[StepTerms]):
    """A step of an escalation ladder."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    place = serializers.ChoiceField(choices=Place.choices)
    amount = serializers.IntegerField(
        help_text=_("Per cent of the limit for a share, business seconds for a step after the limit, else 0.")
    )
    times = serializers.IntegerField(help_text=_("How often at most it is taken, if every business day."))
    priorities = serializers.ListField(
        child=serializers.ChoiceField(choices=Priority.choices), help_text=_("None: every priority.")
    )
    tells = TellSerializer(many=True)
    raises_priority = serializers.BooleanField()
    reassigns_to = serializers.IntegerField(allow_null=True, help_text=_("The id of a person."))
    declares_emergency = serializers.BooleanField()


class BackupTermsSerializer(serializers.Serializer[BackupTerms]):
    """How often customers of one hosting model are backed up."""

    hosting_model = serializers.ChoiceField(choices=HostingModel.choices)
    every_hours = serializers.IntegerField()
    parts = serializers.ListField(child=serializers.ChoiceField(choices=BackupPart.choices))
    retention_days = serializers.IntegerField(
        allow_null=True, help_text=_("How long it is kept; null: not said.")
    )
    verify_every_days = serializers.IntegerField(
        allow_null=True, help_text=_("Null: no verification is promised.")
    )


class MaintenanceTermsSerializer(serializers.Serializer[MaintenanceTerms]):
    """What a plan says about planned maintenance, availability and backups."""

    notice_hours = serializers.IntegerField(allow_null=True, help_text=_("Null: no notice is promised."))
    reminder_hours = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("Hours before the start, largest first.")
    )
    pauses = serializers.BooleanField(help_text=_("Resolution clocks stand while an announced window lasts."))
    availability = serializers.DecimalField(
        max_digits=6, decimal_places=3, allow_null=True, help_text=_("Per cent of a month; null: no figure.")
    )
    counts_planned = serializers.BooleanField(help_text=_("Planned maintenance counts as downtime."))
    backups = BackupTermsSerializer(source="backup_terms", many=True)


class CategoryCoverageSerializer(serializers.Serializer[Any]):
    """Whether support for a category is part of the plan."""

    category = serializers.IntegerField(help_text=_("The id of a category."))
    coverage = serializers.ChoiceField(choices=CoverageKind.choices)


class CoverageTermsSerializer(serializers.Serializer[CoverageTerms]):
    """What a plan covers."""

    categories = serializers.SerializerMethodField(
        help_text=_("All that are billable or not covered; every other category is covered.")
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=SupportChannel.choices),
        help_text=_("How customers reach support; none: nothing is said."),
    )
    has_coordinator = serializers.BooleanField(help_text=_("Customers have a named account coordinator."))
    included_minutes = serializers.IntegerField(
        allow_null=True, help_text=_("Work that is included a month, in minutes; null: none is said.")
    )

    @extend_schema_field(CategoryCoverageSerializer(many=True))
    def get_categories(self, terms: CoverageTerms) -> Any:
        return [{"category": pk, "coverage": kind} for pk, kind in sorted(terms.coverage.items())]


class PlanSerializer(serializers.Serializer[Plan]):
    """A plan with the terms that hold for tickets filed now."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    archived_at = Instant(allow_null=True, help_text=_("Null while it is offered."))
    version = serializers.IntegerField(source="current.number")
    valid_from = Instant(
        source="current.valid_from", allow_null=True, help_text=_("Null: from the beginning.")
    )
    calendar = CalendarRefSerializer(source="current.calendar")
    targets = TargetSerializer(source="current.targets.all", many=True)
    ladder = serializers.SerializerMethodField(help_text=_("What happens as promises near and pass limits."))
    definitions = serializers.DictField(
        source="current.definitions",
        child=serializers.CharField(),
        help_text=_("What each priority means, in the plan's own words."),
    )
    exclusions = serializers.SerializerMethodField(help_text=_("What support does not include."))
    terms = serializers.CharField(source="current.terms", help_text=_("Written limits."))
    emergencies_a_month = serializers.IntegerField(
        source="current.emergencies_a_month",
        allow_null=True,
        help_text=_("How many emergencies customers may declare: null for none, 0 without limit."),
    )
    emergency_rota = serializers.IntegerField(
        source="current.emergency_rota_id", allow_null=True, help_text=_("The id of the rota that is called.")
    )

    maintenance = serializers.SerializerMethodField(
        help_text=_("Notice of planned maintenance, availability and backups.")
    )
    coverage = serializers.SerializerMethodField(
        help_text=_("Categories, channels, a coordinator and included work.")
    )

    @extend_schema_field(ExclusionSerializer(many=True))
    def get_exclusions(self, plan: Plan) -> Any:
        lines: Any = exclusions_said_by(plan.current)  # type: ignore[attr-defined]
        return ExclusionSerializer(lines, many=True).data

    @extend_schema_field(CoverageTermsSerializer())
    def get_coverage(self, plan: Plan) -> Any:
        return CoverageTermsSerializer(coverage_said_by(plan.current)).data  # type: ignore[attr-defined]

    @extend_schema_field(MaintenanceTermsSerializer())
    def get_maintenance(self, plan: Plan) -> Any:
        return MaintenanceTermsSerializer(terms_said_by(plan.current)).data  # type: ignore[attr-defined]

    @extend_schema_field(LadderStepSerializer(many=True))
    def get_ladder(self, plan: Plan) -> Any:
        ladder: Any = ladder_of(plan.current)  # type: ignore[attr-defined]
        return LadderStepSerializer(ladder, many=True).data


PlanPage = page_schema("PlanPage", PlanSerializer)
