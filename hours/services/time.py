"""Time that agents work on tickets: drawn from the oldest pack first, taken back if it was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer, Membership
from accounts.oneline import one_line
from hours import permissions
from hours.days import day_of
from hours.drawing import Left, NotEnough, draw
from hours.grounds import chargeable_on, included_left
from hours.models import (
    NOTE_LENGTH,
    REASON_LENGTH,
    EntryKind,
    Ground,
    LedgerEntry,
    Pack,
    TimeEntry,
)
from hours.services.accounts import lock_account, look_at_balance
from hours.services.errors import (
    EstimateUsedUp,
    NeedsApproval,
    NotAllowed,
    NotEnoughHours,
    RefusedTime,
    VoidedBefore,
)
from tickets.models import Approval, EventKind, Ticket
from tickets.services import record_event
from tickets.services.history import lock_ticket

MOST_MINUTES = 24 * 60
OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class Charge:
    """How an entry is paid: so much of the plan's included time, so much from which pack."""

    ground: Ground
    included: int = 0
    drawn: tuple[tuple[int, int], ...] = ()
    approval: Approval | None = None


@transaction.atomic
def log_time(
    *,
    ticket: Ticket,
    minutes: int,
    worked_on: date,
    note: str,
    by: Membership,
    at: datetime,
    charge: bool = True,
    submission: UUID | None = None,
) -> TimeEntry:
    """Write down what `by` worked on a ticket, up to 24 hours of one day of the desk's zone.

    Charged as the plan and the customer's approval say (`hours.grounds`), unless `charge` is False: an
    approved estimate is never exceeded, billable time uses up what the plan includes first, packs are drawn
    from the oldest on. Raises NotAllowed, RefusedTime, NeedsApproval, EstimateUsedUp, NotEnoughHours,
    SentBefore; then nothing is written.
    """
    if not permissions.can_log_time(by, ticket):
        raise NotAllowed
    ticket = lock_ticket(ticket)
    customer = Customer.objects.select_related("tenant").get(pk=ticket.customer_id)
    note = one_line(note)
    _check(minutes, worked_on, note, day_of(customer.tenant, at))
    account = lock_account(customer)
    paid = _pay(ticket, customer, minutes, worked_on, at) if charge else Charge(Ground.NOT_CHARGED)
    entry = TimeEntry(ticket=ticket, customer=customer, worked_on=worked_on, minutes=minutes, note=note)
    _enter(entry, paid, by=by, at=at)
    _record(ticket, entry, EventKind.TIME_LOGGED, drawn=entry.charged_minutes, by=by, at=at, mark=submission)
    if paid.drawn:
        look_at_balance(account, customer, at=at)
    return entry


def _check(minutes: int, worked_on: date, note: str, today: date) -> None:
    if not 0 < minutes <= MOST_MINUTES:
        raise RefusedTime("minutes", _("A day has more than nothing and at most 24 hours."))
    if worked_on > today:
        raise RefusedTime("worked_on", _("This day is still to come."))
    if worked_on < today - OLDEST:
        raise RefusedTime("worked_on", _("This day is more than a year ago."))
    if not note:
        raise RefusedTime("note", _("Say what was done: the customer reads it in the statement."))
    if len(note) > NOTE_LENGTH:
        raise RefusedTime("note", _("At most %(most)d characters.") % {"most": NOTE_LENGTH})


def _pay(ticket: Ticket, customer: Customer, minutes: int, worked_on: date, at: datetime) -> Charge:
    """How these minutes are paid; ticket and account are locked, so nobody else pays meanwhile."""
    found = chargeable_on(ticket)
    if found.ground is None:
        raise NeedsApproval
    if not found.is_charged:
        return Charge(found.ground)
    if found.ground == Ground.APPROVED:
        if minutes > (found.approved_left or 0):
            raise EstimateUsedUp(found.approved_left or 0)
        return Charge(found.ground, drawn=_draw(customer, minutes, worked_on), approval=found.approval)
    included = min(minutes, included_left(customer, worked_on, at))
    return Charge(found.ground, included, _draw(customer, minutes - included, worked_on))


def _draw(customer: Customer, minutes: int, worked_on: date) -> tuple[tuple[int, int], ...]:
    packs = Pack.objects.select_for_update().filter(customer=customer).good_on(worked_on)
    try:
        return tuple(draw(minutes, [Left(one.pk, one.balance, one.overdraft_minutes) for one in packs]))
    except NotEnough as refused:
        raise NotEnoughHours(refused.available) from refused


def _enter(entry: TimeEntry, paid: Charge, *, by: Membership, at: datetime) -> None:
    """Write the entry with what paid for it, and what each pack gave into its ledger."""
    entry.tenant_id, entry.agent, entry.logged_at = entry.ticket.tenant_id, by, at
    entry.ground, entry.approval = paid.ground, paid.approval
    entry.charged_minutes = sum(taken for _pack, taken in paid.drawn)
    entry.included_minutes = paid.included
    entry.save()
    for pack_id, taken in paid.drawn:
        LedgerEntry.objects.create(
            tenant_id=entry.tenant_id,
            pack_id=pack_id,
            kind=EntryKind.DRAWN,
            minutes=-taken,
            at=at,
            by=by,
            time_entry=entry,
        )


@transaction.atomic
def void_time(*, entry: TimeEntry, reason: str, by: Membership, at: datetime) -> TimeEntry:
    """Take logged time back because it was wrong; what it drew is put back into the packs it came from.

    Raises NotAllowed, VoidedBefore, RefusedTime.
    """
    ticket = lock_ticket(Ticket(pk=entry.ticket_id))
    customer = Customer.objects.select_related("tenant").get(pk=entry.customer_id)
    account = lock_account(customer)
    entry = TimeEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.voided_at is not None:
        raise VoidedBefore
    if not permissions.can_void(by, entry):
        raise NotAllowed
    reason = one_line(reason)
    if not reason or len(reason) > REASON_LENGTH:
        raise RefusedTime("reason", _("Say why, in one line: the customer reads it in the statement."))
    entry.voided_at, entry.voided_by, entry.void_reason = at, by, reason
    entry.save(update_fields=["voided_at", "voided_by", "void_reason"])
    for drawn in list(entry.ledger.filter(kind=EntryKind.DRAWN)):
        LedgerEntry.objects.create(
            tenant_id=entry.tenant_id,
            pack_id=drawn.pack_id,
            kind=EntryKind.ADJUSTED,
            minutes=-drawn.minutes,
            at=at,
            by=by,
            time_entry=entry,
            reason=reason,
        )
    _record(ticket, entry, EventKind.TIME_VOIDED, drawn=-entry.charged_minutes, by=by, at=at)
    look_at_balance(account, customer, at=at)
    return entry


def _record(
    ticket: Ticket,
    entry: TimeEntry,
    kind: EventKind,
    *,
    drawn: int,
    by: Membership,
    at: datetime,
    mark: UUID | None = None,
) -> None:
    """Staff read of all time, customers of what it drew from their hours."""
    data = {"entry": entry.pk, "minutes": entry.minutes, "charged": entry.charged_minutes}
    record_event(ticket, kind, at=at, actor=by, data=data, submission=mark)
    if drawn:
        data = {"entry": entry.pk, "minutes": drawn}
        record_event(ticket, EventKind.HOURS_DRAWN, at=at, actor=by, data=data)
