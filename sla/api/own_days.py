"""Days of a calendar with hours of their own, as a program sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Line
from sla.own_days import OwnDays, own_days_in, written

MOST_DAYS = 200
MOST_SLOTS = 6
_LEAP_YEAR = 2000


class HoursField(serializers.ListField):
    """Pairs of opening and closing; none: closed."""

    child = serializers.ListField(child=serializers.CharField(max_length=5), min_length=2, max_length=2)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_SLOTS, **options)


class MonthDayField(serializers.CharField):
    """A day of every year, as 12-24; read as that of a leap year, which has them all."""

    def to_internal_value(self, data: Any) -> Any:
        said = super().to_internal_value(data)
        try:
            return date.fromisoformat(f"{_LEAP_YEAR}-{said}")
        except ValueError as error:
            words = _("“%(value)s” is not a day of the year. Example: 12-24.")
            raise serializers.ValidationError(words % {"value": said}, code="date") from error


class ExceptionInput(Input):
    """A day, or several in a row, with hours of their own."""

    first = serializers.DateField()
    last = serializers.DateField(required=False, help_text=_("The last day; without it, the same one."))
    name = Line(max_length=80, required=False, allow_blank=True)
    hours = HoursField(help_text=_("Pairs of opening and closing; none: closed."))
    is_yearly = False

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """First comes first, and a year at most lies between."""
        own = self.own_days(attrs)
        if own.last < own.first and not self.is_yearly:
            words = _("The last day must not be before the first.")
            raise serializers.ValidationError({"last": [words]}, code="order")
        if not own.is_readable:
            words = _("At most a year may lie between the first and the last day.")
            raise serializers.ValidationError({"last": [words]}, code="too_long")
        return {"own": own}

    def own_days(self, attrs: Mapping[str, Any]) -> OwnDays:
        """What was sent, as a value."""
        hours = tuple((opens, closes) for opens, closes in attrs["hours"])
        last = attrs.get("last", attrs["first"])
        own = OwnDays(attrs["first"], last, self.is_yearly, attrs.get("name", ""), hours)
        return own.coming(timezone.localdate()) if self.is_yearly else own


class YearlyInput(ExceptionInput):
    """The same of every year, as 12-24; the last day may lie beyond New Year."""

    first = MonthDayField()  # type: ignore[assignment]  # DRF takes fields off the class
    last = MonthDayField(  # type: ignore[assignment]
        required=False, help_text=_("The last day; without it, the same one.")
    )
    is_yearly = True


def with_own_days(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A written calendar with its exceptions or yearly days replaced by those that were sent, if any were."""
    sent = {"exceptions": False, "yearly": True}
    if not sent.keys() & given.keys():
        return dict(spec)
    days: list[OwnDays] = [one["own"] for kind in sent for one in given.get(kind, ())]
    kept = {is_yearly for kind, is_yearly in sent.items() if kind not in given}
    days += [own for own in own_days_in(spec, timezone.localdate()) if own.yearly in kept]
    rest = {key: value for key, value in spec.items() if key not in ("overrides", "ranges", "yearly")}
    return rest | written(days)


def check_clashes(given: Mapping[str, Any]) -> None:
    """Refuse two that say something of the same day. Raises ValidationError."""
    for kind in ("exceptions", "yearly"):
        sent: Sequence[OwnDays] = [one["own"] for one in given.get(kind, ())]
        for number, own in enumerate(sent):
            if any(own.clashes_with(other) for other in sent[:number]):
                words = _("Another exception has some of these days. Let only one of them have each day.")
                raise serializers.ValidationError({kind: {str(number): [words]}}, code="twice")
