"""Which problem answers which refused rule about the secret of webhooks."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import Problem, register_problem
from notifications.services import SecretReplacedMeanwhile

SECRET_REPLACED = Problem(
    "secret_replaced",
    409,
    _("The secret was replaced meanwhile"),
    _("Somebody else has replaced it since you read it: read it again before you replace theirs."),
)
register_problem(SecretReplacedMeanwhile, SECRET_REPLACED)
