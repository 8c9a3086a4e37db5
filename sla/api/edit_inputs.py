"""What the API takes about edits. What is left out stays as it is in the version that is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.base import Input, Instant, Line, PageQuery, Query, id_field
from accounts.models import Membership
from sla.api.own_days import ExceptionInput, HoursField, YearlyInput, check_clashes, with_own_days
from sla.api.plan_inputs import PlanTermsInput, VersionedInput, calendars_in_use, plans_of
from sla.forms.contracts import day_after
from sla.models import CalendarVersion, Contract, EditState, Plan, Reach, SupportCalendar
from sla.public_holidays import country_choices, subdivision_choices
from sla.services.edits import contents_of
from sla.services.errors import PromiseRuleBroken
from tickets.api.inputs import AmongField

MOST_DAYS = 200
WEEKDAYS = [str(day) for day in range(7)]


def _calendars(membership: Membership) -> Any:
    return SupportCalendar.objects.visible_to(membership)


def _plans_in_use(membership: Membership) -> Any:
    return plans_of(membership).in_use()


def _contracts(membership: Membership) -> Any:
    return Contract.objects.visible_to(membership).select_related("plan", "customer", "calendar")


class CalendarTermsInput(VersionedInput):
    """The next version of a calendar, in the form in which calendars are listed."""

    id = AmongField(_calendars, queryset=SupportCalendar.objects.none(), help_text=_("The id of a calendar."))
    name = Line(max_length=80, required=False)
    time_zone = serializers.CharField(max_length=64, required=False, help_text=_("An IANA zone."))
    week = serializers.DictField(
        child=HoursField(),
        required=False,
        help_text=_("By day, 0 is Monday: pairs of opening and closing, as 09:00 and 18:00."),
    )
    holidays = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=80),
        required=False,
        help_text=_("Closed days, by date, with their names. Only without a country."),
    )
    exceptions = ExceptionInput(many=True, required=False, max_length=MOST_DAYS)  # type: ignore[call-arg]
    yearly = YearlyInput(many=True, required=False, max_length=MOST_DAYS)  # type: ignore[call-arg]
    holiday_country = serializers.CharField(
        required=False, allow_blank=True, help_text=_("ISO 3166, or empty.")
    )
    holiday_subdivision = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Its code in the country, or empty.")
    )

    def validate_week(self, week: dict[str, Any]) -> dict[str, Any]:
        """Seven days there are."""
        for day in week:
            if day not in WEEKDAYS:
                words = _("Days of the week are “0” to “6”.")
                raise serializers.ValidationError({day: [words]}, code="weekday")
        return {day: hours for day, hours in week.items() if hours}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put together with what stands: the values of a draft."""
        check_clashes(attrs)
        version: CalendarVersion = self.version_of(attrs)
        country, part = _place(attrs, version)
        values = contents_of(version)
        spec = with_own_days(values["spec"], attrs)
        if "holidays" in attrs:
            if country:
                words = _("The holidays are those of the country. Say other closed days as exceptions.")
                raise serializers.ValidationError({"holidays": [words]}, code="unexpected")
            spec["holidays"] = attrs["holidays"]
        spec["tz"] = attrs.get("time_zone", spec["tz"])
        spec["week"] = attrs.get("week", spec.get("week") or {})
        if "exceptions" in attrs:  # else the names of those before would come back
            del values["override_names"]
        values |= {"spec": spec, "holiday_country": country, "holiday_subdivision": part}
        values["name"] = attrs.get("name", attrs["id"].name)
        return {"thing": attrs["id"], "seen_number": version.number, "values": values}


def _place(attrs: Mapping[str, Any], version: CalendarVersion) -> tuple[str, str]:
    """The country and its part whose holidays close. Raises ValidationError."""
    country = attrs.get("holiday_country", version.holiday_country)
    if country and country not in dict(country_choices("en")):
        words = _("The holidays of this country are not known.")
        raise serializers.ValidationError({"holiday_country": [words]}, code="unknown")
    before = version.holiday_subdivision if country == version.holiday_country else ""
    part = attrs.get("holiday_subdivision", before)
    if part and part not in dict(subdivision_choices(country)):
        words = _("The country has no such part.")
        raise serializers.ValidationError({"holiday_subdivision": [words]}, code="unknown")
    return country, part


