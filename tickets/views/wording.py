"""Words that differ by reader: staff read the desk's statuses, customers what they mean for them."""

from django.utils.translation import gettext as _

from accounts.models import Membership
from tickets.lifecycle import Status


def status_label(status: str, reader: Membership) -> str:
    """The name of a status for that reader."""
    if reader.is_staff_member:
        return str(Status(status).label)
    return portal_status_labels()[Status(status)]


def portal_status_labels() -> dict[str, str]:
    """What each status means to a customer."""
    return {
        Status.NEW: _("Received"),
        Status.OPEN: _("In progress"),
        Status.PENDING: _("Waiting for you"),
        Status.ON_HOLD: _("On hold"),
        Status.AWAITING_APPROVAL: _("Waiting for approval"),
        Status.RESOLVED: _("Resolved"),
        Status.CLOSED: _("Closed"),
    }
