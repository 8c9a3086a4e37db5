"""Which problem answers which refused rule of outages and of what notices them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from maintenance.services.outage_errors import (
    EditedMeanwhile,
    NoService,
    NotAllowed,
    NothingToAnswer,
    OutageEnded,
    OutageRuleBroken,
    WrongInstant,
)
from tickets.api.problems import EDITED_MEANWHILE, REFUSED


def _words(error: OutageRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


def _with_current(error: EditedMeanwhile) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"current": error.current}


def _with_field(error: OutageRuleBroken) -> tuple[Words, dict[str, Any]]:
    said = {"pointer": f"/{error.field}", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


OUTAGE_ENDED = Problem(
    "outage_ended", 409, _("The outage has ended"), _("What happens now is another outage: open a new one.")
)
NOTHING_TO_ANSWER = Problem(
    "nothing_to_answer",
    409,
    _("There is no ticket to answer"),
    _("None is linked to the outage, or all that are linked are closed."),
)
NO_SERVICE = Problem(
    "no_service",
    422,
    _("A service is missing"),
    _("An outage is one of services: name those that are hit, and end it when none is any more."),
)
WRONG_INSTANT = Problem(
    "wrong_instant",
    422,
    _("This time cannot be"),
    _("An outage does not begin in the future and ends after it began, by now."),
)

register_problem(OutageRuleBroken, REFUSED, _words)
register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, _with_current)
register_problem(OutageEnded, OUTAGE_ENDED, _words)
register_problem(NothingToAnswer, NOTHING_TO_ANSWER, _words)
register_problem(NoService, NO_SERVICE, _with_field)
register_problem(WrongInstant, WRONG_INSTANT, _with_field)
