"""Monitors through the API: set up, changed, paused and archived as in the settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from accounts.links import absolute_url, desk_path
from maintenance.api import monitor_forms as forms
from maintenance.models import Monitor
from maintenance.querysets import MonitorQuerySet
from maintenance.services import monitors as services
from maintenance.services.monitors import MonitorTerms
from tickets.api.inputs import NothingInput

BY_NAME = Order("name", [Key("name"), Key("id")])
SET_UP = [*CHANGE, "refused_address", "not_their_service"]


class MonitorView(DeskView):
    """Staff read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def monitors(self) -> MonitorQuerySet:
        """Those that the caller may see."""
        seen: MonitorQuerySet = Monitor.objects.visible_to(self.membership)
        return seen.select_related("service", "requester__user")

    def get_monitor(self, monitor_id: int) -> Monitor:
        """Raises Http404."""
        found: Monitor = get_object_or_404(self.monitors(), pk=monitor_id)
        return found

    def answer(self, monitor_id: int) -> Response:
        """The monitor as it is now."""
        return Response(self.shown(monitor_id))

    def shown(self, monitor_id: int) -> dict[str, Any]:
        """It as it is now."""
        return forms.MonitorSerializer(self.get_monitor(monitor_id), context=self.context()).data

    def beat_address(self, secret: str) -> str:
        """What a job calls; empty without a secret."""
        return absolute_url(self.tenant, desk_path("beat", secret)) if secret else ""


class Monitors(MonitorView):
    @operation(
        _("List monitors"),
        name="list_monitors",
        group="maintenance",
        answers={200: forms.MonitorPage},
        refused=["invalid", "not_allowed"],
        parameters=[forms.MonitorQuery],
        description=_("Those in use, with what they found last. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, forms.MonitorQuery)
        rows = self.monitors() if query["archived"] else self.monitors().in_use()
        return page_response(self, rows, BY_NAME, query, forms.MonitorSerializer)

    @operation(
        _("Watch something"),
        name="create_monitor",
        group="maintenance",
        answers={201: forms.MadeMonitorSerializer},
        refused=SET_UP,
        request=forms.MonitorInput,
        description=_("A check, or a heartbeat with an address that is said once. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        terms = MonitorTerms(**read_input(self, forms.MonitorInput))
        monitor, secret = services.create_monitor(terms=terms, by=self.membership, at=timezone.now())
        made = self.shown(monitor.pk) | {"beat_address": self.beat_address(secret)}
        return Response(made, status=status.HTTP_201_CREATED)


class OneMonitor(MonitorView):
    @operation(
        _("Show a monitor"),
        name="show_monitor",
        group="maintenance",
        answers={200: forms.MonitorSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, monitor_id: int) -> Response:
        return self.answer(monitor_id)

    @operation(
        _("Change a monitor"),
        name="change_monitor",
        group="maintenance",
        answers={200: forms.MonitorSerializer},
        refused=[*SET_UP, "edited_meanwhile"],
        request=forms.ChangeMonitorInput,
        description=_("What is left out stays; so does its kind. For admins alone."),
    )
    def patch(self, request: Request, monitor_id: int) -> Response:
        monitor, values = self.get_monitor(monitor_id), read_input(self, forms.ChangeMonitorInput)
        seen = values.pop("seen")
        terms = replace(services.terms_of(monitor), **values)
        services.change_monitor(
            monitor=monitor, terms=terms, seen=seen, by=self.membership, at=timezone.now()
        )
        return self.answer(monitor_id)


class Pause(MonitorView):
    @operation(
        _("Pause a monitor"),
        name="pause_monitor",
        group="maintenance",
        answers={200: forms.MonitorSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("What it opened is left to people. For admins alone."),
    )
    def post(self, request: Request, monitor_id: int) -> Response:
        monitor = self.get_monitor(monitor_id)
        read_input(self, NothingInput)
        services.pause_monitor(monitor=monitor, is_paused=True, by=self.membership, at=timezone.now())
        return self.answer(monitor_id)


class Resume(MonitorView):
    @operation(
        _("Resume a monitor"),
        name="resume_monitor",
        group="maintenance",
        answers={200: forms.MonitorSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("A heartbeat is late anew from now. For admins alone."),
    )
    def post(self, request: Request, monitor_id: int) -> Response:
        monitor = self.get_monitor(monitor_id)
        read_input(self, NothingInput)
        services.pause_monitor(monitor=monitor, is_paused=False, by=self.membership, at=timezone.now())
        return self.answer(monitor_id)


class Archive(MonitorView):
    @operation(
        _("Archive a monitor"),
        name="archive_monitor",
        group="maintenance",
        answers={200: forms.MonitorSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("It is watched no more; what it opened is left to people. For admins alone."),
    )
    def post(self, request: Request, monitor_id: int) -> Response:
        monitor = self.get_monitor(monitor_id)
        read_input(self, NothingInput)
        services.archive_monitor(monitor=monitor, by=self.membership, at=timezone.now())
        return self.answer(monitor_id)


class Restore(MonitorView):
    @operation(
        _("Restore a monitor"),
        name="restore_monitor",
        group="maintenance",
        answers={200: forms.MonitorSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("It is watched again. For admins alone."),
    )
    def post(self, request: Request, monitor_id: int) -> Response:
        monitor = self.get_monitor(monitor_id)
        read_input(self, NothingInput)
        services.restore_monitor(monitor=monitor, by=self.membership, at=timezone.now())
        return self.answer(monitor_id)


class Renew(MonitorView):
    @operation(
        _("Give a heartbeat another address"),
        name="renew_heartbeat",
        group="maintenance",
        answers={200: forms.BeatAddressSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("The old one leads nowhere from now on. For admins alone."),
    )
    def post(self, request: Request, monitor_id: int) -> Response:
        monitor = self.get_monitor(monitor_id)
        read_input(self, NothingInput)
        secret = services.renew_heartbeat(monitor=monitor, by=self.membership, at=timezone.now())
        return Response({"beat_address": self.beat_address(secret)})
