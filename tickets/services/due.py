"""Due times set by hand: an instant that somebody agreed on, which counts instead of the reckoned one.

The reckoned one stays beside it and comes back when the other is cleared. An answer ends a response clock
and with it what was set for it: the next one is reckoned again.
"""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.humantime import exact_moment
from accounts.models import Membership
from accounts.oneline import one_line
from tickets import notices, permissions
from tickets.manual_due import ManualDue, manual_dues
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services.errors import EditedMeanwhile, NotAllowed, RefusedDue, WrongStatus
from tickets.services.history import lock_to_handle, record_event, save_ticket

REASON_LENGTH = 250
_RELEVANT = (EventKind.DUE_SET, EventKind.DUE_CLEARED, EventKind.REPLIED)

Seen = datetime | str | None
"""The due time by hand that was shown, None for none, "" to not ask."""


@transaction.atomic
def set_due(
    *,
    ticket: Ticket,
    metric: str,
    due_at: datetime,
    reason: str,
    by: Membership,
    at: datetime,
    seen: Seen = "",
) -> TicketEvent | None:
    """Let a clock of the ticket fall due at that instant, whatever is reckoned, or where nothing is promised.

    None if nothing changed. Raises TicketClosed, NotAllowed, WrongStatus (it is resolved), EditedMeanwhile,
    and RefusedDue for an instant that has passed, for no reason, and for a clock that does not run.
    """
    ticket, standing = _lock_to_agree(ticket, metric, by, seen)
    reason = one_line(reason)
    if not reason:
        raise RefusedDue("reason", _("Say why: who reads the ticket later will ask."))
    if len(reason) > REASON_LENGTH:
        raise RefusedDue("reason", _("At most %(most)d characters.") % {"most": REASON_LENGTH})
    if due_at <= at:
        raise RefusedDue("due_at", _("This time has passed. Choose a later one."))
    if standing is not None and (standing.due_at, standing.reason) == (due_at, reason):
        return None
    save_ticket(ticket, at=at)
    data = {"metric": metric, "due_at": due_at.astimezone(UTC).isoformat(), "reason": reason}
    event = record_event(ticket, EventKind.DUE_SET, at=at, actor=by, data=data)
    notices.tell_due_set(ticket, event, due_at, by=by, at=at)
    return event


@transaction.atomic
def clear_due(
    *, ticket: Ticket, metric: str, by: Membership, at: datetime, seen: Seen = ""
) -> TicketEvent | None:
    """Give way to the reckoned due time. None if none was set by hand.

    Raises TicketClosed, NotAllowed, WrongStatus, EditedMeanwhile.
    """
    ticket, standing = _lock_to_agree(ticket, metric, by, seen)
    if standing is None:
        return None
    save_ticket(ticket, at=at)
    event = record_event(ticket, EventKind.DUE_CLEARED, at=at, actor=by, data={"metric": metric})
    notices.tell_due_cleared(ticket, event, by=by, at=at)
    return event


def _lock_to_agree(
    ticket: Ticket, metric: str, by: Membership, seen: Seen
) -> tuple[Ticket, ManualDue | None]:
    ticket = lock_to_handle(ticket, by)
    if not permissions.can_set_due(by, ticket):
        raise WrongStatus if ticket.is_resolved else NotAllowed
    events = TicketEvent.objects.filter(ticket=ticket, kind__in=_RELEVANT).select_related("actor")
    standing = manual_dues(events.order_by("at", "id")).get(metric)
    now = standing.due_at if standing else None
    if seen not in ("", now):
        raise EditedMeanwhile(exact_moment(now) if now else _("not set by hand"))
    return ticket, standing
