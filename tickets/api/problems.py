"""Which problem answers which refused rule of tickets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from tickets.services import (
    EditedMeanwhile,
    NotAllowed,
    RefusedFile,
    TicketClosed,
    TicketRuleBroken,
    WrongStatus,
)

TICKET_CLOSED = Problem(
    "ticket_closed",
    409,
    _("The ticket is closed"),
    _("A closed ticket stays closed. File a new one and name its number."),
)
WRONG_STATUS = Problem(
    "wrong_status",
    409,
    _("The ticket's status does not allow this"),
    _("There is no way from the ticket's status to the wanted one. Read the ticket again."),
)
EDITED_MEANWHILE = Problem(
    "edited_meanwhile",
    409,
    _("Somebody else changed it first"),
    _("The value is not the one in “seen” any more; “current” says what it is. Nothing was overwritten."),
)
REFUSED_FILE = Problem(
    "refused_file",
    422,
    _("A file is not taken"),
    _("It is too large, empty, of a type that is not taken, or one too many."),
)
REFUSED = Problem(
    "refused", 409, _("This cannot be done"), _("A rule of the desk refuses it; “detail” says which.")
)


def _words(error: TicketRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


def _with_current(error: EditedMeanwhile) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"current": error.current}


def _with_place(error: RefusedFile) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"errors": [{"pointer": "/files", "code": error.code, "detail": error.words()}]}


register_problem(TicketRuleBroken, REFUSED, _words)
register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(TicketClosed, TICKET_CLOSED, _words)
register_problem(WrongStatus, WRONG_STATUS, _words)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, _with_current)
register_problem(RefusedFile, REFUSED_FILE, _with_place)
