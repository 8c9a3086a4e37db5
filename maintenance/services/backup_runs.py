"""Runs of backups as their jobs report them, and the alarm of what is late or failed.

The job's row is locked first. A report that comes again changes nothing; of reports out of order the run that
began last says how things stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.humantime import exact_moment
from maintenance.alarms import file_alarm, settle_alarm
from maintenance.backup_terms import JobTerms, next_due_at, terms_of_jobs
from maintenance.models import BackupJob, BackupRun, BackupState
from maintenance.services.backup_errors import RunInFuture

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead of ours the clock of a reporting machine may be."""


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
    """Look at a job that may be late by now; whether its state changed."""
    job = lock_job(job_id)
    before = job.state
    judge_job(job, terms_of_jobs([job], now)[job.pk], now)
    return job.state != before


def lock_job(job_id: int) -> BackupJob:
    """The job's row with what judging it takes, locked until the transaction ends."""
    rows = BackupJob.objects.select_for_update(of=("self",), no_key=True)
    job: BackupJob = rows.select_related("customer", "service", "requester", "ticket", "tenant").get(
        pk=job_id
    )
    return job


def judge_job(job: BackupJob, terms: JobTerms, now: datetime) -> None:
    """Say how a locked job stands, from its runs; file the alarm's ticket, or resolve it."""
    # A job that was taken up again counts from then on.
    ended = job.runs.filter(succeeded__isnull=False, finished_at__gte=job.created_at)
    last = ended.order_by("-started_at", "-id").first()
    good = ended.filter(succeeded=True).exclude(verified=False)
    best = good.order_by("-finished_at").first()
    verified = good.filter(verified=True).order_by("-verified_at").first()
    job.last_good_at = best.finished_at if best else None
    job.last_verified_at = verified.verified_at if verified else job.last_verified_at
    job.next_due_at = next_due_at(job, terms)
    job.state = _state(job, last, now)
    job.save(update_fields=["last_good_at", "last_verified_at", "next_due_at", "state"])
    if job.archived_at is None:
        _sound(job, last, now)


def _state(job: BackupJob, last: BackupRun | None, now: datetime) -> str:
    if last is not None and (not last.succeeded or last.verified is False):
        return BackupState.FAILED
    if job.next_due_at is not None and now > job.next_due_at:
        return BackupState.LATE
    return BackupState.GOOD if job.last_good_at is not None else BackupState.WAITING


def _sound(job: BackupJob, last: BackupRun | None, now: datetime) -> None:
    with override(job.tenant.language):
        zone = ZoneInfo(job.tenant.time_zone)
        if job.state == BackupState.GOOD and job.last_good_at is not None:
            said = _("A good run has arrived: %(when)s.") % {"when": exact_moment(job.last_good_at, zone)}
            settle_alarm(job, text=said, at=now)
        elif job.state in (BackupState.LATE, BackupState.FAILED) and job.ticket is None:
            subject = {
                BackupState.LATE: _("Backup “%(name)s” is late"),
                BackupState.FAILED: _("Backup “%(name)s” failed"),
            }[BackupState(job.state)]
            lines = [_facts(job, zone)]
            if job.state == BackupState.FAILED and last is not None and last.message:
                lines.append(last.message)
            file_alarm(
                job,
                subject=subject % {"name": job.name},
                body="\n\n".join(lines),
                service=job.service,
                at=now,
            )


def _facts(job: BackupJob, zone: ZoneInfo) -> str:
    if job.last_good_at is None:
        return _("There is no good run yet.")
    return _("The last good run ended %(when)s.") % {"when": exact_moment(job.last_good_at, zone)}


def _write(job: BackupJob, report: RunReport, at: datetime) -> BackupRun:
    run, _is_new = BackupRun.objects.get_or_create(
        tenant_id=job.tenant_id, job=job, run=report.run, defaults={"started_at": at}
    )
    status = report.status
    if status in (Report.SUCCEEDED, Report.FAILED) and run.finished_at is None:
        run.finished_at, run.succeeded = max(at, run.started_at), status == Report.SUCCEEDED
    elif status in (Report.VERIFIED, Report.NOT_VERIFIED) and run.verified_at is None:
        run.verified_at, run.verified = at, status == Report.VERIFIED
        if run.finished_at is None:
            run.finished_at, run.succeeded = max(at, run.started_at), status == Report.VERIFIED
    run.size = report.size if report.size is not None else run.size
    run.checksum, run.message = report.checksum or run.checksum, report.message or run.message
    run.save()
    return run
