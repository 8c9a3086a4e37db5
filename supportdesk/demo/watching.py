"""What watches over a desk of the demo: backups that report their runs, a check that is paused, a heartbeat.

Nothing here calls anybody: the check is paused, since the addresses of the demo lead nowhere. Backups report
nothing once the demo stands, as nobody copies invented data, so in time they are late, as they would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Customer, Membership
from maintenance.backup_terms import terms_of_jobs
from maintenance.checks import Result
from maintenance.models import BackupJob, BackupRun
from maintenance.services.backup_runs import judge_again
from maintenance.services.backups import BackupTermsOfJob, create_job
from maintenance.services.monitors import MonitorTerms, create_monitor, pause_monitor
from maintenance.services.watching import note_beat, note_result
from tickets.models import Service

_RUNS = 4
_MEGABYTE = 1024 * 1024


def lay_backups(data: dict[str, Any], services: dict[str, Service], owner: Membership, now: datetime) -> None:
    """Jobs with their last runs. One whose last run is too old by its plan is late, with a ticket."""
    for each in data["backups"]:
        ended_at = now - timedelta(hours=each["hours_ago"])
        terms = BackupTermsOfJob(
            name=each["name"],
            part=each["part"],
            service=services[each["service"]],
            files_ticket=each["files_ticket"],
        )
        customer = Customer.objects.get(name=each["company"])
        founded_at = now - timedelta(days=each["verified_days_ago"], hours=1)
        job, _secret = create_job(customer=customer, terms=terms, by=owner, at=founded_at)
        BackupRun.objects.bulk_create(_runs_of(job, each, ended_at, now))
        judge_again(job.pk, now=now)


def watch(data: dict[str, Any], services: dict[str, Service], owner: Membership, now: datetime) -> None:
    """A check that was good until somebody paused it, and a job that reports in once a week."""
    check, beat = data["check"], data["heartbeat"]
    terms = MonitorTerms(
        name=check["name"], service=services[check["service"]], kind="http", address=check["address"]
    )
    monitor, _nothing = create_monitor(terms=terms, by=owner, at=now - timedelta(days=5))
    checked_at = now - timedelta(hours=2)
    note_result(monitor_id=monitor.pk, result=Result(milliseconds=184), at=checked_at)
    pause_monitor(monitor=monitor, is_paused=True, by=owner, at=checked_at + timedelta(minutes=1))
    week = int(timedelta(weeks=1).total_seconds())
    terms = MonitorTerms(
        name=beat["name"],
        service=services[beat["service"]],
        kind="heartbeat",
        interval_seconds=week,
        grace_seconds=week // 7,
        impact="degraded",
    )
    heartbeat, _secret = create_monitor(terms=terms, by=owner, at=now - timedelta(days=20))
    note_beat(monitor_id=heartbeat.pk, at=now - timedelta(hours=9))


def _runs_of(job: BackupJob, each: dict[str, Any], last: datetime, now: datetime) -> Iterator[BackupRun]:
    """What was reported: the run that was verified, and the last ones."""
    rhythm = timedelta(hours=terms_of_jobs([job], now)[job.pk].every_hours or 24)
    first = job.created_at + timedelta(minutes=20)
    for ended_at in (first, *(last - rhythm * back for back in reversed(range(_RUNS)))):
        began_at = ended_at - timedelta(minutes=18)
        is_first = ended_at == first
        yield BackupRun(
            tenant_id=job.tenant_id,
            job=job,
            run=f"{began_at:%Y-%m-%dT%H:%M}Z",
            started_at=began_at,
            finished_at=ended_at,
            succeeded=True,
            size=each["megabytes"] * _MEGABYTE + ended_at.toordinal() * 4096,
            verified_at=ended_at + timedelta(hours=2) if is_first else None,
            verified=True if is_first else None,
        )
