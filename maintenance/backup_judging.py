"""How a backup stands by its runs and by what is promised, and the alarms that follow.

Two troubles are told apart, each with a ticket of its own: that copies do not come or are no good (`state`),
and that nobody has verified one in time (`is_verification_overdue`).
"""

from __future__ import annotations

from datetime import datetime

from maintenance.backup_alarms import Evidence, sound_runs, sound_verification
from maintenance.backup_terms import JobTerms, next_due_at, verification_due_at
from maintenance.models import BackupJob, BackupState

JUDGED = (
    "last_good_at",
    "last_verified_at",
    "next_due_at",
    "verify_due_at",
    "state",
    "is_verification_overdue",
)


def judge_job(job: BackupJob, terms: JobTerms, now: datetime) -> bool:
    """Say how a locked job (with its tenant and customer) stands; whether that is news.

    Alarms begin or end with it, unless the job is archived.
    """
    before = job.state, job.is_verification_overdue
    seen = _evidence_of(job)
    job.last_good_at = seen.best.finished_at if seen.best else None
    job.last_verified_at = seen.proven.verified_at if seen.proven else job.last_verified_at
    job.next_due_at, job.verify_due_at = next_due_at(job, terms), verification_due_at(job, terms)
    job.state = _state(job, seen, now)
    job.is_verification_overdue = _has_passed(job.verify_due_at, now)
    job.save(update_fields=JUDGED)
    if job.archived_at is None:
        sound_runs(job, seen, was=before[0], now=now)
        sound_verification(job, seen, was_overdue=before[1], now=now)
    return before != (job.state, job.is_verification_overdue)


def is_to_be_judged(job: BackupJob, terms: JobTerms, now: datetime) -> bool:
    """Whether time, or what is promised, has passed over what the job's row says; no query."""
    due, verify_due = next_due_at(job, terms), verification_due_at(job, terms)
    if (job.next_due_at, job.verify_due_at) != (due, verify_due):
        return True
    if job.state != BackupState.FAILED and (job.state == BackupState.LATE) != _has_passed(due, now):
        return True
    return job.is_verification_overdue != _has_passed(verify_due, now)


def _evidence_of(job: BackupJob) -> Evidence:
    # A job that was taken up again counts from then on.
    ended = job.runs.filter(succeeded__isnull=False, finished_at__gte=job.created_at)
    good = ended.filter(succeeded=True).exclude(verified=False)
    checked = ended.filter(verified__isnull=False)
    return Evidence(
        last=ended.order_by("-started_at", "-id").first(),
        best=good.order_by("-finished_at").first(),
        proven=good.filter(verified=True).order_by("-verified_at").first(),
        checked=checked.order_by("-verified_at", "-id").first(),
    )


def _state(job: BackupJob, seen: Evidence, now: datetime) -> str:
    if seen.has_failed or seen.is_unreadable:
        return BackupState.FAILED
    if _has_passed(job.next_due_at, now):
        return BackupState.LATE
    return BackupState.GOOD if job.last_good_at is not None else BackupState.WAITING


def _has_passed(due: datetime | None, now: datetime) -> bool:
    return due is not None and now > due
