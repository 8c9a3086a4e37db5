"""Clocks with their receipts, plans and calendars as the API writes them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from accounts.humantime import machine_time
from accounts.models import HostingModel
from sla.coverage_terms import CoverageTerms, Exclusion, coverage_said_by, exclusions_said_by
from sla.maintenance_terms import BackupTerms, MaintenanceTerms, terms_said_by
from sla.models import (
    BackupPart,
    CalendarVersion,
    ClockStatus,
    CoverageKind,
    Metric,
    Moot,
    Place,
    Plan,
    SupportCalendar,
    SupportChannel,
    Target,
    TargetUnit,
    Who,
)
from sla.own_days import OwnDays, own_days_in
from sla.presentation import ClockView
from sla.receipts import Part, Segment
from sla.services.ladders import StepTerms, Tell, ladder_of
from sla.steps import ShownStep, StepState
from tickets.lifecycle import Priority, Status


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


class OwnDaysSerializer(serializers.Serializer[OwnDays]):
    """Days with hours of their own, which hold instead of the week's and beat a holiday."""

    first = serializers.SerializerMethodField(
        help_text=_("The first day: 2026-12-24, or 12-24 of every year.")
    )
    last = serializers.SerializerMethodField(help_text=_("The last day, written alike; often the same one."))
    name = serializers.CharField(help_text=_("May be empty."))
    hours = serializers.SerializerMethodField(help_text=_("Pairs of opening and closing; none: closed."))

    def get_first(self, own: OwnDays) -> str:
        return own.when[0]

    def get_last(self, own: OwnDays) -> str:
        return own.when[1]

    def get_hours(self, own: OwnDays) -> list[list[str]]:
        return [list(pair) for pair in own.hours]


class CalendarSerializer(serializers.Serializer[SupportCalendar]):
    """A support calendar with the hours that hold now. Hours are those of its own zone's wall clock."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField(source="current.number")
    valid_from = Instant(
        source="current.valid_from", allow_null=True, help_text=_("Null: from the beginning.")
    )
    time_zone = serializers.CharField(source="current.spec.tz", help_text=_("An IANA zone."))
    week = serializers.SerializerMethodField(
        help_text=_("By day, 0 is Monday: pairs of opening and closing, as 09:00 and 18:00.")
    )
    holidays = serializers.SerializerMethodField(help_text=_("Closed days, by date, with their names."))
    exceptions = serializers.SerializerMethodField(
        help_text=_("Days and ranges with hours of their own, in order. A day beats a range.")
    )
    yearly = serializers.SerializerMethodField(
        help_text=_("The same of every year. Exceptions beat them; the 29th of February needs a leap year.")
    )
    holiday_country = serializers.CharField(
        source="current.holiday_country", help_text=_("ISO 3166, or empty.")
    )
    holiday_subdivision = serializers.CharField(source="current.holiday_subdivision")

    def get_week(self, calendar: SupportCalendar) -> dict[str, list[list[str]]]:
        return dict(_spec(calendar).get("week", {}))

    def get_holidays(self, calendar: SupportCalendar) -> dict[str, str]:
        holidays = _spec(calendar).get("holidays", {})
        return holidays if isinstance(holidays, dict) else dict.fromkeys(holidays, "")

    @extend_schema_field(OwnDaysSerializer(many=True))
    def get_exceptions(self, calendar: SupportCalendar) -> Any:
        return _own_days(calendar, yearly=False)

    @extend_schema_field(OwnDaysSerializer(many=True))
    def get_yearly(self, calendar: SupportCalendar) -> Any:
        return _own_days(calendar, yearly=True)


def _own_days(calendar: SupportCalendar, *, yearly: bool) -> Any:
    days: Any = [own for own in own_days_in(_spec(calendar), timezone.localdate()) if own.yearly == yearly]
    return OwnDaysSerializer(days, many=True).data


def _spec(calendar: SupportCalendar) -> dict[str, Any]:
    current: CalendarVersion = calendar.current  # type: ignore[attr-defined]
    return dict(current.spec)


# The names of parts are codes; these are what they mean.
PARTS = (
    (Part.COUNTED.value, _("Time that counts.")),
    (Part.OUTSIDE_HOURS.value, _("Outside the calendar's hours.")),
    (Part.HOLIDAY.value, _("A closed day; “name” is the holiday's.")),
    (Part.PAUSED.value, _("Paused; “status” says why, “by” by whom.")),
    (Part.PLANNED.value, _("Planned maintenance; “name” says which.")),
    (Part.RECEIVED.value, _("An instant: the clock started.")),
    (Part.AIM.value, _("An instant: the aim.")),
    (Part.LIMIT.value, _("An instant: the limit.")),
    (Part.RECKONED_LIMIT.value, _("An instant: the limit as reckoned, where another was set by hand.")),
    (Part.BREACHED.value, _("An instant: the promise was missed.")),
    (Part.MET.value, _("An instant: the clock ended.")),
    (Part.CANCELLED.value, _("An instant: the clock was given up.")),
)


class SegmentSerializer(serializers.Serializer[Segment]):
    """One line of a receipt. The counted ones up to the limit add up to the target."""

    part = serializers.ChoiceField(choices=PARTS)
    start = Instant()
    end = Instant(help_text=_("The same as “start” for an instant."))
    counted_seconds = serializers.SerializerMethodField(help_text=_("None but in counted parts."))
    name = serializers.CharField()
    status = serializers.ChoiceField(
        choices=Status.choices, allow_blank=True, help_text=_("The status that paused it, or empty.")
    )
    by = serializers.CharField(help_text=_("Who paused it; empty for the desk itself."))
    is_ahead = serializers.BooleanField(
        source="projected", help_text=_("It has not happened: the way to a limit ahead.")
    )

    def get_counted_seconds(self, segment: Segment) -> float:
        return segment.counted.total_seconds()


class PlanVersionRefSerializer(serializers.Serializer[Any]):
    """The plan that a promise was made under."""

    id = serializers.IntegerField(source="contract.plan_id")
    name = serializers.CharField(source="contract.plan.name")
    version = serializers.IntegerField(source="plan_version.number")


class CalendarVersionRefSerializer(serializers.Serializer[Any]):
    """The hours that a promise is reckoned by."""

    id = serializers.IntegerField(source="calendar.pk")
    name = serializers.CharField(source="calendar.name")
    version = serializers.IntegerField(source="calendar_version.number")
    time_zone = serializers.CharField(source="calendar_version.spec.tz", help_text=_("An IANA zone."))


class ContractRefSerializer(serializers.Serializer[Any]):
    """The contract that a promise was made by; its days are those of the calendar's zone."""

    id = serializers.IntegerField()
    starts_on = serializers.DateField(source="period.lower")
    ends_on = serializers.DateField(
        source="last_day", allow_null=True, help_text=_("The last day; null for no end.")
    )


