"""Maintenance windows through the API: planned, announced, moved, run and ended as on the pages."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from maintenance.api import window_forms as forms
from maintenance.models import Concern, Window, WindowCustomer, WindowTicket
from maintenance.querysets import WindowQuerySet
from maintenance.services import windows as services
from maintenance.services.windows import WindowTerms
from maintenance.views.windows import with_services
from maintenance.window_reading import to_be_read
from tickets.api.inputs import NothingInput
from tickets.models import Ticket

NEWEST = Order("newest", [Key("starts_at", descending=True), Key("id", descending=True)])
STEP = [*CHANGE, "wrong_status"]
PLAN = [*STEP, "notice_too_short", "service_taken", "wrong_time", "not_enough_said"]


class WindowView(DeskView):
    """A view about windows: finds them among those that the caller may see."""

    def windows(self) -> WindowQuerySet:
        """With what is written of them."""
        rows = with_services(Window.objects.visible_to(self.membership), self.membership)
        seen = WindowTicket.objects.filter(ticket__in=Ticket.objects.visible_to(self.membership))
        tied = Prefetch("window_tickets", seen.select_related("ticket").order_by("ticket__number"))
        rows = rows.prefetch_related(tied)
        if self.membership.is_contact:
            return rows
        concerned = WindowCustomer.objects.exclude(concern=Concern.LEFT_OUT).select_related("customer")
        customers = Prefetch("window_customers", concerned.order_by("customer__name", "pk"))
        return rows.select_related("responsible__user").prefetch_related(
            customers, "checklist__done_by__user"
        )

    def get_window(self, window_id: int) -> Window:
        """Raises Http404."""
        found: Window = get_object_or_404(self.windows(), pk=window_id)
        return to_be_read([found], self.membership)[0]

    def answer(self, window_id: int, code: int = status.HTTP_200_OK) -> Response:
        """The window as it is now."""
        shown = forms.WindowSerializer(self.get_window(window_id), context=self.context())
        return Response(shown.data, status=code)


class Windows(WindowView):
    @operation(
        _("List maintenance windows"),
        name="list_windows",
        group="maintenance",
        answers={200: forms.WindowPage},
        refused=["invalid"],
        parameters=[forms.WindowQuery],
        description=_("What starts last comes first. Contacts see what was announced and concerns them."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, forms.WindowQuery)
        rows = self.windows()
        if query.get("status"):
            rows = rows.filter(status__in=query["status"])
        if "series" in query:
            rows = rows.filter(series=query["series"])
        me = self.membership
        return page_response(
            self, rows, NEWEST, query, forms.WindowSerializer, prepare=lambda found: to_be_read(found, me)
        )

    @operation(
        _("Draft a maintenance window"),
        name="draft_window",
        group="maintenance",
        answers={201: forms.WindowSerializer},
        refused=[*CHANGE, "wrong_time", "not_enough_said"],
        request=forms.WindowInput,
        description=_("Nobody is told of a draft. For staff alone."),
    )
    def post(self, request: Request) -> Response:
        staff_alone(self)
        values = read_input(self, forms.WindowInput)
        window = services.draft_window(terms=WindowTerms(**values), by=self.membership, at=timezone.now())
        return self.answer(window.pk, status.HTTP_201_CREATED)


class ShowWindow(WindowView):
    @operation(
        _("Show a maintenance window"),
        name="show_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
    )
    def get(self, request: Request, window_id: int) -> Response:
        return self.answer(window_id)

    @operation(
        _("Change a maintenance window"),
        name="change_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=[*PLAN, "edited_meanwhile", "refused"],
        request=forms.ChangeWindowInput,
        description=_(
            "What is left out stays. Of an announced one customers hear who come to it or go; of another "
            "title, impact, advice or other services all."
        ),
    )
    def patch(self, request: Request, window_id: int) -> Response:
        window = self.get_window(window_id)
        staff_alone(self)
        values = read_input(self, forms.ChangeWindowInput)
        seen, reason = values.pop("seen"), values.pop("emergency_reason", "")
        services.change_window(
            window=window,
            terms=replace(services.terms_of(window), **values),
            seen=seen,
            by=self.membership,
            at=timezone.now(),
            emergency_reason=reason,
        )
        return self.answer(window_id)


class StepView(WindowView):
    """One step of a window's life; for staff alone."""

    permission_classes = (IsStaffMember,)


class Schedule(StepView):
    @operation(
        _("Announce a maintenance window"),
        name="schedule_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=PLAN,
        request=forms.ScheduleInput,
        description=_("Everybody concerned is told. Stopped where plans promise more notice."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.ScheduleInput)
        services.schedule_window(window=window, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)


class Move(StepView):
    @operation(
        _("Move a maintenance window"),
        name="move_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=PLAN,
        request=forms.MoveInput,
        description=_("Invitations move too, and reminders of the earlier time are taken back."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.MoveInput)
        services.move_window(window=window, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)


class Extend(StepView):
    @operation(
        _("Extend a maintenance window"),
        name="extend_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=PLAN,
        request=forms.ExtendInput,
        description=_(
            "Of a window in progress; everybody concerned is told. What is planned behind it on the same "
            "services has to move: name it in “moves”, and both happen or neither."
        ),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.ExtendInput)
        values["moves"] = {one["window"]: one["starts_at"] for one in values["moves"]}
        services.extend_window(window=window, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)


class Start(StepView):
    @operation(
        _("Start a maintenance window"),
        name="start_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=[*STEP, "wrong_time", "service_taken"],
        request=None,
        description=_("Not before the announced time, nor while other work on its services overruns."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window = self.get_window(window_id)
        read_input(self, NothingInput)
        services.start_window(window=window, by=self.membership, at=timezone.now())
        return self.answer(window_id)


class Complete(StepView):
    @operation(
        _("Complete a maintenance window"),
        name="complete_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=[*STEP, "not_enough_said"],
        request=forms.CompleteInput,
        description=_("A restore test needs its result."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.CompleteInput)
        services.complete_window(window=window, by=self.membership, at=timezone.now(), **values)
        return self.answer(window_id)


class Cancel(StepView):
    @operation(
        _("Cancel a maintenance window"),
        name="cancel_window",
        group="maintenance",
        answers={200: forms.WindowSerializer},
        refused=[*STEP, "not_enough_said"],
        request=forms.CancelInput,
        description=_("What was announced needs a reason, which customers read."),
    )
    def post(self, request: Request, window_id: int) -> Response:
        window, values = self.get_window(window_id), read_input(self, forms.CancelInput)
        services.cancel_window(
            window=window, why=values.get("why", ""), by=self.membership, at=timezone.now()
        )
        return self.answer(window_id)


def staff_alone(view: DeskView) -> None:
    """Raises PermissionDenied for contacts, who may read at the same address."""
    if not IsStaffMember().has_permission(view.request, view):
        view.permission_denied(view.request)
