"""Which problem answers which refused rule of outages and of what notices them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import Problem, register_problem
from maintenance.api.window_problems import said_in_words, said_of_field
from maintenance.services.outage_errors import (
    AddressNotChecked,
    EditedMeanwhile,
    NoService,
    NothingToAnswer,
    NotTheirService,
    OutageEnded,
    WrongInstant,
)
from tickets.api.problems import EDITED_MEANWHILE


def _with_current(error: EditedMeanwhile) -> tuple[str, dict[str, Any]]:
    return error.words(), {"current": error.current}


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

REFUSED_ADDRESS = Problem(
    "refused_address",
    422,
    _("This address is not checked"),
    _("Only public addresses are; “errors” says what is wrong with it."),
)
NOT_THEIR_SERVICE = Problem(
    "not_their_service",
    422,
    _("The service is not theirs"),
    _("A ticket about a customer's own service is filed for a contact of that customer alone."),
)

register_problem(EditedMeanwhile, EDITED_MEANWHILE, _with_current)
register_problem(OutageEnded, OUTAGE_ENDED, said_in_words)
register_problem(NothingToAnswer, NOTHING_TO_ANSWER, said_in_words)
register_problem(NoService, NO_SERVICE, said_of_field)
register_problem(WrongInstant, WRONG_INSTANT, said_of_field)
register_problem(AddressNotChecked, REFUSED_ADDRESS, said_of_field)
register_problem(NotTheirService, NOT_THEIR_SERVICE, said_of_field)
