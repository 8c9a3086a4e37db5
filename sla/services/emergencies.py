"""Intentions about emergencies: somebody is called at once, then the next, until one acknowledges.

The ticket's row is locked first, also by the sweep that calls the next person, so what two people and two
workers do at once happens one after the other.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Customer, Membership
from sla.emergencies import (
    allowance_of,
    may_answer,
    may_see,
    running_on,
    terms_of_ticket,
)
from sla.emergency_notices import call_off, tell_acknowledged
from sla.models import Emergency, Rota
from sla.services.calls import call_somebody
from sla.services.emergency_errors import (
    AcknowledgedBefore,
    EmergenciesUsedUp,
    EmergencyNotIncluded,
    EmergencyRunning,
    NoEmergency,
    TicketResolved,
)
from sla.terms import Terms
from tickets.lifecycle import Status
from tickets.models import EventKind, Ticket
from tickets.services.errors import NotAllowed, TicketClosed
from tickets.services.history import lock_ticket, record_event, save_ticket
from tickets.services.standing import check_emergency, check_open


@transaction.atomic
def declare_emergency(
    *, ticket: Ticket, reason: str, by: Membership | None, at: datetime, submission: UUID | None = None
) -> Emergency:
    """Call the on-call person of the ticket's plan about it, at once. `by` None: an escalation ladder.

    Raises TicketClosed, TicketResolved, EmergencyRunning; for contacts also EmergencyNotIncluded,
    EmergenciesUsedUp, CustomerClosed and AccountStopped; NotAllowed, SentBefore.
    """
    ticket = lock_ticket(ticket)
    terms = terms_of_ticket(ticket, at)
    if by is not None and by.is_contact:
        # Of two contacts who want the last one of the month, on two tickets, one gets it.
        Customer.objects.select_for_update(no_key=True).get(pk=ticket.customer_id)
    check_declaration(ticket, by=by, terms=terms, at=at)
    emergency = Emergency.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        rota=rota_for(ticket, terms),
        reason=reason.strip(),
        declared_by=by,
        declared_at=at,
        next_call_at=at,
    )
    save_ticket(ticket, at=at)
    data = {"emergency": emergency.pk, "reason": emergency.reason}
    record_event(ticket, EventKind.EMERGENCY_DECLARED, at=at, actor=by, data=data, submission=submission)
    call_somebody(emergency, ticket, at)
    return emergency


@transaction.atomic
def acknowledge_emergency(*, ticket: Ticket, by: Membership, at: datetime) -> Emergency | None:
    """Say that one is on it: nobody else is called. None if one has said so before.

    Raises NotAllowed, NoEmergency, AcknowledgedBefore (somebody else is on it).
    """
    ticket, emergency = _lock_running(ticket, by)
    if emergency.acknowledged_by is not None:
        if emergency.acknowledged_by_id == by.pk:
            return None
        raise AcknowledgedBefore(emergency.acknowledged_by.name)
    emergency.acknowledged_by, emergency.acknowledged_at, emergency.next_call_at = by, at, None
    emergency.save(update_fields=["acknowledged_by", "acknowledged_at", "next_call_at"])
    save_ticket(ticket, at=at)
    data = {"emergency": emergency.pk}
    record_event(ticket, EventKind.EMERGENCY_ACKNOWLEDGED, at=at, actor=by, data=data)
    call_off(emergency, at=at)
    tell_acknowledged(emergency, ticket, by=by, at=at)
    return emergency


@transaction.atomic
def end_emergency(*, ticket: Ticket, by: Membership, at: datetime) -> Emergency:
    """Declare it over; nobody is called any more. Raises NotAllowed, NoEmergency."""
    ticket, emergency = _lock_running(ticket, by)
    save_ticket(ticket, at=at)
    _end(emergency, ticket, by, at)
    return emergency


def end_with_ticket(ticket: Ticket, *, by: Membership | None, at: datetime) -> None:
    """What is resolved or closed is no emergency any more; in the transaction that did so."""
    emergency = running_on(ticket)
    if emergency is not None:
        _end(emergency, ticket, by, at)


def _end(emergency: Emergency, ticket: Ticket, by: Membership | None, at: datetime) -> None:
    emergency.ended_at, emergency.next_call_at = at, None
    emergency.save(update_fields=["ended_at", "next_call_at"])
    call_off(emergency, at=at)
    record_event(ticket, EventKind.EMERGENCY_ENDED, at=at, actor=by, data={"emergency": emergency.pk})


def _lock_running(ticket: Ticket, by: Membership) -> tuple[Ticket, Emergency]:
    ticket = lock_ticket(ticket)
    if not may_answer(by, ticket):
        raise NotAllowed
    emergency = running_on(ticket)
    if emergency is None:
        raise NoEmergency
    return ticket, emergency


def check_declaration(ticket: Ticket, *, by: Membership | None, terms: Terms | None, at: datetime) -> None:
    """Refuse what `declare_emergency` refuses, without declaring anything. Raises what that one raises."""
    if by is not None and not may_see(by, ticket):
        raise NotAllowed
    if ticket.status == Status.CLOSED:
        raise TicketClosed
    if ticket.is_resolved:
        raise TicketResolved
    if running_on(ticket) is not None:
        raise EmergencyRunning
    if by is not None and by.is_contact:
        check_open(by)
        allowance = allowance_of(ticket.customer_id, terms, at) if terms is not None else None
        if allowance is None:
            raise EmergencyNotIncluded
        if allowance.is_used_up:
            raise EmergenciesUsedUp(allowance.limit, allowance.renews_on)
        check_emergency(ticket, at=at)


def rota_for(ticket: Ticket, terms: Terms | None) -> Rota | None:
    """Whose people are called: the plan's rota, else the desk's if it has just one in use."""
    planned: Rota | None = terms.plan_version.emergency_rota if terms is not None else None
    if planned is not None:
        return planned
    in_use = list(Rota.objects.filter(tenant_id=ticket.tenant_id, archived_at=None)[:2])
    return in_use[0] if len(in_use) == 1 else None
