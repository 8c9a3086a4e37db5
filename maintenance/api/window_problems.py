"""Which problem answers which refused rule of maintenance."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from maintenance.services import errors
from tickets.api.problems import EDITED_MEANWHILE, REFUSED, WRONG_STATUS


def said_in_words(error: errors.MaintenanceRuleBroken) -> tuple[Words, dict[str, Any]]:
    """The detail alone."""
    return error.words(), {}


def said_of_field(error: errors.MaintenanceRuleBroken) -> tuple[Words, dict[str, Any]]:
    """The detail, and the field that it is about."""
    said = {"pointer": f"/{error.field}", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


def _with_breaches(error: errors.NoticeTooShort) -> tuple[Words, dict[str, Any]]:
    breaches = [
        {
            "customer": {"id": breach.customer.pk, "name": breach.customer.name},
            "promised_hours": breach.promised_hours,
            "given_hours": breach.given_hours,
        }
        for breach in error.breaches
    ]
    return error.words(), {"breaches": breaches}


NOTICE_TOO_SHORT = Problem(
    "notice_too_short",
    409,
    _("Plans promise more notice"),
    _("“breaches” lists the customers. Choose a later time, or say why it cannot wait."),
)
SERVICE_TAKEN = Problem(
    "service_taken",
    409,
    _("Another window works on the service"),
    _("A service is worked on by one window at a time; “detail” says by which and when."),
)
WRONG_TIME = Problem(
    "wrong_time",
    422,
    _("This time cannot be"),
    _("A window ends after it starts, and lies ahead when it is announced; “errors” says which."),
)
NOT_ENOUGH_SAID = Problem(
    "not_enough_said",
    422,
    _("Something is missing"),
    _("Services, a reason or a result; “errors” says which."),
)
BAD_RULE = Problem(
    "bad_rule",
    422,
    _("This rule names no days"),
    _("An RRULE (RFC 5545) by days, without a start and an end of its own: FREQ=MONTHLY;BYDAY=1SU"),
)
SERIES_ENDED = Problem(
    "series_ended",
    409,
    _("This recurring maintenance has ended"),
    _("Nothing of it changes any more. Begin another."),
)

register_problem(errors.MaintenanceRuleBroken, REFUSED, said_in_words)
register_problem(errors.NotAllowed, NOT_ALLOWED, said_in_words)
register_problem(errors.Overtaken, EDITED_MEANWHILE, said_in_words)
register_problem(errors.WrongStatus, WRONG_STATUS, said_in_words)
register_problem(errors.NoticeTooShort, NOTICE_TOO_SHORT, _with_breaches)
register_problem(errors.BadRule, BAD_RULE, said_of_field)
register_problem(errors.SeriesEnded, SERIES_ENDED, said_in_words)
register_problem(errors.ServiceTaken, SERVICE_TAKEN, said_in_words)
for _timing in (errors.EndsBeforeStart, errors.StartsInThePast, errors.StartsLater, errors.TimesAreMoved):
    register_problem(_timing, WRONG_TIME, said_of_field)
for _missing in (
    errors.NoServices,
    errors.EmergencyNeedsReason,
    errors.ReasonNeeded,
    errors.ResultNeeded,
    errors.TextNeeded,
):
    register_problem(_missing, NOT_ENOUGH_SAID, said_of_field)
