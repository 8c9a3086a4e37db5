"""Which problem answers which refused rule of approvals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import Problem, Words, register_problem
from tickets.services import ApprovalOver, ApprovalWaits, RefusedApproval
from tickets.services.errors import TicketRuleBroken

REFUSED_APPROVAL = Problem(
    "refused_approval",
    422,
    _("This cannot be asked like that"),
    _("The question is missing, or what is out of scope has neither an estimate nor a price."),
)
APPROVAL_WAITS = Problem(
    "approval_waits",
    409,
    _("Another question waits"),
    _("The customer has not answered the last one on this ticket. Withdraw it to ask another one."),
)
APPROVAL_OVER = Problem(
    "approval_over",
    409,
    _("Nobody waits for this answer"),
    _("It was answered or withdrawn before, or the ticket is resolved."),
)


def _words(error: TicketRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


def _with_field(error: RefusedApproval) -> tuple[Words, dict[str, Any]]:
    field = "estimate_minutes" if error.field == "estimate" else error.field
    said = {"pointer": f"/{field}", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


register_problem(RefusedApproval, REFUSED_APPROVAL, _with_field)
register_problem(ApprovalWaits, APPROVAL_WAITS, _words)
register_problem(ApprovalOver, APPROVAL_OVER, _words)
