"""Refused rules of emergencies. Each says in the reader's language what was refused."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.services.errors import TicketRuleBroken


class EmergencyNotIncluded(TicketRuleBroken):
    """The plan under which the ticket was filed has no emergencies."""

    code = "emergency_not_included"

    def words(self) -> str:
        return _("The plan of this ticket does not include emergency escalation.")


class EmergenciesUsedUp(TicketRuleBroken):
    """The customer has declared as many this month as its plan includes."""

    code = "emergencies_used_up"

    def __init__(self, limit: int, renews_on: date) -> None:
        super().__init__(limit, renews_on)
        self.limit = limit
        self.renews_on = renews_on

    def words(self) -> str:
        values = {"limit": self.limit, "day": formats.date_format(self.renews_on, "DATE_FORMAT")}
        return (
            ngettext(
                "The plan includes %(limit)s emergency a month, and it is used up. "
                "The next is possible from %(day)s on.",
                "The plan includes %(limit)s emergencies a month, and they are used up. "
                "The next is possible from %(day)s on.",
                self.limit,
            )
            % values
        )


class EmergencyRunning(TicketRuleBroken):
    """Somebody declared one on this ticket already."""

    code = "emergency_running"

    def words(self) -> str:
        return _("An emergency is running on this ticket already.")


class TicketResolved(TicketRuleBroken):
    """Nobody is called about what is resolved."""

    code = "ticket_resolved"

    def words(self) -> str:
        return _("This ticket is resolved. Reopen it first, then declare the emergency.")


class NoEmergency(TicketRuleBroken):
    """There is nothing to acknowledge or to end."""

    code = "no_emergency"

    def words(self) -> str:
        return _("No emergency is running on this ticket (any more).")


class AcknowledgedBefore(TicketRuleBroken):
    """Somebody else is on it already."""

    code = "acknowledged_before"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def words(self) -> str:
        return _("%(name)s has acknowledged this emergency already.") % {"name": self.name}
