"""Intentions about backups: what is backed up of whom, and with which token its runs are reported."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, When

from accounts import archiving
from accounts.models import Customer, Membership, Role
from accounts.oneline import one_line
from accounts.services import hash_token
from maintenance.backup_judging import judge_job
from maintenance.backup_terms import next_due_at, terms_of_jobs
from maintenance.models import BackupJob, BackupState
from maintenance.permissions import can_configure
from maintenance.services.backup_errors import NobodyToFileFor, WrongRequester, WrongService
from maintenance.services.backup_runs import BESIDE
from maintenance.services.errors import NotAllowed, Overtaken
from tickets.lifecycle import Priority
from tickets.models import Service
from tickets.services.catalogue import is_used_by

TOKEN_START = "bk_"  # noqa: S105 - how every token begins, so that one is known when found somewhere
SHOWN = 9


@dataclass(frozen=True)
class BackupTermsOfJob:
    """What a job is. `every_hours` and `verify_every_days` None: as its customer's plan says.

    Tickets of its alarms are filed for `requester`, a contact of the customer; None: for whoever answers for
    the customer (`person_of`). Without `files_ticket` staff alone are told.
    """

    name: str
    part: str
    service: Service | None = None
    every_hours: int | None = None
    verify_every_days: int | None = None
    grace_minutes: int = 60
    requester: Membership | None = None
    files_ticket: bool = True
    priority: str = Priority.HIGH


@transaction.atomic
def create_job(
    *, customer: Customer, terms: BackupTermsOfJob, by: Membership, at: datetime
) -> tuple[BackupJob, str]:
    """A backup that is watched from now on, and the token with which its runs are reported, shown once.

    Raises NotAllowed, WrongRequester, NobodyToFileFor, WrongService.
    """
    if not can_configure(by, customer.tenant_id):
        raise NotAllowed
    secret = _new_secret()
    job = BackupJob(
        tenant_id=customer.tenant_id,
        customer=customer,
        token_hash=hash_token(secret),
        start=secret[:SHOWN],
        created_at=at,
    )
    _write(job, terms, at)
    return job, secret


@transaction.atomic
def change_job(
    *, job: BackupJob, terms: BackupTermsOfJob, seen_version: int, by: Membership, at: datetime
) -> BackupJob:
    """Rename, watch in another rhythm, tell somebody else; what is late or in time by that is so at once.

    Raises NotAllowed, Overtaken, WrongRequester, NobodyToFileFor, WrongService.
    """
    job = _lock(job, by)
    if job.version != seen_version:
        raise Overtaken
    job.version += 1
    _write(job, terms, at)
    if job.archived_at is None:
        judge_job(job, terms_of_jobs([job], at)[job.pk], at)
    return job


@transaction.atomic
def archive_job(*, job: BackupJob, by: Membership, at: datetime) -> None:
    """Watch it no more; its token stops working. Raises NotAllowed."""
    job = _lock(job, by)
    archiving.archive(job, at=at)


@transaction.atomic
def restore_job(*, job: BackupJob, by: Membership, at: datetime) -> None:
    """Watch an archived one again: its next run is due as if it had been made now. Raises NotAllowed.

    Tickets that were open are left to people: trouble from now on has its own.
    """
    job = _lock(job, by)
    job.archived_at = None
    job.created_at = at
    job.last_good_at = job.last_verified_at = job.verify_due_at = None
    job.ticket = job.verification_ticket = None
    job.state, job.is_verification_overdue = BackupState.WAITING, False
    job.version += 1
    job.next_due_at = next_due_at(job, terms_of_jobs([job], at)[job.pk])
    job.save()


@transaction.atomic
def renew_token(*, job: BackupJob, by: Membership, at: datetime) -> str:
    """Another token; the one before stops working at once. Raises NotAllowed."""
    job = _lock(job, by)
    secret = _new_secret()
    job.token_hash, job.start = hash_token(secret), secret[:SHOWN]
    job.version += 1
    job.save(update_fields=["token_hash", "start", "version"])
    return secret


def person_of(customer_id: int) -> Membership | None:
    """Who answers for a customer: its first admin, else its first person; None where nobody may enter yet."""
    people = Membership.objects.contacts().active().filter(customer=customer_id)
    admins_first = Case(When(role=Role.CUSTOMER_ADMIN, then=0), default=1)
    found: Membership | None = people.order_by(admins_first, "pk").first()
    return found


def _write(job: BackupJob, terms: BackupTermsOfJob, at: datetime) -> None:
    if terms.requester is not None and terms.requester.customer_id != job.customer_id:
        raise WrongRequester
    if terms.service is not None and not is_used_by(terms.service, job.tenant_id, job.customer_id):
        raise WrongService
    job.name, job.part, job.service = one_line(terms.name), terms.part, terms.service
    job.every_hours, job.verify_every_days = terms.every_hours, terms.verify_every_days
    job.grace_minutes, job.requester = terms.grace_minutes, _requester(job, terms)
    job.priority = Priority(terms.priority)
    job.next_due_at = next_due_at(job, terms_of_jobs([job], at)[job.pk])
    job.save()


def _requester(job: BackupJob, terms: BackupTermsOfJob) -> Membership | None:
    if not terms.files_ticket:
        return None
    requester = terms.requester or person_of(job.customer_id)
    if requester is None:
        raise NobodyToFileFor
    return requester


def _new_secret() -> str:
    return TOKEN_START + secrets.token_urlsafe(32)


def _lock(job: BackupJob, by: Membership) -> BackupJob:
    if not can_configure(by, job.tenant_id):
        raise NotAllowed
    rows = BackupJob.objects.select_for_update(of=("self",), no_key=True)
    locked: BackupJob = rows.select_related(*BESIDE).get(pk=job.pk)
    return locked
