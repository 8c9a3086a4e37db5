"""What is promised next, in the words of the portal."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.humantime import short_moment
from sla.presentation import promise_sentence
from tickets.lifecycle import Status
from tickets.models import DueState, Ticket, TicketEvent


def promise_words(ticket: Ticket, now: datetime) -> str:
    """For the customer: by when we act, whom it waits for, or that nothing is promised; "" when done."""
    if ticket.is_resolved:
        return ""
    if ticket.due_state == DueState.RUNNING and ticket.due_at is not None:
        return _promised(ticket.due_metric, ticket.due_at, now)
    return {
        Status.PENDING: _("Waits for your answer."),
        Status.ON_HOLD: _("Waits for somebody outside; we keep an eye on it."),
        Status.AWAITING_APPROVAL: _("Waits for approval."),
    }.get(Status(ticket.status), _("No commitment on when the next step comes."))


def promise_with_reason(ticket: Ticket, now: datetime, events: Sequence[TicketEvent]) -> str:
    """The same for the ticket's own page, with why it is then: which hours count and what lies between."""
    return promise_sentence(ticket, now=now, events=events) or promise_words(ticket, now)


def _promised(metric: str, due_at: datetime, now: datetime) -> str:
    when = short_moment(due_at, now=now, zone=timezone.get_current_timezone())
    if due_at < now:
        return {
            "first_response": _("Our first reply was due %(when)s. We are late."),
            "next_response": _("Our reply was due %(when)s. We are late."),
        }.get(metric, _("The solution was due %(when)s. We are late.")) % {"when": when}
    return {
        "first_response": _("First reply by %(when)s"),
        "next_response": _("Next reply by %(when)s"),
    }.get(metric, _("Solution by %(when)s")) % {"when": when}
