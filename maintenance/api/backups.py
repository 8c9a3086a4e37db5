"""Backups by API: jobs report their runs with their own token, people read how backups stand."""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample
from rest_framework import authentication, serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import REALM
from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    Line,
    PageQuery,
    id_field,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import operation
from accounts.api.pagination import Key, Order
from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from accounts.api.serializers import CustomerRefSerializer
from accounts.api.throttling import AnonymousThrottle, WriteThrottle
from accounts.services import hash_token
from maintenance.models import BackupJob, BackupRun, BackupState
from maintenance.services.backup_errors import NoRestoreCategory, RunInFuture
from maintenance.services.backup_runs import Report, RunReport, report_run
from maintenance.services.errors import MaintenanceRuleBroken, NotAllowed
from maintenance.services.restores import request_restore
from sla.models import BackupPart
from tickets.api.serializers import ServiceRefSerializer
from tickets.lifecycle import Priority
from tickets.models import Channel

BY_NAME = Order("name", [Key("name"), Key("id")])
BODY = ("invalid", "unreadable", "unsupported_media_type", "too_large")
LARGEST_SIZE = 2**63 - 1

RUN_IN_FUTURE = Problem(
    "run_in_future", 422, _("The run lies in the future"), _("The clock of the reporting machine is wrong.")
)
NO_RESTORE_CATEGORY = Problem(
    "no_restore_category",
    409,
    _("The desk has no category for restores"),
    _("An admin marks one as “outage or restore”; then its tickets carry the restore clock."),
)
REPORT = OpenApiExample(
    "A run has succeeded",
    summary=_("A run has succeeded"),
    value={
        "status": "succeeded",
        "run": "2026-03-02T02:00",
        "size": 734003200,
        "checksum": "sha256:9f86d081884c7d65",
    },
    request_only=True,
)


