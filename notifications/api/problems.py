"""Which problem answers which refused rule about the secret of webhooks, and the outbox."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import Problem, register_problem
from notifications.services import NotGivenUp, SecretReplacedMeanwhile

SECRET_REPLACED = Problem(
    "secret_replaced",
    409,
    _("The secret was replaced meanwhile"),
    _("Somebody else has replaced it since you read it: read it again before you replace theirs."),
)
register_problem(SecretReplacedMeanwhile, SECRET_REPLACED)
NOT_GIVEN_UP = Problem(
    "not_given_up",
    409,
    _("The message was not given up"),
    _("It waits, was sent or was cancelled, so there is nothing to try again."),
)
register_problem(NotGivenUp, NOT_GIVEN_UP)
