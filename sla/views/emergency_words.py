"""What happened in an emergency, as a clause after the name of whoever did it; what a plan includes."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.emergencies import WITHOUT_LIMIT
from tickets.models import EventKind, TicketEvent


def emergency_words(event: TicketEvent) -> str:
    """Of an event of an emergency; "" for any other. Without an actor an escalation declared it."""
    if event.kind == EventKind.EMERGENCY_DECLARED:
        words = _("declared an emergency: %(reason)s") if event.actor else _("Emergency declared: %(reason)s")
        return words % {"reason": str(event.data.get("reason", ""))}
    if event.kind == EventKind.EMERGENCY_CALLED:
        called = {"name": event.data["name"], "round": event.data["round"]}
        return _("%(name)s was called (round %(round)s)") % called
    if event.kind == EventKind.EMERGENCY_ACKNOWLEDGED:
        return _("acknowledged the emergency")
    if event.kind == EventKind.EMERGENCY_ENDED:
        return _("ended the emergency") if event.actor else _("The emergency ended")
    return ""


def allowance_words(a_month: int | None) -> str:
    """How many emergencies a month a plan includes: None for none, 0 for any number."""
    if a_month is None:
        return _("Not included")
    if a_month == WITHOUT_LIMIT:
        return _("Without limit")
    return ngettext("%(num)s a month", "%(num)s a month", a_month) % {"num": a_month}
