"""Rotas and their turns as the API writes them, and what it takes about them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, page_schema
from accounts.api.serializers import PersonRefSerializer
from accounts.models import Membership
from sla.forms.rotas import CHANGES, DAYS, MOST_PEOPLE, PLACES
from sla.models import Rota, RotaTurn
from sla.rota_turns import Turn, filled
from sla.services.rotas import Duty, duty_among
from sla.services.turns import stamp_of
from tickets.api.inputs import AmongField

MOST_TURNS = 366
MOST_MINUTES = 240
_YEARS = range(2000, 2100)


class TurnSerializer(serializers.Serializer[RotaTurn]):
    """Somebody on call, from an instant until another."""

    id = serializers.IntegerField()
    person = PersonRefSerializer()
    starts_at = Instant()
    ends_at = Instant()
    place = serializers.IntegerField(source="position", help_text=_("0 is called first."))
    seen = serializers.SerializerMethodField(help_text=_("What a change sends as “seen”."))

    def get_seen(self, turn: RotaTurn) -> str:
        return stamp_of(turn)


class RotaSerializer(serializers.Serializer[Rota]):
    """An on-call rota with who is on call now, and the turns that have not ended."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    time_zone = serializers.CharField(help_text=_("An IANA zone."))
    minutes = serializers.IntegerField(help_text=_("To acknowledge, before the next is called."))
    on_call = serializers.SerializerMethodField(help_text=_("Who is on call now, in the order of calling."))
    next = serializers.SerializerMethodField(help_text=_("The next turn of somebody else, or null."))
    turns = TurnSerializer(source="ahead", many=True)
    archived_at = Instant(allow_null=True, help_text=_("Null while it is offered."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))

    @extend_schema_field(PersonRefSerializer(many=True))
    def get_on_call(self, rota: Rota) -> Any:
        people: Any = [turn.person for turn in _duty(rota).now]
        return PersonRefSerializer(people, many=True).data

    @extend_schema_field(TurnSerializer(allow_null=True))
    def get_next(self, rota: Rota) -> Any:
        following = _duty(rota).next
        return None if following is None else TurnSerializer(following).data


def _duty(rota: Rota) -> Duty:
    return duty_among(rota.ahead, timezone.now())  # type: ignore[attr-defined]  # prefetched by the view


RotaPage = page_schema("RotaPage", RotaSerializer)


class RotaInput(Input):
    """A rota, without its turns."""

    name = Line(max_length=80)
    time_zone = serializers.CharField(max_length=64, help_text=_("An IANA zone."))
    minutes = serializers.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES,
        default=10,
        help_text=_("To acknowledge, before the next is called."),
    )

    def validate_time_zone(self, zone: str) -> str:
        """A zone that this machine knows."""
        if zone not in available_timezones():
            raise serializers.ValidationError(_("This is not a time zone."), code="unknown_zone")
        return zone


class ChangeRotaInput(RotaInput):
    """A rota as it shall be. Turns stay at their instants."""

    seen = serializers.IntegerField(min_value=1, help_text=_("The version that you saw."))


def _staff(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).staff()


def _staff_who_are_there(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).staff().active()


def _place() -> serializers.IntegerField:
    most = len(PLACES) - 1
    return serializers.IntegerField(min_value=0, max_value=most, default=0, help_text=_("0 is called first."))


def _of_this_century(day: date) -> None:
    if day.year not in _YEARS:
        raise serializers.ValidationError(_("Choose a day of this century."), code="year")


class TurnInput(Input):
    """Somebody on call. A person who left keeps a turn that is theirs; no other is given to them."""

    person = AmongField(_staff, queryset=Membership.objects.none(), help_text=_("The id of a person."))
    starts_at = Instant(validators=[_of_this_century])
    ends_at = Instant(validators=[_of_this_century])
    place = _place()

    def validate_person(self, person: Membership) -> Membership:
        """Somebody who may enter the desk, or who has the turn already."""
        turn: RotaTurn | None = self.context.get("turn")
        if not person.is_active and (turn is None or turn.person_id != person.pk):
            words = _("Choose somebody of the staff from the list.")
            raise serializers.ValidationError(words, code="does_not_exist")
        return person

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As the services take them."""
        values = dict(attrs)
        return values | {"position": values.pop("place")}


class ChangeTurnInput(TurnInput):
    """A turn as it shall be."""

    seen = serializers.CharField(max_length=200, help_text=_("“seen” of the turn that you read."))


class FillInput(Input):
    """People in an order, changing at the same reading of the clock in the rota's zone."""

    people = AmongField(
        _staff_who_are_there,
        queryset=Membership.objects.none(),
        many=True,
        allow_empty=False,
        help_text=_("The ids of people in the order in which they come, 8 at most."),
    )
    first_day = serializers.DateField(validators=[_of_this_century])
    first_time = serializers.TimeField(
        format="%H:%M",
        input_formats=["%H:%M"],
        default=time(9),
        help_text=_("When they change, on the clock of the rota's zone: 09:00."),
    )
    changes = serializers.ChoiceField(choices=CHANGES, default="week")
    turns = serializers.IntegerField(
        min_value=1,
        max_value=MOST_TURNS,
        help_text=_("How many in all. After the last person the first one comes again."),
    )
    place = _place()
    replaces = serializers.BooleanField(
        default=False, help_text=_("Turns at the same place are cut back where they are in the way.")
    )

    def validate_people(self, people: list[Membership]) -> list[Membership]:
        """No more than the form takes."""
        if len(people) > MOST_PEOPLE:
            raise serializers.ValidationError(_("At most 8 people."), code="max_length")
        return people

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The turns; `rota` in the context says whose clock."""
        turns: list[Turn] = filled(
            [person.pk for person in attrs["people"]],
            datetime.combine(attrs["first_day"], attrs["first_time"]),
            zone=ZoneInfo(self.context["rota"].time_zone),
            days=DAYS[attrs["changes"]],
            turns=attrs["turns"],
            position=attrs["place"],
        )
        return {"turns": turns, "replaces": attrs["replaces"]}