def _words(error: MaintenanceRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(RunInFuture, RUN_IN_FUTURE, _words)
register_problem(NoRestoreCategory, NO_RESTORE_CATEGORY, _words)


class JobTokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer bk_…`: the token of a backup of this desk that is not archived.

    The job is nobody of the desk, so nothing else opens to it.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, BackupJob] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        tenant = request._request.tenant  # type: ignore[attr-defined]
        jobs = BackupJob.objects.in_use().filter(tenant_id=tenant.pk)
        job = jobs.filter(token_hash=hash_token(secret.strip())).first()
        if job is None:
            raise AuthenticationFailed(_("This token is not valid here: unknown, replaced or archived."))
        return AnonymousUser(), job

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{REALM}"'


class IsReportingJob(BasePermission):
    """A job with its own token. Anybody else: 401."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, BackupJob)


class JobThrottle(WriteThrottle):
    """Each job for itself: many report from one machine."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        job = request.auth
        if not isinstance(job, BackupJob):
            return None
        return self.cache_format % {"scope": self.scope, "ident": f"backup-{job.pk}"}


class RefusedThrottle(AnonymousThrottle):
    """Callers without a valid token, by address."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return None if isinstance(request.auth, BackupJob) else super().get_cache_key(request, view)


class JobTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the token of a backup in the document."""

    target_class = "maintenance.api.backups.JobTokenAuthentication"
    name = "backupToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        words = _("The token of one backup, shown when an admin makes it: `Authorization: Bearer bk_…`")
        return {"type": "http", "scheme": "bearer", "bearerFormat": "bk_…", "description": words}


class ReportInput(Input):
    """What a job says of a run."""

    status = serializers.ChoiceField(choices=Report.choices)
    run = Line(
        max_length=80,
        help_text=_(
            "The job's own name for the run, the same in all its reports. Repeating one is no error."
        ),
    )
    at = Instant(required=False, help_text=_("When it happened; without it, now."))
    size = serializers.IntegerField(
        min_value=0, max_value=LARGEST_SIZE, required=False, help_text=_("Bytes.")
    )
    checksum = Line(max_length=160, required=False, allow_blank=True)
    message = Line(
        max_length=500, required=False, allow_blank=True, help_text=_("Why it failed, or what else to know.")
    )


class BackupRunSerializer(serializers.Serializer[BackupRun]):
    """A run as its job reported it."""

    run = serializers.CharField()
    started_at = Instant()
    finished_at = Instant(allow_null=True)
    succeeded = serializers.BooleanField(allow_null=True, help_text=_("Null while it has not ended."))
    size = serializers.IntegerField(allow_null=True, help_text=_("Bytes."))
    checksum = serializers.CharField()
    message = serializers.CharField()
    verified_at = Instant(allow_null=True)
    verified = serializers.BooleanField(allow_null=True, help_text=_("Null while nobody has looked."))


class BackupSerializer(serializers.Serializer[BackupJob]):
    """What is backed up, and how it stands."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    customer = CustomerRefSerializer()
    service = ServiceRefSerializer(allow_null=True)
    part = serializers.ChoiceField(choices=BackupPart.choices)
    state = serializers.ChoiceField(choices=BackupState.choices)
    last_good_at = Instant(allow_null=True, help_text=_("When the last good run ended."))
    last_verified_at = Instant(allow_null=True)
    next_due_at = Instant(
        allow_null=True, help_text=_("Until when the next good run must have ended; null: no rhythm.")
    )


class RestoreInput(Input):
    """What is to come back."""

    what = serializers.CharField(max_length=5000)
    wanted_at = Instant(
        required=False, allow_null=True, help_text=_("To the state of this instant; null: the last good one.")
    )
    priority = serializers.ChoiceField(choices=Priority.choices, default=Priority.CRITICAL)


class RestoreSerializer(serializers.Serializer[Any]):
    """A restore that was asked for."""

    ticket = serializers.IntegerField(source="ticket.number", help_text=_("The number of its ticket."))
    what = serializers.CharField()
    wanted_at = Instant(allow_null=True)


class BackupsQuery(PageQuery):
    """Which backups."""

    customer = id_field(required=False)
    state = serializers.ChoiceField(choices=BackupState.choices, required=False)


BackupPage = page_schema("BackupPage", BackupSerializer)
BackupRunPage = page_schema("BackupRunPage", BackupRunSerializer)
NEWEST_RUN = Order("newest", [Key("started_at", descending=True), Key("id", descending=True)])


class Backups(DeskView):
    @operation(
        _("List backups"),
        name="list_backups",
        group="services",
        answers={200: BackupPage},
        refused=["invalid"],
        parameters=[BackupsQuery],
        description=_("Staff see all of the desk, a contact those of its company."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, BackupsQuery)
        jobs = BackupJob.objects.visible_to(self.membership).in_use().select_related("customer", "service")
        wanted = {name: query[name] for name in ("customer", "state") if name in query}
        return page_response(self, jobs.filter(**wanted), BY_NAME, query, BackupSerializer)


class Runs(DeskView):
    @operation(
        _("List a backup's runs"),
        name="list_backup_runs",
        group="services",
        answers={200: BackupRunPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("The newest first."),
    )
    def get(self, request: Request, job_id: int) -> Response:
        query = read_query(self, PageQuery)
        job = get_object_or_404(BackupJob.objects.visible_to(self.membership), pk=job_id)
        return page_response(self, job.runs.all(), NEWEST_RUN, query, BackupRunSerializer)


class Restore(DeskView):
    @operation(
        _("Ask for a restore"),
        name="request_restore",
        group="services",
        answers={201: RestoreSerializer},
        refused=[*BODY, "not_allowed", "no_restore_category"],
        request=RestoreInput,
        description=_("A ticket with the restore clock of the plan. For contacts of the customer."),
    )
    def post(self, request: Request, job_id: int) -> Response:
        jobs = BackupJob.objects.visible_to(self.membership).in_use().select_related("service", "tenant")
        job = get_object_or_404(jobs, pk=job_id)
        values = read_input(self, RestoreInput)
        wanted = request_restore(
            job=job, by=self.membership, at=timezone.now(), channel=Channel.API, **values
        )
        return Response(
            RestoreSerializer(wanted, context=self.context()).data, status=status.HTTP_201_CREATED
        )


class ReportRun(DeskView):
    authentication_classes = (JobTokenAuthentication,)
    permission_classes = (IsReportingJob,)
    throttle_classes = (RefusedThrottle, JobThrottle)

    @operation(
        _("Report a run"),
        name="report_backup_run",
        group="services",
        answers={200: BackupRunSerializer},
        refused=[*BODY, "run_in_future"],
        request=ReportInput,
        description=_(
            "For the backup job itself, with its own token. A good run ends the alarm of one that was late "
            "or failed."
        ),
        examples=[REPORT],
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ReportInput)
        happened_at = values.pop("at", None)
        values["status"] = Report(values["status"])
        now = timezone.now()
        job = cast("BackupJob", request.auth)
        run = report_run(job=job, report=RunReport(**values), at=now, happened_at=happened_at)
        return Response(BackupRunSerializer(run).data)
