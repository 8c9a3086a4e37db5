"""The sweep of backups: what is late by now, or by what is promised now, is called so and alarm is raised."""

from __future__ import annotations

import logging
from datetime import datetime

from maintenance.backup_judging import is_to_be_judged
from maintenance.backup_terms import terms_of_jobs
from maintenance.models import BackupJob
from maintenance.services.backup_runs import judge_again

log = logging.getLogger(__name__)

BATCH = 500


def sweep_backups(*, now: datetime) -> int:
    """Judge the jobs of the current desk that stand otherwise by `now`; returns of how many that was news.

    Every job is looked at: its plan, contract or hosting model may have changed since its row was written.
    Each is judged under its own lock, so two sweeps at once file one ticket. One that cannot be judged is
    logged and holds up no other.
    """
    changed, last = 0, 0
    rows = BackupJob.objects.in_use().select_related("customer").order_by("pk")
    while jobs := list(rows.filter(pk__gt=last)[:BATCH]):
        last, terms = jobs[-1].pk, terms_of_jobs(jobs, now)
        changed += sum(_judge(job.pk, now) for job in jobs if is_to_be_judged(job, terms[job.pk], now))
    return changed


def _judge(job_id: int, now: datetime) -> bool:
    try:
        return judge_again(job_id, now=now)
    except Exception:
        log.exception("Backup %s could not be judged.", job_id)
        return False
