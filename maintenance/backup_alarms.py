"""What is done about a backup in trouble: a line under the bells of the staff, if asked a ticket, each once.

The caller holds the job's lock. A ticket that somebody has resolved meanwhile is not filed anew before the
trouble is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.humantime import exact_moment
from accounts.links import desk_path
from accounts.models import Membership
from maintenance.alarms import file_alarm, file_for, settle_alarm, settle_ticket
from maintenance.models import BackupJob, BackupRun, BackupState
from notifications.services import notify_each
from tickets.lifecycle import Priority
from tickets.models import Purpose, Ticket

BELLS = {
    "late": gettext_noop("Backup “%(name)s” of %(customer)s is late"),
    "failed": gettext_noop("Backup “%(name)s” of %(customer)s failed"),
    "unreadable": gettext_noop("Backup “%(name)s” of %(customer)s failed its verification"),
    "good": gettext_noop("Backup “%(name)s” of %(customer)s is good again"),
    "unproven": gettext_noop("Backup “%(name)s” of %(customer)s was not verified in time"),
    "proven": gettext_noop("Backup “%(name)s” of %(customer)s no longer waits for its verification"),
}
IN_TROUBLE = (BackupState.LATE, BackupState.FAILED)


@dataclass(frozen=True)
class Evidence:
    """The runs that say how a job stands: the one that began last, the newest good one, the one that was
    verified last with success (`proven`), and the one that was verified last at all (`checked`)."""

    last: BackupRun | None
    best: BackupRun | None
    proven: BackupRun | None
    checked: BackupRun | None

    @property
    def has_failed(self) -> bool:
        """The last run was not carried through."""
        return self.last is not None and not self.last.succeeded

    @property
    def is_unreadable(self) -> bool:
        """Verification of the last run, or the last one of any run, found that it cannot be read back."""
        unread = [run for run in (self.last, self.checked) if run is not None and run.verified is False]
        return bool(unread)


def sound_runs(job: BackupJob, seen: Evidence, *, was: str, now: datetime) -> None:
    """Begin or end the alarm of copies that do not come or are no good."""
    if job.state in IN_TROUBLE:
        if job.ticket is None:
            with override(job.tenant.language):
                subject, body = _trouble(job, seen)
            file_alarm(job, subject=subject, body=body, service=job.service, purpose=Purpose.BACKUP, at=now)
        if job.state != was:
            _tell_staff(job, _step_of(job, seen), now)
        return
    if was in IN_TROUBLE:
        _tell_staff(job, "good", now)
    if job.ticket is not None:
        with override(job.tenant.language):
            settle_alarm(job, text=_over(job, seen), at=now)


def sound_verification(job: BackupJob, seen: Evidence, *, was_overdue: bool, now: datetime) -> None:
    """Begin or end the alarm of copies that nobody has verified in time.

    Where a verification has failed, that is the alarm, and this one files nothing beside it.
    """
    if job.is_verification_overdue:
        if job.verification_ticket is None and not seen.is_unreadable:
            _file_unproven(job, now)
        if not was_overdue:
            _tell_staff(job, "unproven", now)
        return
    if was_overdue:
        _tell_staff(job, "proven", now)
    if job.verification_ticket is not None:
        ticket, job.verification_ticket = job.verification_ticket, None
        job.save(update_fields=["verification_ticket"])
        with override(job.tenant.language):
            settle_ticket(ticket, text=_proven(job, seen, ticket), at=now)


def _file_unproven(job: BackupJob, now: datetime) -> None:
    with override(job.tenant.language):
        said = _("No copy has been restored and compared since %(when)s.") % {
            "when": _moment(job, job.last_verified_at or job.created_at)
        }
        subject = _("Backup “%(name)s” was not verified in time") % {"name": job.name}
        body = "\n\n".join([said, _facts(job)])
    # Copies are there: it is not as pressing as one that is missing.
    priority = Priority.LOW if job.priority == Priority.LOW else Priority.MEDIUM
    filed = file_for(
        job,
        subject=subject,
        body=body,
        service=job.service,
        purpose=Purpose.BACKUP,
        priority=priority,
        at=now,
    )
    if filed is not None:
        job.verification_ticket = filed
        job.save(update_fields=["verification_ticket"])


def _trouble(job: BackupJob, seen: Evidence) -> tuple[str, str]:
    """Subject and body of the ticket; a failed run goes before a failed verification."""
    lines, told = [_facts(job)], seen.last
    if job.state == BackupState.LATE:
        subject, told = _("Backup “%(name)s” is late"), None
    elif seen.has_failed:
        subject = _("Backup “%(name)s” failed")
    else:
        subject = _("Backup “%(name)s” failed its verification")
        told = next(run for run in (seen.checked, seen.last) if run is not None and run.verified is False)
        lines.insert(0, _("Run %(run)s cannot be read back.") % {"run": told.run})
    if told is not None and told.message:
        lines.append(told.message)
    return subject % {"name": job.name}, "\n\n".join(lines)


def _step_of(job: BackupJob, seen: Evidence) -> str:
    if job.state == BackupState.LATE:
        return "late"
    return "failed" if seen.has_failed else "unreadable"


def _over(job: BackupJob, seen: Evidence) -> str:
    """Why the alarm of runs has ended: by a run, by a verification, or because less is promised now."""
    run, filed_at = seen.best, job.ticket.filed_at if job.ticket else None
    verified_at = seen.proven.verified_at if seen.proven is not None else None
    if run is not None and filed_at is not None and run.finished_at > filed_at:
        return _("A good run has arrived: %(when)s.") % {"when": _moment(job, run.finished_at)}
    if filed_at is not None and verified_at is not None and verified_at > filed_at:
        return _("A run was verified: %(when)s.") % {"when": _moment(job, verified_at)}
    if job.next_due_at is None:
        return _("No run is due at present.")
    return _("The next run is due by %(when)s.") % {"when": _moment(job, job.next_due_at)}


def _proven(job: BackupJob, seen: Evidence, ticket: Ticket) -> str:
    """Why the alarm of verification has ended: by one, or because less is promised now."""
    verified_at = seen.proven.verified_at if seen.proven is not None else None
    if verified_at is not None and verified_at > ticket.filed_at:
        return _("A run was verified: %(when)s.") % {"when": _moment(job, verified_at)}
    if job.verify_due_at is None:
        return _("No verification is due at present.")
    return _("The next verification is due by %(when)s.") % {"when": _moment(job, job.verify_due_at)}


def _facts(job: BackupJob) -> str:
    if job.last_good_at is None:
        return _("There is no good run yet.")
    return _("The last good run ended %(when)s.") % {"when": _moment(job, job.last_good_at)}


def _moment(job: BackupJob, at: datetime | None) -> str:
    return exact_moment(at, ZoneInfo(job.tenant.time_zone)) if at is not None else ""


def _tell_staff(job: BackupJob, step: str, at: datetime) -> None:
    staff = Membership.objects.active().staff().filter(tenant_id=job.tenant_id, user__is_active=True)
    values = {"name": job.name, "customer": job.customer.name}
    notify_each(
        staff.select_related("user"),
        kind="backup",
        # Each trouble is told of once, and so is its end: what changes, changes under the job's lock.
        key=f"backup:{job.pk}:{step}:{at:%Y%m%dT%H%M%S%f}",
        title_for=lambda _person: _(BELLS[step]) % values,
        path=desk_path("backup", job.pk),
        at=at,
    )
