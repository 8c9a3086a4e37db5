"""Which problem answers which refused rule of maintenance, outages, backups and the status page."""

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
from maintenance.services import errors
from maintenance.services.backup_errors import (
    NobodyToFileFor,
    NoRestoreCategory,
    RunInFuture,
    StateToCome,
    WrongRequester,
    WrongService,
)
from maintenance.services.feed_keys import TooManyKeys
from maintenance.services.member_follows import NoStatusPage
from maintenance.services.outage_errors import (
    AddressNotChecked,
    EditedMeanwhile,
    NoService,
    NothingToAnswer,
    NotTheirService,
    OutageEnded,
    WrongInstant,
)
from tickets.api.problems import WRONG_STATUS

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
    _("A service is worked on by one window at a time; “window” names the other one, “detail” says when."),
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
RUN_IN_FUTURE = Problem(
    "run_in_future", 422, _("The run lies in the future"), _("The clock of the reporting machine is wrong.")
)
NO_RESTORE_CATEGORY = Problem(
    "no_restore_category",
    409,
    _("The desk has no category for restores"),
    _("An admin marks one as “outage or restore”; then its tickets carry the restore clock."),
)
NOT_OF_THE_CUSTOMER = Problem(
    "not_of_the_customer",
    422,
    _("This is not the customer's"),
    _("The person belongs to the customer whose backup it is, and the customer uses the service."),
)
STATE_TO_COME = Problem(
    "state_to_come",
    422,
    _("This state has not been yet"),
    _("A restore goes back to a moment that has passed."),
)
NO_STATUS_PAGE = Problem(
    "no_status_page",
    409,
    _("There is no status page"),
    _("The desk has settled that nobody reads one, so there is nothing to follow."),
)
TOO_MANY_ADDRESSES = Problem(
    "too_many_addresses",
    409,
    _("There are enough addresses"),
    _("A person has ten calendar addresses at most: revoke one first."),
)


def _with_breaches(error: errors.NoticeTooShort) -> Described:
    breaches = [
        {
            "customer": {"id": breach.customer.pk, "name": breach.customer.name},
            "promised_hours": breach.promised_hours,
            "given_hours": breach.given_hours,
        }
        for breach in error.breaches
    ]
    return error.words(), {"breaches": breaches}


def _with_window(error: errors.ServiceTaken) -> Described:
    return error.words(), {"window": {"id": error.window.pk, "title": error.window.title}}


register_problem(errors.MaintenanceRuleBroken, REFUSED)
register_problem(errors.NotAllowed, NOT_ALLOWED)
register_problem(errors.Overtaken, EDITED_MEANWHILE)
register_problem(errors.WrongStatus, WRONG_STATUS)
register_problem(errors.NoticeTooShort, NOTICE_TOO_SHORT, _with_breaches)
register_problem(errors.BadRule, BAD_RULE, said_of_field)
register_problem(errors.SeriesEnded, SERIES_ENDED)
register_problem(errors.ServiceTaken, SERVICE_TAKEN, _with_window)
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

register_problem(EditedMeanwhile, EDITED_MEANWHILE, said_with_current)
register_problem(OutageEnded, OUTAGE_ENDED)
register_problem(NothingToAnswer, NOTHING_TO_ANSWER)
register_problem(NoService, NO_SERVICE, said_of_field)
register_problem(WrongInstant, WRONG_INSTANT, said_of_field)
register_problem(AddressNotChecked, REFUSED_ADDRESS, said_of_field)
register_problem(NotTheirService, NOT_THEIR_SERVICE, said_of_field)

register_problem(RunInFuture, RUN_IN_FUTURE)
register_problem(NoRestoreCategory, NO_RESTORE_CATEGORY)
register_problem(WrongRequester, NOT_OF_THE_CUSTOMER, said_of_field)
register_problem(NobodyToFileFor, NOT_OF_THE_CUSTOMER, said_of_field)
register_problem(WrongService, NOT_OF_THE_CUSTOMER, said_of_field)
register_problem(StateToCome, STATE_TO_COME, said_of_field)

register_problem(NoStatusPage, NO_STATUS_PAGE)
register_problem(TooManyKeys, TOO_MANY_ADDRESSES)
