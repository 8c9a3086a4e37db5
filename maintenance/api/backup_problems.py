"""Which problem answers which refused rule of backups and restores."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import Problem, register_problem
from maintenance.api.window_problems import said_in_words, said_of_field
from maintenance.services.backup_errors import (
    NobodyToFileFor,
    NoRestoreCategory,
    RunInFuture,
    StateToCome,
    WrongRequester,
    WrongService,
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

register_problem(RunInFuture, RUN_IN_FUTURE, said_in_words)
register_problem(NoRestoreCategory, NO_RESTORE_CATEGORY, said_in_words)
register_problem(WrongRequester, NOT_OF_THE_CUSTOMER, said_of_field)
register_problem(NobodyToFileFor, NOT_OF_THE_CUSTOMER, said_of_field)
register_problem(WrongService, NOT_OF_THE_CUSTOMER, said_of_field)
register_problem(StateToCome, STATE_TO_COME, said_of_field)
