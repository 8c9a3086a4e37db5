"""Restores by API: asked for, read, and worked off step by step."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsStaffMember
from maintenance.api.backup_forms import RestoreInput, RestoreSerializer
from maintenance.api.window_forms import TickInput
from maintenance.models import BackupJob, RestoreRequest, RestoreStep
from maintenance.services.restores import request_restore, tick_step
from tickets.models import Channel, Ticket


class RestoreView(DeskView):
    """A view about restores of tickets that the caller may see."""

    def restores(self) -> QuerySet[RestoreRequest]:
        """With what is written of them."""
        found = RestoreRequest.objects.filter(ticket__in=Ticket.objects.visible_to(self.membership))
        return found.select_related("ticket").prefetch_related("steps__done_by__user")

    def answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The restore as it is now."""
        found = get_object_or_404(self.restores(), pk=pk)
        return Response(RestoreSerializer(found, context=self.context()).data, status=code)


class Restore(RestoreView):
    @operation(
        _("Ask for a restore"),
        name="request_restore",
        group="services",
        answers={201: RestoreSerializer},
        refused=[*CHANGE, "no_restore_category", "not_of_the_customer", "state_to_come", "customer_closed"],
        request=RestoreInput,
        description=_(
            "A ticket with the restore clock of the plan. Staff ask for a contact of the customer."
        ),
    )
    def post(self, request: Request, job_id: int) -> Response:
        jobs = BackupJob.objects.visible_to(self.membership).in_use().select_related("service", "tenant")
        job = get_object_or_404(jobs, pk=job_id)
        values = read_input(self, RestoreInput)
        wanted = request_restore(
            job=job, by=self.membership, at=timezone.now(), channel=Channel.API, **values
        )
        return self.answer(wanted.pk, status.HTTP_201_CREATED)


class ShowRestore(RestoreView):
    @operation(
        _("Show a restore"),
        name="show_restore",
        group="services",
        answers={200: RestoreSerializer},
        description=_("By the number of its ticket, with its steps."),
    )
    def get(self, request: Request, number: int) -> Response:
        return self.answer(get_object_or_404(self.restores(), ticket__number=number).pk)


class TickRestoreStep(RestoreView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Tick a step of a restore"),
        name="tick_restore_step",
        group="services",
        answers={200: RestoreSerializer},
        refused=CHANGE,
        request=TickInput,
        description=_("Done, or not yet after all. Saying it twice changes nothing. For staff alone."),
    )
    def post(self, request: Request, step_id: int) -> Response:
        steps = RestoreStep.objects.filter(request__in=self.restores())
        step = get_object_or_404(steps, pk=step_id)
        done = read_input(self, TickInput)["is_done"]
        tick_step(step=step, is_done=done, by=self.membership, at=timezone.now())
        return self.answer(step.request_id)
