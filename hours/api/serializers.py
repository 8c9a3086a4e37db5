"""How packs, time and statements are written and read in the API. All lengths are minutes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, Query
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from hours.models import NAME_LENGTH, NOTE_LENGTH, PRICE_LENGTH, REASON_LENGTH, EntryKind, Ground, Pack
from hours.services.time import MOST_MINUTES as MOST_A_DAY
from tickets.hour_fields import MOST_MINUTES


class PackSerializer(serializers.Serializer[Pack]):
    """A pack of prepaid hours."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    minutes = serializers.IntegerField(help_text=_("What was bought."))
    balance = serializers.IntegerField(help_text=_("What is left; less than nothing when overdrawn."))
    price = serializers.CharField(help_text=_("In words; nothing reckons with it."))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text=_("The last day; null for no end."))
    overdraft_minutes = serializers.IntegerField()
    version = serializers.IntegerField()


class HoursSerializer(serializers.Serializer[Any]):
    """What a customer has of prepaid hours."""

    customer = CustomerRefSerializer()
    balance = serializers.IntegerField(
        allow_null=True, help_text=_("Minutes left today; null where no pack was ever sold.")
    )
    low_at_minutes = serializers.IntegerField(help_text=_("The customer is told when no more is left."))
    packs = PackSerializer(many=True)


class LineSerializer(serializers.Serializer[Any]):
    """A row of the ledger."""

    at = Instant(source="entry.at")
    kind = serializers.ChoiceField(choices=EntryKind.choices, source="entry.kind")
    pack = serializers.CharField(source="entry.pack.name")
    ticket = serializers.IntegerField(source="ticket_number", allow_null=True)
    worked_on = serializers.DateField(allow_null=True)
    by = PersonRefSerializer(source="entry.by", allow_null=True, help_text=_("Null for the desk itself."))
    what = serializers.CharField()
    minutes = serializers.IntegerField(source="entry.minutes", help_text=_("Less than nothing goes out."))
    balance = serializers.IntegerField(help_text=_("What is left in all packs after it."))


class StatementSerializer(serializers.Serializer[Any]):
    """A month of a customer's prepaid hours, in the desk's zone."""

    month = serializers.DateField(help_text=_("Its first day."))
    opening = serializers.IntegerField()
    closing = serializers.IntegerField()
    included = serializers.IntegerField(
        allow_null=True, help_text=_("What the plan includes a month; null for nothing.")
    )
    included_used = serializers.IntegerField()
    lines = LineSerializer(many=True)


class TimeSerializer(serializers.Serializer[Any]):
    """Work of somebody on a ticket."""

    id = serializers.IntegerField()
    agent = PersonRefSerializer()
    worked_on = serializers.DateField()
    minutes = serializers.IntegerField()
    note = serializers.CharField()
    ground = serializers.ChoiceField(choices=Ground.choices, help_text=_("Why it is charged, or is not."))
    charged_minutes = serializers.IntegerField(help_text=_("What it drew from packs."))
    included_minutes = serializers.IntegerField(help_text=_("What of it the plan includes each month."))
    logged_at = Instant()
    voided_at = Instant(allow_null=True)
    void_reason = serializers.CharField()


class StatementQuery(Query):
    """Which month."""

    month = serializers.RegexField(
        r"^\d{4}-\d{2}$", required=False, default="", help_text=_("As in 2026-03; this one if absent.")
    )


class _Terms(Input):
    name = Line(max_length=NAME_LENGTH)
    price = Line(max_length=PRICE_LENGTH, required=False, allow_blank=True, default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    overdraft_minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_MINUTES, required=False, default=0
    )


class SellInput(_Terms):
    """A pack to sell."""

    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)


class ChangePackInput(_Terms):
    """What is said of a pack; `seen` is the version that was read."""

    seen = serializers.IntegerField(min_value=1)


class AdjustInput(Input):
    """What is put right in a pack."""

    minutes = serializers.IntegerField(
        min_value=-MOST_MINUTES, max_value=MOST_MINUTES, help_text=_("Less than nothing takes out.")
    )
    reason = Line(max_length=REASON_LENGTH)


class AccountInput(Input):
    """When the customer is told."""

    low_at_minutes = serializers.IntegerField(min_value=0, max_value=MOST_MINUTES)
    seen = serializers.IntegerField(min_value=1)


class TimeInput(Input):
    """Work to be written down for the caller."""

    minutes = serializers.IntegerField(min_value=1, max_value=MOST_A_DAY)
    worked_on = serializers.DateField(help_text=_("A day of the desk's zone."))
    note = Line(max_length=NOTE_LENGTH)
    charge = serializers.BooleanField(
        required=False, default=True, help_text=_("False: it is not charged, whatever the plan says.")
    )


class VoidInput(Input):
    """Why time is taken back."""

    reason = Line(max_length=REASON_LENGTH)
