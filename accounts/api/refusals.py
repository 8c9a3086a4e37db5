"""Which problem answers which refused rule about people, customers and sign-in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from accounts.services.errors import (
    DomainTaken,
    GroupNameTaken,
    NameTaken,
    NotAllowed,
    SecondFactorFirst,
    refusal_words,
)
from tickets.api.problems import NAME_TAKEN

DOMAIN_TAKEN = Problem(
    "domain_taken",
    409,
    _("The domain is taken"),
    _("Another sign-in connection of the desk answers for one of these domains; it may be switched off."),
)
SECOND_FACTOR_FIRST = Problem(
    "second_factor_first",
    409,
    _("Set up your own second factor first"),
    _("Who asks others for one and has none would be shut out with the same call."),
)


def _words(error: Exception) -> tuple[Words, dict[str, Any]]:
    return refusal_words(error), {}


register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(NameTaken, NAME_TAKEN, _words)
register_problem(GroupNameTaken, NAME_TAKEN, _words)
register_problem(DomainTaken, DOMAIN_TAKEN, _words)
register_problem(SecondFactorFirst, SECOND_FACTOR_FIRST, _words)
