"""Working hours of staff, by API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsStaffMember
from accounts.models import Membership
from sla.api.calendar_inputs import WEEKDAYS
from sla.api.own_days import HoursField
from sla.models import SupportCalendar, WorkingHours
from sla.services.working_hours import change_working_hours
from sla.working_hours import desk_calendar
from tickets.api.inputs import AmongField

WORKS_BY = [
    ("desk", _("The desk's hours")),
    ("calendar", _("A support calendar")),
    ("own", _("Own hours")),
]


def _calendars(membership: Membership) -> QuerySet[Any]:
    return SupportCalendar.objects.visible_to(membership).in_use()


class CalendarNameSerializer(serializers.Serializer[SupportCalendar]):
    """A support calendar, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class WorkingHoursSerializer(serializers.Serializer[Any]):
    """When somebody of the staff works."""

    works_by = serializers.ChoiceField(
        choices=WORKS_BY,
        help_text=_("The desk's hours, those of a calendar, or a week of their own."),
    )
    calendar = CalendarNameSerializer(allow_null=True, help_text=_("Null with a week of their own."))
    week = serializers.DictField(
        help_text=_("By day, 0 is Monday, on the clock of “time_zone”; empty with a calendar.")
    )
    time_zone = serializers.CharField(help_text=_("The person's."))
    version = serializers.IntegerField(help_text=_("What “seen” takes; 0 while nothing was said."))


class WorkingHoursInput(Input):
    """When somebody works; neither calendar nor week: by the desk's hours."""

    calendar = AmongField(
        _calendars, queryset=SupportCalendar.objects.none(), allow_null=True, default=None,
        help_text=_("The id of a calendar."),
    )  # fmt: skip
    week = serializers.DictField(
        child=HoursField(),
        default=dict,
        help_text=_("By day, 0 is Monday: pairs of opening and closing, as 09:00 and 18:00."),
    )
    seen = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("The version that you read.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way or the other, on days that there are."""
        if attrs["calendar"] is not None and attrs["week"]:
            words = _("Either a calendar or a week, not both.")
            raise serializers.ValidationError({"week": [words]}, code="unexpected")
        for day in attrs["week"]:
            if day not in WEEKDAYS:
                words = _("Days of the week are “0” to “6”.")
                raise serializers.ValidationError({"week": {day: [words]}}, code="weekday")
        return attrs


class WorkingHoursOfPerson(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Show working hours"),
        name="show_working_hours",
        group="people",
        answers={200: WorkingHoursSerializer},
        refused=["not_allowed"],
        description=_("When somebody of the staff works. For staff alone."),
    )
    def get(self, request: Request, colleague_id: int) -> Response:
        return self._answer(self._person(colleague_id))

    @operation(
        _("Change working hours"),
        name="change_working_hours",
        group="people",
        answers={200: WorkingHoursSerializer},
        refused=[*CHANGE, "edited_meanwhile", "refused"],
        request=WorkingHoursInput,
        description=_("One's own, or as a supervisor those of anybody on the staff."),
    )
    def put(self, request: Request, colleague_id: int) -> Response:
        person = self._person(colleague_id)
        values = read_input(self, WorkingHoursInput)
        seen = values.pop("seen")
        change_working_hours(
            person=person, seen_version=seen, by=self.membership, at=timezone.now(), **values
        )
        return self._answer(person)

    def _person(self, colleague_id: int) -> Membership:
        staff = Membership.objects.visible_to(self.membership).staff().select_related("user")
        found: Membership = get_object_or_404(staff, pk=colleague_id)
        return found

    def _answer(self, person: Membership) -> Response:
        row = WorkingHours.objects.filter(person=person).select_related("calendar").first()
        said: dict[str, Any] = {
            "works_by": "desk" if row is None else ("calendar" if row.calendar else "own"),
            "calendar": row.calendar if row else desk_calendar(person.tenant_id),
            "week": row.week if row else {},
            "time_zone": person.user.time_zone,
            "version": row.version if row else 0,
        }
        return Response(WorkingHoursSerializer(said).data)
