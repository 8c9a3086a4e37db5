"""The sweep of backups: what is late by now is said so, and its alarm is raised."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Q

from maintenance.backup_terms import terms_of_jobs
from maintenance.models import BackupJob, BackupState
from maintenance.services.backup_runs import judge_again

log = logging.getLogger(__name__)

BATCH = 500


def sweep_backups(*, now: datetime) -> int:
    """Judge the jobs of the current desk that may be late by `now`; returns how many stand otherwise.

    Each is judged under its own lock, so two sweeps at once file one ticket. One that cannot be judged is
    logged and holds up no other.
    """
    quiet = (BackupState.WAITING, BackupState.GOOD)
    jobs = BackupJob.objects.in_use().filter(state__in=quiet).select_related("customer")
    late = list(jobs.filter(next_due_at__lt=now).order_by("next_due_at")[:BATCH])
    # Plans may have begun to promise a rhythm since these were written.
    without = list(jobs.filter(Q(next_due_at=None)).order_by("pk")[:BATCH])
    terms = terms_of_jobs(without, now) if without else {}
    late += [job for job in without if terms[job.pk].every_hours is not None]
    changed = 0
    for job in late:
        try:
            changed += judge_again(job.pk, now=now)
        except Exception:
            log.exception("Backup %s could not be judged.", job.pk)
    return changed
