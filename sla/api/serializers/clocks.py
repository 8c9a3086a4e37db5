"""Clocks as the API writes them, with their receipts and the steps of their ladders."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from accounts.humantime import machine_time
from sla.models import (
    ClockStatus,
    Metric,
    Moot,
    Place,
    Who,
)
from sla.presentation import ClockView
from sla.receipts import Part, Segment
from sla.steps import ShownStep, StepState
from tickets.lifecycle import Status

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