class ContractTermsInput(Input):
    """The contract that takes the place of one from a day on; or, with “ends_on” alone, another last day."""

    id = AmongField(_contracts, queryset=Contract.objects.none(), help_text=_("The id of a contract."))
    plan = AmongField(
        _plans_in_use, queryset=Plan.objects.none(), required=False, help_text=_("The id of a plan.")
    )
    calendar = AmongField(
        calendars_in_use,
        queryset=SupportCalendar.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of a calendar; null: as in the plan."),
    )
    starts_on = serializers.DateField(
        required=False,
        help_text=_("The first day of what changes. Without it only the last day of the contract does."),
    )
    ends_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("The last day; null for no end.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put together with what stands: the values of a draft. Services take the first day without."""
        contract: Contract = attrs["id"]
        if "starts_on" not in attrs:
            return {"thing": contract, "seen_number": 0, "values": self._end_alone(attrs)}
        if attrs["starts_on"] <= contract.period.lower:
            words = _("Choose a day after the contract's first one.")
            raise serializers.ValidationError({"starts_on": [words]}, code="too_early")
        ends_on = attrs.get("ends_on", contract.last_day)
        if ends_on is not None and ends_on < attrs["starts_on"]:
            words = _("The last day must not be before the first.")
            raise serializers.ValidationError({"ends_on": [words]}, code="order")
        values = {
            "plan": attrs.get("plan", contract.plan),
            "calendar": attrs.get("calendar", contract.calendar),
            "starts_on": attrs["starts_on"],
            "ends_on": day_after(ends_on),
        }
        return {"thing": contract, "seen_number": 0, "values": values}

    def _end_alone(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Another last day and nothing else."""
        if set(attrs) != {"id", "ends_on"}:
            missing = self.fields["starts_on"].error_messages["required"]
            raise serializers.ValidationError({"starts_on": [missing]}, code="required")
        return {"ends_on": day_after(attrs["ends_on"])}


class EditInput(Input):
    """A change to one calendar, plan or contract."""

    calendar = CalendarTermsInput(required=False)
    plan = PlanTermsInput(required=False)
    contract = ContractTermsInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the three."""
        if len(attrs) != 1:
            words = _("Name exactly one of calendar, plan and contract.")
            raise serializers.ValidationError(words, code="either")
        [(kind, found)] = attrs.items()
        return {"kind": kind, kind: found["thing"], **found}


class _Reaching(serializers.Serializer[Any]):
    """Which tickets, and from when on; `edit` in the context says whose."""

    reach = serializers.ChoiceField(choices=Reach.choices, help_text=_("Which tickets it holds for."))
    valid_from = Instant(
        required=False,
        help_text=_("An instant ahead; without it, at once. Not for contracts, nor “from_start”."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An instant lies ahead, where one is taken at all."""
        usual = Reach.NEW if self.context["edit"].is_of_end else Reach.FROM_NOW
        attrs.setdefault("reach", usual.value)
        at = attrs.setdefault("valid_from", None)
        if at is None:
            return attrs
        if attrs["reach"] == Reach.FROM_START or self.context["edit"].contract_id is not None:
            words = _("This holds from an instant of its own.")
            raise serializers.ValidationError({"valid_from": [words]}, code="unexpected")
        if at < timezone.now():
            words = _("This has passed. Send an instant ahead, or none for at once.")
            raise serializers.ValidationError({"valid_from": [words]}, code="passed")
        return attrs


def _usual_reach() -> serializers.ChoiceField:
    words = _("Which tickets it would hold for; without it “from_now”, or “new” for a last day.")
    return serializers.ChoiceField(choices=Reach.choices, required=False, help_text=words)


class ApplyInput(_Reaching, Input):
    """How a draft is applied."""


class EffectQuery(_Reaching, Query):
    """How a draft would be applied."""

    reach = _usual_reach()


class MovesQuery(_Reaching, PageQuery):
    """How a draft would be applied, and which page."""

    reach = _usual_reach()


class EditsQuery(PageQuery):
    """Which edits."""

    state = serializers.ChoiceField(choices=EditState.choices, required=False)
    calendar = id_field(required=False, help_text=_("The id of a calendar."))
    plan = id_field(required=False, help_text=_("The id of a plan."))
    contract = id_field(required=False, help_text=_("The id of a contract."))


def place_of(refused: PromiseRuleBroken, kind: str, sent: Mapping[str, Any]) -> Any:
    """What a service refused, at its place in the body; `sent` is the body's part of that kind."""
    said: Any = [ErrorDetail(refused.words(), code=refused.code)]
    head, _dot, key = refused.field.partition(".")
    if head == "override":
        part = "yearly" if len(key) == len("12-24") else "exceptions"
        days = [str(one.get("first")) for one in sent.get(part) or ()]
        head, key = part, str(days.index(key)) if key in days else ""
    elif head == "target":
        places = [f"{one.get('metric')}.{one.get('priority')}" for one in sent.get("targets") or ()]
        head, key = "targets", str(len(places) - 1 - places[::-1].index(key)) if key in places else ""
    elif head == "maintenance":
        names = {"notice": "notice_hours", "reminders": "reminder_hours", "availability": "availability"}
        key = names.get(key, "backups")
    elif head == "coverage":
        key = "categories" if key.startswith("category") else key.replace("included", "included_minutes")
    elif head == "zone":
        head = "time_zone"
    return {kind: {head: {key: said} if key else said}}
