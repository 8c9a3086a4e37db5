"""Runs of backups as their jobs report them.

The job's row is locked first, then what its alarms touch. A report that comes again changes nothing; of
reports out of order the run that began last says how things stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy

from maintenance.backup_judging import judge_job
from maintenance.backup_terms import terms_of_jobs
from maintenance.models import BackupJob, BackupRun
from maintenance.services.backup_errors import RunInFuture

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead of ours the clock of a reporting machine may be."""
BESIDE = ("customer", "service", "requester", "ticket", "verification_ticket", "tenant")
"""What judging a job reads beside its row."""


class Report(models.TextChoices):
    """What a job may say of a run."""

    STARTED = "started", gettext_lazy("Started")
    SUCCEEDED = "succeeded", gettext_lazy("Succeeded")
    FAILED = "failed", gettext_lazy("Failed")
    VERIFIED = "verified", gettext_lazy("Verified")
    NOT_VERIFIED = "not_verified", gettext_lazy("Verification failed")


@dataclass(frozen=True)
class RunReport:
    """What is reported. `run` is the job's own name for the run; `size` in bytes."""

    status: Report
    run: str
    size: int | None = None
    checksum: str = ""
    message: str = ""


@transaction.atomic
def report_run(
    *, job: BackupJob, report: RunReport, at: datetime, happened_at: datetime | None = None
) -> BackupRun:
    """Write down what a job says, and raise or end its alarm. `happened_at` is by the job's clock.

    Raises RunInFuture.
    """
    happened_at = at if happened_at is None else happened_at
    if happened_at > at + CLOCKS_DIFFER:
        raise RunInFuture
    job = lock_job(job.pk)
    run = _write(job, report, min(happened_at, at))
    judge_job(job, terms_of_jobs([job], at)[job.pk], at)
    return run


@transaction.atomic
def judge_again(job_id: int, *, now: datetime) -> bool:
    """Look at a job that may be late by now, or by what is promised now; whether it stands otherwise."""
    job = lock_job(job_id)
    return judge_job(job, terms_of_jobs([job], now)[job.pk], now)


def lock_job(job_id: int) -> BackupJob:
    """The job's row with what judging it takes, locked until the transaction ends."""
    rows = BackupJob.objects.select_for_update(of=("self",), no_key=True)
    job: BackupJob = rows.select_related(*BESIDE).get(pk=job_id)
    return job


def _write(job: BackupJob, report: RunReport, at: datetime) -> BackupRun:
    run, _is_new = BackupRun.objects.get_or_create(
        tenant_id=job.tenant_id, job=job, run=report.run, defaults={"started_at": at}
    )
    status = report.status
    if status in (Report.SUCCEEDED, Report.FAILED) and run.finished_at is None:
        run.finished_at, run.succeeded = max(at, run.started_at), status == Report.SUCCEEDED
    elif status in (Report.VERIFIED, Report.NOT_VERIFIED) and _is_news(run, status, at):
        run.verified_at, run.verified = at, status == Report.VERIFIED
        if run.finished_at is None:
            run.finished_at, run.succeeded = max(at, run.started_at), status == Report.VERIFIED
    run.size = report.size if report.size is not None else run.size
    run.checksum, run.message = report.checksum or run.checksum, report.message or run.message
    run.save()
    return run


def _is_news(run: BackupRun, status: str, at: datetime) -> bool:
    """Whether a verification says something new: the first one, or a later one with another outcome."""
    if run.verified_at is None:
        return True
    return run.verified != (status == Report.VERIFIED) and at > run.verified_at
