"""Which problem answers which refused rule of plans, calendars, contracts, edits and emergencies."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import (
    EDITED_MEANWHILE,
    NOT_ALLOWED,
    REFUSED,
    Described,
    Problem,
    register_problem,
    said_of_field,
    said_with_current,
)
from accounts.humantime import exact_moment
from sla.business_time import CalendarNeverOpens
from sla.services.chats import NoChat
from sla.services.emergency_errors import (
    AcknowledgedBefore,
    EmergenciesUsedUp,
    EmergencyNotIncluded,
    EmergencyRunning,
    NoEmergency,
    TicketResolved,
)
from sla.services.errors import (
    EditedMeanwhile,
    EditNotOpen,
    EditOvertaken,
    NeverOpens,
    NotAllowed,
    NothingChanged,
    PromiseRuleBroken,
)
from sla.services.rota_errors import RotaChanged, TurnChanged, TurnsOverlap

NEWER_VERSION = Problem(
    "newer_version",
    409,
    _("There is a newer version"),
    _("Somebody made a version after the one that you name. Read it, and draft again with its number."),
)
NOTHING_CHANGED = Problem(
    "nothing_changed", 409, _("Nothing would change"), _("What you propose is what stands already.")
)
EDIT_NOT_OPEN = Problem(
    "edit_not_open",
    409,
    _("The edit's state does not allow this"),
    _("Drafts are looked at, applied or discarded; what is being applied is cancelled; the rest undone."),
)
EDIT_OVERTAKEN = Problem(
    "edit_overtaken",
    409,
    _("A later edit stands on this one"),
    _("Undo the later one first, or draft a new version."),
)
TURNS_OVERLAP = Problem(
    "turns_overlap",
    409,
    _("Somebody has this place meanwhile"),
    _("At one place of a rota one person is on call at a time; “detail” says who is."),
)


def _by_whom(error: EditedMeanwhile) -> Described:
    values = {"who": error.who or _("Somebody else"), "when": exact_moment(error.when)}
    return _("%(who)s made a newer version on %(when)s.") % values, {}


def _meaning(error: PromiseRuleBroken) -> Described:
    return "", {}


def _never_opens(error: CalendarNeverOpens) -> Described:
    return NeverOpens().words(), {}


register_problem(PromiseRuleBroken, REFUSED)
register_problem(CalendarNeverOpens, REFUSED, _never_opens)
register_problem(NotAllowed, NOT_ALLOWED)
register_problem(EditedMeanwhile, NEWER_VERSION, _by_whom)
register_problem(NothingChanged, NOTHING_CHANGED, _meaning)
register_problem(EditNotOpen, EDIT_NOT_OPEN, _meaning)
register_problem(EditOvertaken, EDIT_OVERTAKEN, _meaning)
register_problem(RotaChanged, EDITED_MEANWHILE, said_with_current)
register_problem(TurnChanged, EDITED_MEANWHILE)
register_problem(TurnsOverlap, TURNS_OVERLAP, said_of_field)
for _kind, _status, _title, _why in (
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
    (
        NoChat,
        409,
        _("There is no chat now"),
        _("The plan has none, or support is closed; “detail” says which, and when it opens."),
    ),
):
    register_problem(_kind, Problem(_kind.code, _status, _title, _why))