class SentenceSerializer(serializers.Serializer[Any]):
    """A line of a receipt for people, in their language and zone."""

    when = serializers.CharField()
    what = serializers.CharField()


class ToldSerializer(serializers.Serializer[Any]):
    """Somebody who was told of a step."""

    who = serializers.ChoiceField(choices=Who.choices)
    name = serializers.CharField(help_text=_("The person, the address, or the host of a webhook."))
    until = serializers.SerializerMethodField(
        help_text=_("Until when mail waits for the end of quiet hours; null: it did not have to.")
    )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_until(self, told: dict[str, Any]) -> str | None:
        until = told.get("until")
        return machine_time(datetime.fromisoformat(until)) if until else None


# The names of states are codes; these are what they mean.
STATES = (
    (StepState.FIRED.value, _("It was taken.")),
    (StepState.HELD.value, _("It was taken, and some mail waits for the end of quiet hours.")),
    (StepState.CANCELLED.value, _("It fell away, or mail that waited was taken back; “why” says why.")),
    (StepState.AHEAD.value, _("It falls due at “at”.")),
)


class EscalationSerializer(serializers.Serializer[ShownStep]):
    """A step of the ladder as it stands on a clock."""

    place = serializers.ChoiceField(source="step.place", choices=Place.choices)
    amount = serializers.IntegerField(source="step.amount")
    number = serializers.IntegerField(help_text=_("Which turn of a step that repeats, from 1."))
    state = serializers.ChoiceField(choices=STATES)
    at = Instant(allow_null=True, help_text=_("When it fell or falls due; null for one that fell away."))
    why = serializers.ChoiceField(choices=Moot.choices, allow_null=True)
    fired_at = Instant(source="escalation.fired_at", default=None, allow_null=True)
    told = ToldSerializer(source="escalation.told", many=True, default=list)
    held_until = Instant(source="escalation.held_until", default=None, allow_null=True)
    cancelled_at = Instant(source="escalation.cancelled_at", default=None, allow_null=True)


class ClockSerializer(serializers.Serializer[ClockView]):
    """One promise on a ticket, reckoned for now, with the receipt that anybody can add up."""

    id = serializers.IntegerField(source="clock.id")
    metric = serializers.ChoiceField(source="clock.metric", choices=Metric.choices)
    cycle = serializers.IntegerField(help_text=_("The how-manieth response it is, from 1."))
    status = serializers.ChoiceField(source="clock.status", choices=ClockStatus.choices)
    started_at = Instant(source="clock.started_at")
    at_risk_at = Instant(source="clock.at_risk_at", allow_null=True, help_text=_("The aim."))
    due_at = Instant(source="clock.due_at", allow_null=True, help_text=_("The limit; null while paused."))
    remaining_seconds = serializers.IntegerField(
        source="clock.remaining", allow_null=True, help_text=_("Business seconds left while paused.")
    )
    ended_at = Instant(source="clock.ended_at", allow_null=True)
    breached_at = Instant(
        source="clock.breached_at", allow_null=True, help_text=_("When it was missed, not when it was seen.")
    )
    due_is_manual = serializers.BooleanField(
        source="clock.due_is_manual", help_text=_("Somebody set the limit by hand.")
    )
    reckoned_due_at = Instant(
        allow_null=True, help_text=_("The limit by the plan, where another was set by hand.")
    )
    target = serializers.CharField(source="target_words", help_text=_("Aim and limit in words."))
    because = serializers.CharField(help_text=_("Why it is due then, after “because”; may be empty."))
    terms = serializers.CharField(source="terms_words", help_text=_("Plan, calendar and contract in words."))
    plan = PlanVersionRefSerializer(source="clock.agreement")
    calendar = CalendarVersionRefSerializer(source="clock.agreement")
    contract = ContractRefSerializer(source="clock.agreement.contract")
    time_zone_rules = serializers.CharField(
        source="zone_rules", help_text=_("The version of the time zone database.")
    )
    receipt = SegmentSerializer(source="segments", many=True)
    words = serializers.SerializerMethodField(help_text=_("The receipt in sentences."))
    escalations = EscalationSerializer(
        source="steps", many=True, help_text=_("How the escalation ladder stands; for staff, else empty.")
    )

    @extend_schema_field(SentenceSerializer(many=True))
    def get_words(self, view: ClockView) -> list[dict[str, str]]:
        return [{"when": when, "what": what} for when, what in view.receipt.words]


ClockPage = page_schema("ClockPage", ClockSerializer)
PlanPage = page_schema("PlanPage", PlanSerializer)
CalendarPage = page_schema("CalendarPage", CalendarSerializer)
