"""What a step of a ladder does to its ticket, by the same services as people: raise, reassign, declare.

Each is done once, with the step, in its transaction. What has become impossible meanwhile (somebody left the
desk, the ticket was closed) is left undone: whoever the step tells is told all the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Membership
from accounts.quiet import awake_at, quiet_hours_of
from sla.models import Clock, Escalation, LadderStep, Metric
from sla.notices import METRICS
from sla.services.emergencies import check_declaration, declare_emergency
from tickets.lifecycle import Priority
from tickets.models import Ticket
from tickets.services import TicketRuleBroken, assign_ticket, change_priority

_UPWARDS = {Priority.LOW: Priority.MEDIUM, Priority.MEDIUM: Priority.HIGH, Priority.HIGH: Priority.CRITICAL}


def act(escalation: Escalation, clock: Clock, ticket: Ticket, *, at: datetime, wakes: bool) -> None:
    """Do what the step that was taken on a clock asks for besides telling. The ticket is locked.

    `wakes`: who is given the ticket gets mail of it in their quiet hours too.
    """
    step: LadderStep = escalation.step
    because = {
        "ladder": {
            "metric": clock.metric,
            "step": step.place,
            "amount": step.amount,
            "number": escalation.number,
        }
    }
    if step.raises_priority:
        _raise(ticket, because, at)
    if step.reassigns_to_id is not None:
        _reassign(ticket, step.reassigns_to_id, because, at, wakes=wakes)
    if step.declares_emergency:
        _declare(ticket, clock, at)


def _raise(ticket: Ticket, because: dict[str, Any], at: datetime) -> None:
    """One priority up; the ticket as others of the batch may have changed it."""
    now = Ticket.objects.values_list("priority", flat=True).get(pk=ticket.pk)
    higher = _UPWARDS.get(Priority(now))
    if higher is not None:
        _try(lambda: change_priority(ticket=ticket, priority=higher, by=None, at=at, because=because))


def _reassign(ticket: Ticket, person_id: int, because: dict[str, Any], at: datetime, *, wakes: bool) -> None:
    person = Membership.objects.active().staff().select_related("user").filter(pk=person_id).first()
    if person is None or not person.user.is_active:
        return
    mail_at = at if wakes else awake_at(quiet_hours_of(person), at)
    _try(
        lambda: assign_ticket(
            ticket=ticket, assignee=person, by=None, at=at, because=because, mail_at=mail_at
        )
    )


def _declare(ticket: Ticket, clock: Clock, at: datetime) -> None:
    """Call whoever is on call, unless somebody is being called about the ticket already.

    Two promises of one ticket often run out together, so it is asked first and not only refused.
    """
    try:
        check_declaration(ticket, by=None, terms=None, at=at)
    except TicketRuleBroken:
        return
    with translation.override(ticket.tenant.language):
        reason = gettext("The escalation ladder: “%(metric)s” is overdue or about to be.") % {
            "metric": gettext(METRICS[Metric(clock.metric)])
        }
    _try(lambda: declare_emergency(ticket=ticket, reason=reason, by=None, at=at))


def _try(intention: Any) -> None:
    try:
        with transaction.atomic():
            intention()
    except TicketRuleBroken:
        pass
