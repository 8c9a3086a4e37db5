"""Statuses of a ticket and the ways between them, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    ON_HOLD = "on_hold", _("On hold")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class Priority(models.TextChoices):
    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


UNRESOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.AWAITING_APPROVAL)
WAITING = (Status.PENDING, Status.ON_HOLD, Status.AWAITING_APPROVAL)
ENDED = (Status.RESOLVED, Status.CLOSED)

# From → where an intention may lead. A closed ticket stays closed: what comes later is a new ticket.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset(
        {Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.AWAITING_APPROVAL, Status.RESOLVED}
    ),
    Status.OPEN: frozenset({Status.PENDING, Status.ON_HOLD, Status.AWAITING_APPROVAL, Status.RESOLVED}),
    Status.PENDING: frozenset({Status.OPEN, Status.ON_HOLD, Status.AWAITING_APPROVAL, Status.RESOLVED}),
    Status.ON_HOLD: frozenset({Status.OPEN, Status.PENDING, Status.AWAITING_APPROVAL, Status.RESOLVED}),
    Status.AWAITING_APPROVAL: frozenset({Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


def may_become(current: str, wanted: str) -> bool:
    """Whether the table above has a way from one status to the other."""
    return Status(wanted) in TRANSITIONS[Status(current)]
