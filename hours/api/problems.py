"""Which problem answers which refused rule of prepaid hours."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import (
    EDITED_MEANWHILE,
    NOT_ALLOWED,
    Described,
    Problem,
    register_problem,
    said_of_field,
)
from hours import services

REFUSED_PACK = Problem(
    "refused_pack",
    422,
    _("A pack cannot be like this"),
    _("“errors” says what is wrong with which part of it."),
)
REFUSED_TIME = Problem(
    "refused_time",
    422,
    _("Time cannot be logged like this"),
    _("The day lies ahead or long ago, is longer than 24 hours, or nobody says what was done."),
)
REFUSED_ADJUSTMENT = Problem(
    "refused_adjustment", 422, _("Nothing is adjusted"), _("An adjustment needs minutes and a reason.")
)
VOIDED_BEFORE = Problem(
    "voided_before", 409, _("The time was taken back before"), _("It is taken back once.")
)
NEEDS_APPROVAL = Problem(
    "needs_approval",
    409,
    _("The customer has to approve it first"),
    _("The plan does not cover the ticket's category. Ask for approval, or send “charge”: false."),
)
ESTIMATE_USED_UP = Problem(
    "estimate_used_up",
    409,
    _("More than the customer approved"),
    _("“left” says how many minutes of the estimate are left. Ask for more, or send “charge”: false."),
)
NOT_ENOUGH_HOURS = Problem(
    "not_enough_hours",
    409,
    _("Not enough prepaid hours"),
    _("“left” says how many minutes the packs hold. Sell one, or send “charge”: false."),
)


def _with_left(error: services.NotEnoughHours | services.EstimateUsedUp) -> Described:
    return error.words(), {"left": error.left}


def _with_version(error: services.EditedMeanwhile) -> Described:
    return error.words(), {"current": error.version}


register_problem(services.RefusedPack, REFUSED_PACK, said_of_field)
register_problem(services.RefusedTime, REFUSED_TIME, said_of_field)
register_problem(services.AdjustsNothing, REFUSED_ADJUSTMENT, said_of_field)
register_problem(services.VoidedBefore, VOIDED_BEFORE)
register_problem(services.NeedsApproval, NEEDS_APPROVAL)
register_problem(services.EstimateUsedUp, ESTIMATE_USED_UP, _with_left)
register_problem(services.NotEnoughHours, NOT_ENOUGH_HOURS, _with_left)
register_problem(services.EditedMeanwhile, EDITED_MEANWHILE, _with_version)
register_problem(services.NotAllowed, NOT_ALLOWED)
