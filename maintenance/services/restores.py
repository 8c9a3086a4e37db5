"""Restores: a ticket with the restore clock, and the steps that staff work off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.humantime import exact_moment
from accounts.models import Membership
from maintenance.models import BackupJob, RestoreRequest, RestoreStep
from maintenance.services.backup_errors import NoRestoreCategory, StateToCome, WrongRequester
from maintenance.services.errors import NotAllowed
from tickets.lifecycle import Priority
from tickets.models import Category, Channel, Purpose
from tickets.services import file_ticket
from tickets.services.purposes import category_for


@transaction.atomic
def request_restore(
    *,
    job: BackupJob,
    what: str,
    by: Membership,
    at: datetime,
    wanted_at: datetime | None = None,
    priority: str = Priority.CRITICAL,
    requester: Membership | None = None,
    channel: str = Channel.PORTAL,
    submission: UUID | None = None,
) -> RestoreRequest:
    """Ask for a backup to be played back, to the state of `wanted_at` or the last good one.

    It is a ticket of the category for restores, so the restore clock of the plan runs. Staff name a contact
    of the job's customer as `requester`.

    Raises NotAllowed, WrongRequester, StateToCome, NoRestoreCategory, SentBefore.
    """
    person = requester or by
    _check_whose(job, by, person)
    if wanted_at is not None and wanted_at > at:
        raise StateToCome
    ticket = file_ticket(
        by=by,
        requester=person,
        subject=_("Restore “%(name)s”") % {"name": job.name},
        body=_body(job, what, wanted_at),
        category=_category(job),
        priority=priority,
        service=job.service,
        channel=channel,
        at=at,
        submission=submission,
    )
    request = RestoreRequest.objects.create(
        tenant_id=job.tenant_id, ticket=ticket, job=job, wanted_at=wanted_at, what=what.strip()
    )
    _write_steps(request, job)
    return request


def _check_whose(job: BackupJob, by: Membership, person: Membership) -> None:
    """The backup is of their desk, and of the company of whoever asks. Raises NotAllowed, WrongRequester."""
    if by.tenant_id != job.tenant_id or (by.is_contact and by.customer_id != job.customer_id):
        raise NotAllowed
    if person.customer_id != job.customer_id:
        raise WrongRequester


def _category(job: BackupJob) -> Category:
    """The one whose tickets have the restore clock. Raises NoRestoreCategory."""
    category = category_for(job.tenant_id, Purpose.RESTORE)
    if category is None:
        raise NoRestoreCategory
    return category


def _write_steps(request: RestoreRequest, job: BackupJob) -> None:
    """What staff work off, in the desk's language whoever asks."""
    with override(job.tenant.language):
        steps = _steps()
    RestoreStep.objects.bulk_create(
        RestoreStep(tenant_id=job.tenant_id, request=request, position=place, text=text)
        for place, text in enumerate(steps)
    )


@transaction.atomic
def tick_step(*, step: RestoreStep, is_done: bool, by: Membership, at: datetime) -> RestoreStep:
    """Say that a step is done, or not yet after all; saying it twice changes nothing. Raises NotAllowed."""
    if by.tenant_id != step.tenant_id or not by.is_staff_member:
        raise NotAllowed
    locked: RestoreStep = RestoreStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if is_done != (locked.done_at is not None):
        locked.done_at, locked.done_by = (at, by) if is_done else (None, None)
        locked.save(update_fields=["done_at", "done_by"])
    return locked


def _body(job: BackupJob, what: str, wanted_at: datetime | None) -> str:
    state = exact_moment(wanted_at) if wanted_at else _("the last good backup")
    return "\n\n".join(
        [
            what.strip(),
            _("Backup: %(name)s (%(part)s)") % {"name": job.name, "part": job.get_part_display()},
            _("State of: %(state)s") % {"state": state},
        ]
    )


def _steps() -> list[str]:
    return [
        _("Agree with the customer what comes back, and to which state"),
        _("Keep a copy of what is there now"),
        _("Compare the backup's checksum"),
        _("Restore"),
        _("Let the customer check the result"),
        _("Write on the ticket what was restored, and from which run"),
    ]
