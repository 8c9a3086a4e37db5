"""What a ticket would be promised, had it arrived then: the simulator for programs."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsStaffMember
from accounts.models import Membership
from sla.amounts import target_words
from sla.api.serializers import SegmentSerializer, SentenceSerializer
from sla.because import because
from sla.business_time import TZDATA_VERSION
from sla.clock import Target
from sla.coverage_terms import coverage_said_by
from sla.forms.simulator import EARLIEST, LATEST
from sla.models import CoverageKind, Metric, Plan, SupportCalendar, TargetUnit
from sla.receipt_words import draw
from sla.scenarios import ANY_PRIORITY, BY_HAND, Scenario, scenario_of_calendar, scenario_of_plan
from sla.simulator import Outcome, Simulated
from sla.terms import target_value, unit_of
from tickets.api.inputs import AmongField
from tickets.lifecycle import Priority
from tickets.models import Category

MOST_PAUSES = 50
MOST_DAYS, MOST_SECONDS = 1_000, 20_000 * 3_600
OUTCOMES = (
    (Outcome.PROMISED.value, _("There is a limit.")),
    (Outcome.NO_COMMITMENT.value, _("Nothing is promised for this priority.")),
    (Outcome.NEVER_OPENS.value, _("The calendar never opens again, so it never falls due.")),
)


def _plans(membership: Membership) -> Any:
    return Plan.objects.visible_to(membership)


def _calendars(membership: Membership) -> Any:
    return SupportCalendar.objects.visible_to(membership)


def _categories(membership: Membership) -> Any:
    return Category.objects.visible_to(membership).in_use()


class SimulatedInstant(Instant):
    """An instant between the years for which there are calendars."""

    def to_internal_value(self, value: Any) -> Any:
        found = super().to_internal_value(value)
        if not EARLIEST <= found.year <= LATEST:
            values = {"first": EARLIEST, "last": LATEST}
            words = _("Choose a year from %(first)s to %(last)s.") % values
            raise serializers.ValidationError(words, code="year")
        return found


class PauseInput(Input):
    """A time in which the ticket waits."""

    start = SimulatedInstant()
    end = SimulatedInstant()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It ends after it begins."""
        if attrs["end"] <= attrs["start"]:
            words = _("The pause must end after it begins.")
            raise serializers.ValidationError({"end": [words]}, code="order")
        return attrs


