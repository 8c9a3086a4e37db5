"""Which problem answers which refused rule of plans, calendars, contracts and their edits."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from accounts.humantime import exact_moment
from sla.business_time import CalendarNeverOpens
from sla.services.errors import (
    EditedMeanwhile,
    EditNotOpen,
    EditOvertaken,
    NeverOpens,
    NotAllowed,
    NothingChanged,
    PromiseRuleBroken,
)
from tickets.api.problems import REFUSED

NEWER_VERSION = Problem(
    "newer_version",
    409,
    _("There is a newer version"),
    _("Somebody made a version after the one that you name. Read it, and draft again with its number."),
)
NOTHING_CHANGED = Problem(
    "nothing_changed", 409, _("Nothing would change"), _("What you propose is what stands already.")
)
EDIT_NOT_OPEN = Problem(
    "edit_not_open",
    409,
    _("The edit's state does not allow this"),
    _("Drafts are looked at, applied or discarded; what is being applied is cancelled; the rest undone."),
)
EDIT_OVERTAKEN = Problem(
    "edit_overtaken",
    409,
    _("A later edit stands on this one"),
    _("Undo the later one first, or draft a new version."),
)


def _words(error: PromiseRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


def _by_whom(error: EditedMeanwhile) -> tuple[Words, dict[str, Any]]:
    values = {"who": error.who or _("Somebody else"), "when": exact_moment(error.when)}
    return _("%(who)s made a newer version on %(when)s.") % values, {}


def _meaning(error: PromiseRuleBroken) -> tuple[Words, dict[str, Any]]:
    return "", {}


def _never_opens(error: CalendarNeverOpens) -> tuple[Words, dict[str, Any]]:
    return NeverOpens().words(), {}


register_problem(PromiseRuleBroken, REFUSED, _words)
register_problem(CalendarNeverOpens, REFUSED, _never_opens)
register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(EditedMeanwhile, NEWER_VERSION, _by_whom)
register_problem(NothingChanged, NOTHING_CHANGED, _meaning)
register_problem(EditNotOpen, EDIT_NOT_OPEN, _meaning)
register_problem(EditOvertaken, EDIT_OVERTAKEN, _meaning)
