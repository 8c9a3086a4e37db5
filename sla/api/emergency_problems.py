"""Which problem answers which refused rule of emergencies."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import Problem, Words, register_problem
from sla.services.emergency_errors import (
    AcknowledgedBefore,
    EmergenciesUsedUp,
    EmergencyNotIncluded,
    EmergencyRunning,
    NoEmergency,
    TicketResolved,
)
from tickets.services.errors import TicketRuleBroken


def _words(error: TicketRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


for _kind, _status, _title, _meaning in (
    (
        EmergencyNotIncluded,
        403,
        _("The plan has no emergency escalation"),
        _("The plan under which the ticket was filed does not let customers declare emergencies."),
    ),
    (
        EmergenciesUsedUp,
        409,
        _("The emergencies of this month are used up"),
        _("“detail” says from which day on another may be declared."),
    ),
    (
        EmergencyRunning,
        409,
        _("An emergency is running already"),
        _("A ticket has one at a time. List its emergencies to see who is on it."),
    ),
    (
        TicketResolved,
        409,
        _("The ticket is resolved"),
        _("Nobody is called about what is resolved. Reopen the ticket first."),
    ),
    (
        NoEmergency,
        409,
        _("No emergency is running"),
        _("There is none, or it has ended: resolving a ticket ends its emergency."),
    ),
    (
        AcknowledgedBefore,
        409,
        _("Somebody else is on it"),
        _("The emergency was acknowledged before; “detail” says by whom."),
    ),
):
    register_problem(_kind, Problem(_kind.code, _status, _title, _meaning), _words)
