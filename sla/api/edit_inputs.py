"""What the API takes about edits. What is left out stays as it is in the version that is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.base import Input, Instant, PageQuery, Query, id_field
from accounts.models import Membership
from sla.api.calendar_inputs import CalendarTermsInput
from sla.api.plan_inputs import PlanTermsInput, calendars_in_use, plans_of
from sla.forms.contracts import day_after
from sla.models import Contract, EditState, Plan, Reach, SupportCalendar
from sla.services.errors import PromiseRuleBroken
from tickets.api.inputs import AmongField


def _plans_in_use(membership: Membership) -> Any:
    return plans_of(membership).in_use()


def _contracts(membership: Membership) -> Any:
    return Contract.objects.visible_to(membership).select_related("plan", "customer", "calendar")


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


@contextmanager
def at_its_place(kind: str, sent: Any) -> Iterator[None]:
    """What a service refuses because of a part of what was sent is a ValidationError at that part."""
    try:
        yield
    except PromiseRuleBroken as refused:
        if not refused.field:
            raise
        raise serializers.ValidationError(place_of(refused, kind, sent)[kind]) from refused


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
