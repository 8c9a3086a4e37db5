"""Which problem answers which refused rule about people, customers, sign-in and the desk itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import (
    EDITED_MEANWHILE,
    NAME_TAKEN,
    NOT_ALLOWED,
    Described,
    Problem,
    register_problem,
    said_of_field,
)
from accounts.importing import UnreadableFile
from accounts.logos import RefusedLogo
from accounts.services.absences import AbsenceRuleBroken
from accounts.services.errors import (
    AlreadyMember,
    DomainTaken,
    EditedMeanwhile,
    GroupNameTaken,
    HostRefused,
    LastOwner,
    NameTaken,
    NotAllowed,
    RefusedLook,
    SecondFactorFirst,
    TeamNameTaken,
    refusal_words,
)
from accounts.services.standing import StandingRuleBroken

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
ALREADY_MEMBER = Problem(
    "already_member",
    409,
    _("Somebody has this address already"),
    _("Somebody with this address is in the desk; they may be shut out, or not have come yet."),
)
LAST_OWNER = Problem(
    "last_owner", 409, _("A desk needs an owner"), _("Make somebody else owner first, then try again.")
)
REFUSED_ABSENCE = Problem(
    "refused_absence",
    422,
    _("This absence is not taken"),
    _("It ends before it starts, or another one is entered for a part of the time."),
)
REFUSED_STANDING = Problem(
    "refused_standing",
    422,
    _("This standing is not taken"),
    _("It begins in the past, its review lies before its start, or there is nothing to lift."),
)
REFUSED_HOST = Problem(
    "refused_host",
    422,
    _("This host name is not taken"),
    _("It is no full host name, or the installation or another desk answers there."),
)
REFUSED_LOOK = Problem(
    "refused_look",
    422,
    _("This look is not taken"),
    _("A colour that is none, no language, or a default language that is not offered; “errors” says which."),
)
REFUSED_LOGO = Problem(
    "refused_logo",
    422,
    _("This logo is not taken"),
    _("It is none of the images that are taken, or too large."),
)
UNREADABLE_TABLE = Problem(
    "unreadable_table",
    422,
    _("The table cannot be read"),
    _("It is no CSV, has no column “company”, no row, or too many; “detail” says which."),
)


def _words(error: Exception) -> Described:
    return refusal_words(error), {}


def _with_current(error: EditedMeanwhile) -> Described:
    return refusal_words(error), {"current": error.current}


def _of_logo(error: RefusedLogo) -> Described:
    return str(error), {}


def _of_table(error: UnreadableFile) -> Described:
    said = {"pointer": "/table", "code": UNREADABLE_TABLE.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, _with_current)
register_problem(NameTaken, NAME_TAKEN, _words)
register_problem(GroupNameTaken, NAME_TAKEN, _words)
register_problem(TeamNameTaken, NAME_TAKEN, _words)
register_problem(AlreadyMember, ALREADY_MEMBER, _words)
register_problem(DomainTaken, DOMAIN_TAKEN, _words)
register_problem(SecondFactorFirst, SECOND_FACTOR_FIRST, _words)
register_problem(LastOwner, LAST_OWNER, _words)
register_problem(AbsenceRuleBroken, REFUSED_ABSENCE, said_of_field)
register_problem(StandingRuleBroken, REFUSED_STANDING, said_of_field)
register_problem(HostRefused, REFUSED_HOST)
register_problem(RefusedLook, REFUSED_LOOK, said_of_field)
register_problem(RefusedLogo, REFUSED_LOGO, _of_logo)
register_problem(UnreadableFile, UNREADABLE_TABLE, _of_table)
