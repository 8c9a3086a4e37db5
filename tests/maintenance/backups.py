"""Backups for tests, made by the real services."""

from datetime import datetime
from typing import Any

from maintenance.models import BackupJob, BackupRun
from maintenance.services.backup_runs import Report, RunReport, report_run
from maintenance.services.backups import BackupTermsOfJob, create_job
from sla.models import BackupTerm, PlanVersion
from tests.factories import MONDAY, Desk


def promise_backups(desk: Desk, **changes: Any) -> BackupTerm:
    """Let the desk's plan promise both parts every 24 hours in the shared cloud, verified every 30 days."""
    values = {
        "hosting_model": "shared",
        "every_hours": 24,
        "parts": ["database", "files"],
        "retention_days": 14,
        "verify_every_days": 30,
    }
    version = PlanVersion.objects.filter(plan=desk.plan).latest("number")
    return BackupTerm.objects.create(tenant=desk.tenant, plan_version=version, **(values | changes))


def new_job(desk: Desk, *, at: datetime = MONDAY, **changes: Any) -> tuple[BackupJob, str]:
    """The database of the first customer; its contact gets the tickets."""
    values: dict[str, Any] = {"name": "ERP database", "part": "database", "requester": desk.contact}
    terms = BackupTermsOfJob(**(values | changes))
    return create_job(customer=desk.customer, terms=terms, by=desk.admin, at=at)


def report(job: BackupJob, status: str, run: str, at: datetime, **changes: Any) -> BackupRun:
    """What the job says at that instant."""
    return report_run(job=job, report=RunReport(Report(status), run, **changes), at=at)
