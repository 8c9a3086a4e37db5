"""Backups through the API: read by members, set up by admins."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember
from maintenance.api import backup_forms as forms
from maintenance.models import BackupJob
from maintenance.services import backups as services
from maintenance.services.backups import BackupTermsOfJob
from tickets.api.inputs import NothingInput

BY_NAME = Order("name", [Key("name"), Key("id")])
NEWEST_RUN = Order("newest", [Key("started_at", descending=True), Key("id", descending=True)])
SET_UP = [*CHANGE, "not_of_the_customer"]


class BackupView(DeskView):
    """Members read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def jobs(self) -> QuerySet[BackupJob]:
        """Those that the caller may see, with all that is written of them."""
        jobs: QuerySet[BackupJob] = BackupJob.objects.visible_to(self.membership)
        return jobs.select_related("customer", "service", "requester__user")

    def get_job(self, job_id: int) -> BackupJob:
        """Raises Http404."""
        return get_object_or_404(self.jobs(), pk=job_id)

    def answer(self, job_id: int) -> Response:
        """The backup as it is now."""
        [job] = forms.with_terms([self.get_job(job_id)])
        return Response(forms.BackupSerializer(job, context=self.context()).data)

    def answer_with_token(self, job_id: int, token: str, code: int) -> Response:
        """The backup as it is now, and its new token."""
        [job] = forms.with_terms([self.get_job(job_id)])
        shown = forms.BackupTokenSerializer({"backup": job, "token": token}, context=self.context())
        return Response(shown.data, status=code)


class Backups(BackupView):
    @operation(
        _("List backups"),
        name="list_backups",
        group="services",
        answers={200: forms.BackupPage},
        refused=["invalid"],
        parameters=[forms.BackupsQuery],
        description=_("Staff see all of the desk, a contact those of its company."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, forms.BackupsQuery)
        jobs = self.jobs() if query["archived"] else self.jobs().filter(archived_at=None)
        wanted = {name: query[name] for name in ("customer", "state") if name in query}
        return page_response(
            self, jobs.filter(**wanted), BY_NAME, query, forms.BackupSerializer, prepare=forms.with_terms
        )

    @operation(
        _("Watch a backup"),
        name="create_backup",
        group="services",
        answers={201: forms.BackupTokenSerializer},
        refused=SET_UP,
        request=forms.NewBackupInput,
        description=_(
            "Its runs are due from now on. Its token stands in this answer alone. For admins alone."
        ),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, forms.NewBackupInput)
        customer = values.pop("customer")
        job, token = services.create_job(
            customer=customer, terms=BackupTermsOfJob(**values), by=self.membership, at=timezone.now()
        )
        return self.answer_with_token(job.pk, token, status.HTTP_201_CREATED)


class OneBackup(BackupView):
    @operation(
        _("Show a backup"), name="show_backup", group="services", answers={200: forms.BackupSerializer}
    )
    def get(self, request: Request, job_id: int) -> Response:
        return self.answer(job_id)

    @operation(
        _("Change a backup"),
        name="edit_backup",
        group="services",
        answers={200: forms.BackupSerializer},
        refused=[*SET_UP, "edited_meanwhile"],
        request=forms.ChangeBackupInput,
        description=_("Whose it is and its token stay as they are. For admins alone."),
    )
    def put(self, request: Request, job_id: int) -> Response:
        job, values = self.get_job(job_id), read_input(self, forms.ChangeBackupInput)
        seen = values.pop("seen")
        services.change_job(
            job=job,
            terms=BackupTermsOfJob(**values),
            seen_version=seen,
            by=self.membership,
            at=timezone.now(),
        )
        return self.answer(job_id)


class ArchiveBackup(BackupView):
    @operation(
        _("Archive a backup"),
        name="archive_backup",
        group="services",
        answers={200: forms.BackupSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("It is watched no more, and its token stops working. For admins alone."),
    )
    def post(self, request: Request, job_id: int) -> Response:
        job = self.get_job(job_id)
        read_input(self, NothingInput)
        services.archive_job(job=job, by=self.membership, at=timezone.now())
        return self.answer(job_id)


class WatchBackup(BackupView):
    @operation(
        _("Watch an archived backup again"),
        name="watch_backup",
        group="services",
        answers={200: forms.BackupSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("Its next run is due as if it had been made now. For admins alone."),
    )
    def post(self, request: Request, job_id: int) -> Response:
        job = self.get_job(job_id)
        read_input(self, NothingInput)
        services.restore_job(job=job, by=self.membership, at=timezone.now())
        return self.answer(job_id)


class RenewBackupToken(BackupView):
    @operation(
        _("Give a backup another token"),
        name="renew_backup_token",
        group="services",
        answers={200: forms.BackupTokenSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("The one before stops working at once. For admins alone."),
    )
    def post(self, request: Request, job_id: int) -> Response:
        job = self.get_job(job_id)
        read_input(self, NothingInput)
        token = services.renew_token(job=job, by=self.membership, at=timezone.now())
        return self.answer_with_token(job_id, token, status.HTTP_200_OK)


class Runs(BackupView):
    @operation(
        _("List a backup's runs"),
        name="list_backup_runs",
        group="services",
        answers={200: forms.BackupRunPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("The newest first."),
    )
    def get(self, request: Request, job_id: int) -> Response:
        query, job = read_query(self, PageQuery), self.get_job(job_id)
        return page_response(self, job.runs.all(), NEWEST_RUN, query, forms.BackupRunSerializer)
