"""Support calendars: staff read them, admins make and archive them. Edits change them (`sla.api.edits`)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import PageQuery, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from sla.api.calendar_inputs import NewCalendarInput
from sla.api.edit_inputs import at_its_place
from sla.api.in_force import ArchivedQuery, VersionedView
from sla.api.serializers import CalendarPage, CalendarSerializer
from sla.models import CalendarVersion, SupportCalendar
from sla.services.calendars import archive_calendar, create_calendar, restore_calendar
from tickets.api.inputs import NothingInput

BY_NAME = Order("name", [Key("name"), Key("id")])


class CalendarView(VersionedView):
    of = "calendar_id"
    form = CalendarSerializer

    def things(self) -> QuerySet[Any]:
        return SupportCalendar.objects.visible_to(self.membership)

    def versions(self) -> QuerySet[Any]:
        return CalendarVersion.objects.all()


class Calendars(CalendarView):
    @operation(
        _("List calendars"),
        name="list_calendars",
        group="promises",
        answers={200: CalendarPage},
        refused=["invalid", "not_allowed"],
        parameters=[ArchivedQuery],
        description=_("When support is open, with the hours that hold now. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        return self.page(BY_NAME)

    @operation(
        _("Make a calendar"),
        name="create_calendar",
        group="promises",
        answers={201: CalendarSerializer},
        refused=[*CHANGE, "refused"],
        request=NewCalendarInput,
        description=_(
            "Nothing counts by it before a plan or a contract names it. Later changes are edits. "
            "For admins alone."
        ),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, NewCalendarInput)
        with at_its_place("calendar", request.data):
            made = create_calendar(tenant_id=self.tenant.pk, at=timezone.now(), by=self.membership, **values)
        return Response(self.shown(made.pk), status=status.HTTP_201_CREATED)


class OneCalendar(CalendarView):
    @operation(
        _("Show a calendar"),
        name="show_calendar",
        group="promises",
        answers={200: CalendarSerializer},
        refused=["not_allowed"],
        description=_("With the hours that hold now, archived or not. For staff alone."),
    )
    def get(self, request: Request, calendar_id: int) -> Response:
        return Response(self.shown(calendar_id))


class CalendarVersions(CalendarView):
    @operation(
        _("List the versions of a calendar"),
        name="list_calendar_versions",
        group="promises",
        answers={200: CalendarPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("The calendar as each of its versions has it, the newest first. For staff alone."),
    )
    def get(self, request: Request, calendar_id: int) -> Response:
        return self.page_of_versions(calendar_id)


class ArchiveCalendar(CalendarView):
    @operation(
        _("Archive a calendar"),
        name="archive_calendar",
        group="promises",
        answers={200: CalendarSerializer},
        refused=[*CHANGE, "refused"],
        request=NothingInput,
        description=_(
            "Plans and contracts are offered it no more. Refused while some in force count by it. "
            "For admins alone."
        ),
    )
    def post(self, request: Request, calendar_id: int) -> Response:
        calendar = self.thing(calendar_id)
        read_input(self, NothingInput)
        archive_calendar(calendar=calendar, by=self.membership, at=timezone.now())
        return Response(self.shown(calendar_id))


class RestoreCalendar(CalendarView):
    @operation(
        _("Restore an archived calendar"),
        name="restore_calendar",
        group="promises",
        answers={200: CalendarSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("Plans and contracts are offered it again. For admins alone."),
    )
    def post(self, request: Request, calendar_id: int) -> Response:
        calendar = self.thing(calendar_id)
        read_input(self, NothingInput)
        restore_calendar(calendar=calendar, by=self.membership, at=timezone.now())
        return Response(self.shown(calendar_id))
