"""Runs of backups are reported by their jobs, each with its own token."""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import REALM
from accounts.api.base import DeskView, read_input
from accounts.api.documenting import BODY, operation
from accounts.api.throttling import AnonymousThrottle, WriteThrottle
from accounts.services import hash_token
from maintenance.api.backup_forms import REPORT, BackupRunSerializer, ReportInput
from maintenance.models import BackupJob
from maintenance.services.backup_runs import Report, RunReport, report_run


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

    target_class = "maintenance.api.backup_reports.JobTokenAuthentication"
    name = "backupToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        words = _("The token of one backup, shown when an admin makes it: `Authorization: Bearer bk_…`")
        return {"type": "http", "scheme": "bearer", "bearerFormat": "bk_…", "description": words}


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