class TargetInput(Input):
    """A target of one's own, to be reckoned on a calendar."""

    unit = serializers.ChoiceField(choices=TargetUnit.choices)
    aim = serializers.IntegerField(
        min_value=1, required=False, help_text=_("Seconds, or business days. Without it, the limit.")
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_SECONDS, help_text=_("Seconds, or business days.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The aim comes first; days are not seconds."""
        attrs.setdefault("aim", attrs["limit"])
        if attrs["aim"] > attrs["limit"]:
            words = _("The aim must not be above the limit.")
            raise serializers.ValidationError({"aim": [words]}, code="order")
        if attrs["unit"].startswith(TargetUnit.BUSINESS_DAYS) and attrs["limit"] > MOST_DAYS:
            most = _("At most %(most)s business days.") % {"most": MOST_DAYS}
            raise serializers.ValidationError({"limit": [most]}, code="max_value")
        return attrs


class PreviewInput(Input):
    """A ticket that arrives: under a plan, or on a calendar with a target of one's own."""

    plan = AmongField(_plans, queryset=Plan.objects.none(), required=False, help_text=_("The id of a plan."))
    calendar = AmongField(
        _calendars,
        queryset=SupportCalendar.objects.none(),
        required=False,
        help_text=_("The id of a calendar; “target” then says what is promised."),
    )
    target = TargetInput(required=False, help_text=_("Only with “calendar”."))
    priority = serializers.ChoiceField(
        choices=Priority.choices, required=False, help_text=_("Needed with “plan”.")
    )
    category = AmongField(
        _categories,
        queryset=Category.objects.none(),
        required=False,
        help_text=_("The id of a category: the answer says whether the plan covers it. Only with “plan”."),
    )
    metrics = serializers.ListField(
        child=serializers.ChoiceField(choices=Metric.choices),
        required=False,
        allow_empty=False,
        help_text=_("Only with “plan”. Without it, all that the plan promises anything for."),
    )
    arrives_at = SimulatedInstant()
    pauses = serializers.ListField(
        child=PauseInput(), required=False, max_length=MOST_PAUSES, help_text=_("They stop no response.")
    )
    maintenance = serializers.ListField(
        child=PauseInput(),
        required=False,
        max_length=MOST_PAUSES,
        help_text=_("Announced maintenance; it stops resolutions where the plan says so. Only with “plan”."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Either a plan and a priority, or a calendar and a target."""
        if ("plan" in attrs) == ("calendar" in attrs):
            raise serializers.ValidationError(_("Name either a plan or a calendar."), code="either")
        other: tuple[str, ...] = ("priority", "category", "metrics", "maintenance")
        wanted, other = ("priority", ("target",)) if "plan" in attrs else ("target", other)
        if wanted not in attrs:
            missing = self.fields[wanted].error_messages["required"]
            raise serializers.ValidationError({wanted: [missing]}, code="required")
        for name in other:
            if name in attrs:
                words = _("This belongs to the other kind of question.")
                raise serializers.ValidationError({name: [words]}, code="unexpected")
        return attrs


class VersionRefSerializer(serializers.Serializer[Any]):
    """A plan or a calendar, with the version that is in force at the arrival."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()


class PromisedTargetSerializer(serializers.Serializer[Target]):
    """What is promised."""

    unit = serializers.ChoiceField(choices=TargetUnit.choices, source="stored_unit")
    aim = serializers.IntegerField(help_text=_("Seconds, or business days."))
    limit = serializers.IntegerField(help_text=_("Seconds, or business days."))
    words = serializers.CharField()


class SimulatedSerializer(serializers.Serializer[Any]):
    """One promise to the ticket. Instants and receipt only with the outcome “promised”."""

    metric = serializers.ChoiceField(
        choices=Metric.choices, help_text=_("For a target of one's own: resolution, which pauses stop.")
    )
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    target = PromisedTargetSerializer(allow_null=True)
    aim_at = Instant(allow_null=True, help_text=_("At risk from here."))
    limit_at = Instant(allow_null=True, help_text=_("Breached after it."))
    because = serializers.CharField(help_text=_("Why the limit is when it is, after “because”."))
    receipt = SegmentSerializer(many=True)
    words = SentenceSerializer(many=True, help_text=_("The receipt in sentences."))


class PreviewSerializer(serializers.Serializer[Any]):
    """What the ticket would be promised, and under which versions."""

    arrives_at = Instant()
    time_zone = serializers.CharField(help_text=_("The calendar's, an IANA zone."))
    time_zone_rules = serializers.CharField(help_text=_("The version of the time zone database."))
    plan = VersionRefSerializer(allow_null=True)
    calendar = VersionRefSerializer()
    coverage = serializers.ChoiceField(
        choices=CoverageKind.choices,
        allow_null=True,
        help_text=_("Of the category that was named; null without one."),
    )
    promises = SimulatedSerializer(many=True)


EXAMPLE = OpenApiExample(
    "A critical ticket on a Friday afternoon",
    summary=_("A critical ticket on a Friday afternoon"),
    value={
        "plan": 2,
        "priority": "critical",
        "arrives_at": "2026-03-06T17:00:00+05:00",
        "pauses": [{"start": "2026-03-09T10:00:00+05:00", "end": "2026-03-09T11:30:00+05:00"}],
    },
    request_only=True,
)


class Preview(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Preview a promise"),
        name="preview_promise",
        group="promises",
        answers={200: PreviewSerializer},
        refused=CHANGE,
        request=PreviewInput,
        description=_(
            "Aim and limit of a ticket that would arrive at an instant, with the receipt. Nothing is saved. "
            "For staff alone."
        ),
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, PreviewInput)
        arrives_at = values["arrives_at"]
        pauses = [(pause["start"], pause["end"]) for pause in values.get("pauses", ())]
        if "plan" in values:
            scenario = _of_plan(values)
            metrics = values.get("metrics") or _metrics(scenario, values.get("category"))
            priority = values["priority"]
        else:
            target = target_value(BY_HAND, **values["target"])
            scenario = scenario_of_calendar(values["calendar"], target, arrives_at)
            metrics, priority = [BY_HAND], ANY_PRIORITY
        planned = [(period["start"], period["end"]) for period in values.get("maintenance", ())]
        found = scenario.play(
            metrics=metrics, priority=priority, arrives_at=arrives_at, pauses=pauses, planned=planned
        )
        answer = _answer(scenario, arrives_at, found) | {"coverage": _coverage(scenario, values)}
        return Response(PreviewSerializer(answer).data)


def _metrics(scenario: Scenario, category: Category | None) -> list[str]:
    """What the plan promises; nothing is restored where the category says that nothing is down."""
    metrics = list(dict.fromkeys(scenario.targets))
    is_outage = category is None or category.is_outage
    return [metric for metric in metrics if is_outage or metric != Metric.RESTORE]


def _coverage(scenario: Scenario, values: dict[str, Any]) -> str | None:
    category, version = values.get("category"), scenario.plan_version
    if category is None or version is None:
        return None
    return coverage_said_by(version).of(category.pk).value


def _of_plan(values: dict[str, Any]) -> Scenario:
    scenario = scenario_of_plan(values["plan"], values["arrives_at"])
    if scenario is None:
        words = _("The plan holds only for tickets that arrive later.")
        raise serializers.ValidationError({"arrives_at": [words]}, code="too_early")
    return scenario


def _answer(scenario: Scenario, arrives_at: Any, found: list[Simulated]) -> dict[str, Any]:
    version, calendar = scenario.plan_version, scenario.calendar
    return {
        "arrives_at": arrives_at,
        "time_zone": scenario.zone.key,
        "time_zone_rules": TZDATA_VERSION,
        "plan": version and {"id": version.plan_id, "name": version.plan.name, "version": version.number},
        "calendar": {
            "id": calendar.pk,
            "name": calendar.name,
            "version": scenario.calendar_version.number,
        },
        "promises": [_promise(one, scenario, arrives_at) for one in found],
    }


def _promise(one: Simulated, scenario: Scenario, arrives_at: Any) -> dict[str, Any]:
    target, now = one.target, timezone.now()
    words = draw(one.segments, now=now, zone=scenario.zone).words if one.segments else []
    return {
        "metric": one.metric,
        "outcome": one.outcome.value,
        "target": target
        and {
            "stored_unit": unit_of(target),
            "aim": target.aim,
            "limit": target.limit,
            "words": target_words(target),
        },
        "aim_at": one.aim_at,
        "limit_at": one.limit_at,
        "because": because(one.segments, target, zone=scenario.zone, now=now),
        "receipt": one.segments,
        "words": [{"when": when, "what": what} for when, what in words],
    }
