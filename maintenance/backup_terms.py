"""When the next good run of a backup must have ended: what the job says itself, else its customer's plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maintenance.models import BackupJob
from sla.maintenance_terms import MaintenanceTerms, maintenance_terms_of_all


@dataclass(frozen=True)
class JobTerms:
    """Hours between runs, days between verifications and days that runs are kept; None: not said."""

    every_hours: int | None = None
    verify_every_days: int | None = None
    retention_days: int | None = None
    from_plan: bool = False

    def due_after(self, last: datetime, grace_minutes: int) -> datetime | None:
        """Until when a good run must have ended, after one that ended then; None without a rhythm."""
        if self.every_hours is None:
            return None
        return last + timedelta(hours=self.every_hours, minutes=grace_minutes)

    def verification_due(self, last: datetime) -> datetime | None:
        """Until when the next verification must have come, after one at that instant."""
        return None if self.verify_every_days is None else last + timedelta(days=self.verify_every_days)


def terms_of_jobs(jobs: Iterable[BackupJob], at: datetime) -> dict[int, JobTerms]:
    """What holds for each job (with its customer) at that instant, by its id, in three queries.

    Within the jobs' desk.
    """
    jobs = list(jobs)
    plans = maintenance_terms_of_all({job.customer_id for job in jobs}, at)
    return {job.pk: _terms(job, plans.get(job.customer_id)) for job in jobs}


def next_due_at(job: BackupJob, terms: JobTerms) -> datetime | None:
    """From the last good run on; before there was one, from when the job was made."""
    return terms.due_after(job.last_good_at or job.created_at, job.grace_minutes)


def verification_due_at(job: BackupJob, terms: JobTerms) -> datetime | None:
    """Until when a run must have been verified; None where none is promised, or there is no good run yet."""
    if job.last_good_at is None:
        return None
    return terms.verification_due(job.last_verified_at or job.created_at)


def _terms(job: BackupJob, plan: MaintenanceTerms | None) -> JobTerms:
    promised = plan.backup_for(job.customer.hosting_model) if plan else None
    if promised is None or job.part not in promised.parts:
        return JobTerms(job.every_hours, job.verify_every_days)
    return JobTerms(
        job.every_hours or promised.every_hours,
        job.verify_every_days or promised.verify_every_days,
        promised.retention_days,
        from_plan=job.every_hours is None,
    )
