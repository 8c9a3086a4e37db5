"""Loading the demo in this process, and what has to be in its queue at any hour."""

from collections import Counter
from datetime import UTC, datetime

from sla.models import Clock
from supportdesk.demo.load import Wanted, load_desk, missing_desks
from tickets.lifecycle import UNRESOLVED
from tickets.models import DueState, Ticket

TUESDAY_MORNING = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 10:30 in Mexico, 21:30 in Lahore


def load(now: datetime, *, tickets: int, days: int) -> None:
    """The desks that are missing, one after the other."""
    for slug in missing_desks():
        load_desk(Wanted(slug, now, days, tickets))


def states_in_the_queue(now: datetime) -> None:
    """Every state is in the queue of the desk in scope."""
    tickets = list(Ticket.objects.filter(status__in=UNRESOLVED))
    states = Counter(_state(ticket, now) for ticket in tickets)
    assert set(states) == {"breached", "at risk", "running", "paused", "no commitment"}
    assert any(ticket.assignee_id is None for ticket in tickets)
    assert {ticket.status for ticket in tickets} == set(UNRESOLVED)
    assert {ticket.priority for ticket in tickets} == {"critical", "high", "medium", "low"}
    assert not Clock.objects.exclude(error="").exists()


def _state(ticket: Ticket, now: datetime) -> str:
    if ticket.is_breached(now):
        return "breached"
    if ticket.is_at_risk(now):
        return "at risk"
    return {DueState.PAUSED: "paused", DueState.RUNNING: "running"}.get(
        DueState(ticket.due_state), "no commitment"
    )
