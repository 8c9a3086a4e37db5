"""What happens to a ticket moves its clocks, inside the transaction of the change."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from sla.coordinator_notices import tell_coordinator
from sla.models import Clock, Metric
from sla.services.clocks import reckon_ticket
from sla.services.emergencies import end_with_ticket
from sla.terms import terms_of
from tickets.lifecycle import ENDED
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services.errors import RefusedDue
from tickets.signals import ticket_event_recorded

# These change nothing that a clock is reckoned from.
_NO_MATTER = {
    EventKind.ASSIGNED,
    EventKind.NOTED,
    EventKind.ESCALATED,
    EventKind.MERGED_IN,
    EventKind.SPLIT,
    EventKind.PROMISE_CHANGED,
    EventKind.EMERGENCY_DECLARED,
    EventKind.EMERGENCY_CALLED,
    EventKind.EMERGENCY_ACKNOWLEDGED,
    EventKind.EMERGENCY_ENDED,
    EventKind.SERVICE_CHANGED,
    EventKind.OUTAGE_LINKED,
    EventKind.WINDOW_LINKED,
    EventKind.WINDOW_UNLINKED,
    EventKind.APPROVAL_ASKED,
    EventKind.TIME_LOGGED,
    EventKind.TIME_VOIDED,
    EventKind.HOURS_DRAWN,
    EventKind.RATED,
    EventKind.RATING_FOLLOWED_UP,
    EventKind.PERSON_ADDED,
    EventKind.PERSON_REMOVED,
    EventKind.PRIVACY_CHANGED,
    EventKind.CHAT_ASKED,
}
_PLANNED = {EventKind.MAINTENANCE_PLANNED, EventKind.MAINTENANCE_LIFTED}


@receiver(ticket_event_recorded)
def reckon_clocks(sender: Any, *, ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """Reckon again; an error here undoes the change rather than letting a clock drift.

    Raises RefusedDue for a due time that was set for a clock that does not run.
    """
    if event.kind in _NO_MATTER or (event.kind in _PLANNED and not _may_pause(ticket)):
        return
    clocks = reckon_ticket(ticket, now=event.at)
    if event.kind == EventKind.DUE_SET and not _runs(event.data["metric"], clocks):
        raise RefusedDue("metric", _("There is no such clock on this ticket, or it has ended."))


@receiver(ticket_event_recorded)
def tell_who_looks_after_it(sender: Any, *, ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """A ticket that was filed, or split from another, is told to the customer's coordinator."""
    if event.kind == EventKind.FILED:
        tell_coordinator(ticket, event)


@receiver(ticket_event_recorded)
def end_emergency(sender: Any, *, ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """Nobody is called about a ticket that was resolved or closed."""
    if event.status in ENDED and event.kind not in _NO_MATTER:
        end_with_ticket(ticket, by=event.actor, at=event.at)


def _may_pause(ticket: Ticket) -> bool:
    """Whether planned maintenance is left out of the time of an open clock; mostly it is not."""
    solving = Clock.objects.not_ended().filter(ticket=ticket, metric=Metric.RESOLUTION).with_terms()
    return any(terms_of(clock.agreement).ever_pauses for clock in solving)


def _runs(metric: str, clocks: list[Clock]) -> bool:
    return any(clock.metric == metric and clock.ended_at is None for clock in clocks)
