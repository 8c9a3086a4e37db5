"""Intentions about outages: opened, told about, changed, ended; tickets that tell of one, answered together.

The outage's row is locked first, then its tickets in the order of their ids. Whoever opens, changes or ends
one says so in `OutageUpdate` rows, which all who may see the outage read. `by` None: the desk itself, for
what watches the services.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.oneline import one_line
from maintenance.banner import look_again
from maintenance.discretion import discretion_towards_customers
from maintenance.following import tell_followers_of_update
from maintenance.models import Outage, OutageService, OutageTicket, OutageUpdate, Stage
from maintenance.outage_corrections import note_correction, record_of
from maintenance.outage_news import tell_opened, tell_over, tell_update
from maintenance.permissions import can_handle_outages
from maintenance.services.errors import NotAllowed
from maintenance.services.outage_errors import (
    EditedMeanwhile,
    NoService,
    NothingToAnswer,
    OutageEnded,
    WrongInstant,
)
from maintenance.services.outage_periods import Hits, end_stretches, set_services, turn
from tickets.models import EventKind, Service, Ticket
from tickets.services import SentBefore, TicketClosed, record_event, reply_to_ticket
from tickets.services.history import lock_ticket

RUNNING_STAGES = (Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING)


@transaction.atomic
def open_outage(
    *,
    tenant_id: int,
    title: str,
    services: Mapping[Service, str],
    text: str,
    started_at: datetime,
    by: Membership | None,
    at: datetime,
    tickets: Iterable[Ticket] = (),
    stage: str = Stage.INVESTIGATING,
) -> Outage:
    """Say that services are degraded or down since `started_at`; `text` is the first that is told.

    Each service with its impact. `tickets` are those that tell of it. Raises NotAllowed, NoService,
    WrongInstant.
    """
    _may(by, tenant_id)
    _check(services, tenant_id, started_at, at)
    outage = Outage.objects.create(
        tenant_id=tenant_id,
        title=one_line(title),
        stage=Stage(stage),
        started_at=started_at,
        opened_by=by,
        opened_at=at,
    )
    OutageService.objects.bulk_create(
        OutageService(
            tenant_id=tenant_id, outage=outage, service=service, impact=impact, started_at=started_at
        )
        for service, impact in services.items()
    )
    update = _note(outage, text, by, at)
    tell_followers_of_update(update, outage, told=tell_opened(outage, at=at), at=at)
    _link(outage, tickets, by, at)
    look_again(tenant_id=tenant_id, at=at)
    return outage


@transaction.atomic
def update_outage(
    *,
    outage: Outage,
    text: str,
    stage: str,
    by: Membership | None,
    at: datetime,
    impacts: Mapping[Service, str] | None = None,
    recovered: Iterable[Service] = (),
    since: datetime | None = None,
    seen: int | None = None,
) -> Outage:
    """Tell how far the work has come, and what got worse or better.

    From `since` (now, where it is None) on, the services of `impacts` are hit so, each in another stretch of
    the same outage, and `recovered` are as they should be; the last one that is hit is ended by `end_outage`.
    `seen` is the version that was shown, None to not ask. Raises NotAllowed, OutageEnded, EditedMeanwhile,
    NoService, WrongInstant.
    """
    outage = _lock_running(outage, by, seen)
    impacts, since = impacts or {}, at if since is None else since
    if Stage(stage) not in RUNNING_STAGES or any(one.tenant_id != outage.tenant_id for one in impacts):
        raise NotAllowed
    if since > at:
        raise WrongInstant("since", _("Choose a time that has passed."))
    turned = turn(outage, impacts, recovered, since=since)
    outage.stage = Stage(stage)
    _save(outage, "stage")
    update = _note(outage, text, by, at)
    tell_followers_of_update(update, outage, told=tell_update(update, outage, turned, at=at), at=at)
    return outage


@transaction.atomic
def change_outage(
    *,
    outage: Outage,
    title: str,
    cause: str,
    started_at: datetime,
    ended_at: datetime | None,
    services: Hits,
    seen: int,
    by: Membership,
    at: datetime,
) -> Outage:
    """Correct what is recorded: title, cause, from when until when, services with their impact.

    `ended_at` None leaves a running outage running; one that has ended keeps an end. `seen` is the version
    that was edited. Services get the outage's period, or stretches of their own; one that recovered before
    the others keeps its end, as far as it lies in it. What was recorded before is kept (`OutageCorrection`).
    Raises NotAllowed, EditedMeanwhile, NoService, WrongInstant.
    """
    outage = _lock(outage, by)
    if outage.version != seen:
        raise EditedMeanwhile(outage.title, outage.version)
    _check(services, outage.tenant_id, started_at, at)
    if ended_at is None and outage.ended_at is not None:
        raise WrongInstant("ended_at", _("Say until when it lasted."))
    if ended_at is not None and outage.ended_at is None:
        raise WrongInstant("ended_at", _("This outage has not ended yet."))
    if ended_at is not None and not started_at <= ended_at <= at:
        raise WrongInstant("ended_at", _("An outage ends after it begins, and not in the future."))
    recorded, before = record_of(outage), (outage.started_at, outage.ended_at)
    outage.title, outage.cause = one_line(title), cause.strip()
    outage.started_at, outage.ended_at = started_at, ended_at
    _save(outage, "title", "cause", "started_at", "ended_at")
    set_services(outage, services, before, at=at)
    note_correction(outage, recorded, by=by, at=at)
    if outage.ended_at is None:
        tell_opened(outage, at=at)  # those whom it did not hit before
    look_again(tenant_id=outage.tenant_id, at=at)
    return outage


@transaction.atomic
def end_outage(
    *,
    outage: Outage,
    text: str,
    by: Membership | None,
    at: datetime,
    ended_at: datetime | None = None,
    seen: int | None = None,
) -> Outage:
    """All is as it should be since `ended_at` (now, where it is None); `text` is the last that is told.

    `seen` is the version that was shown, None to not ask. Raises NotAllowed, OutageEnded, EditedMeanwhile,
    WrongInstant.
    """
    outage = _lock_running(outage, by, seen)
    ended_at = at if ended_at is None else ended_at
    if not outage.started_at <= ended_at <= at:
        raise WrongInstant("ended_at", _("An outage ends after it begins, and not in the future."))
    outage.stage, outage.ended_at = Stage.RESOLVED, ended_at
    _save(outage, "stage", "ended_at")
    until_now = end_stretches(outage, ended_at)
    update = _note(outage, text, by, at)
    told = tell_over(update, outage, services=until_now, at=at)
    tell_followers_of_update(update, outage, told=told, at=at)
    look_again(tenant_id=outage.tenant_id, at=at)
    return outage


@transaction.atomic
def link_tickets(
    *, outage: Outage, tickets: Iterable[Ticket], by: Membership | None, at: datetime
) -> list[Ticket]:
    """Say that these tickets tell of the outage; returns those that were not linked before. NotAllowed."""
    return _link(_lock(outage, by), tickets, by, at)


@transaction.atomic
def unlink_ticket(*, outage: Outage, ticket: Ticket, by: Membership, at: datetime) -> bool:
    """Say that a ticket is about something else; whether it was linked. Raises NotAllowed."""
    outage = _lock(outage, by)
    gone, _by_model = OutageTicket.objects.filter(outage=outage, ticket=ticket).delete()
    return gone > 0


@transaction.atomic
def answer_tickets(
    *,
    outage: Outage,
    body: str,
    by: Membership,
    at: datetime,
    then: str = "",
    submission: UUID | None = None,
) -> list[Ticket]:
    """Reply in public on every linked ticket that is not closed, `then` with that status; returns them.

    A resolved ticket gets the reply and stays resolved. What the same sending of a form (`submission`) has
    answered before is not answered again. Raises NotAllowed, NothingToAnswer, WrongStatus.
    """
    outage = _lock(outage, by)
    linked = Ticket.objects.filter(outage_tickets__outage=outage).order_by("pk")
    answered = []
    for ticket in linked:
        wanted = "" if ticket.is_resolved else then
        once = uuid5(submission, str(ticket.pk)) if submission is not None else None
        try:
            with suppress(SentBefore), transaction.atomic():
                reply_to_ticket(ticket=ticket, by=by, body=body, at=at, then=wanted, submission=once)
        except TicketClosed:
            continue
        answered.append(ticket)
    if not answered:
        raise NothingToAnswer
    return answered


def _link(outage: Outage, tickets: Iterable[Ticket], by: Membership | None, at: datetime) -> list[Ticket]:
    wanted = sorted(tickets, key=lambda ticket: ticket.pk)
    if any(ticket.tenant_id != outage.tenant_id for ticket in wanted):
        raise NotAllowed
    added, towards = [], discretion_towards_customers(outage.tenant_id, [outage.title])
    for ticket in wanted:
        locked = lock_ticket(ticket)
        _row, is_new = OutageTicket.objects.get_or_create(
            outage=outage,
            ticket=locked,
            defaults={"tenant_id": outage.tenant_id, "linked_at": at, "linked_by": by},
        )
        if is_new:
            with translation.override(outage.tenant.language):  # kept, and read by many
                data = {"outage": outage.pk, "title": towards(locked.customer_id)(outage.title)}
            record_event(locked, EventKind.OUTAGE_LINKED, at=at, actor=by, data=data)
            added.append(locked)
    return added


def _note(outage: Outage, text: str, by: Membership | None, at: datetime) -> OutageUpdate:
    return OutageUpdate.objects.create(
        tenant_id=outage.tenant_id, outage=outage, at=at, stage=outage.stage, text=text.strip(), author=by
    )


def _check(services: Hits, tenant_id: int, started_at: datetime, at: datetime) -> None:
    if not services:
        raise NoService
    if any(service.tenant_id != tenant_id for service in services):
        raise NotAllowed
    if started_at > at:
        raise WrongInstant("started_at", _("An outage cannot begin in the future."))


def _may(by: Membership | None, tenant_id: int) -> None:
    if by is not None and not can_handle_outages(by, tenant_id):
        raise NotAllowed


def _lock(outage: Outage, by: Membership | None) -> Outage:
    _may(by, outage.tenant_id)
    locked: Outage = Outage.objects.select_for_update(no_key=True).get(pk=outage.pk)
    return locked


def _lock_running(outage: Outage, by: Membership | None, seen: int | None) -> Outage:
    outage = _lock(outage, by)
    if outage.ended_at is not None:
        raise OutageEnded
    if seen not in (None, outage.version):
        raise EditedMeanwhile(outage.title, outage.version)
    return outage


def _save(outage: Outage, *fields: str) -> None:
    outage.version += 1
    outage.save(update_fields=[*fields, "version"])
