"""Which problem answers which refused rule of the knowledge base."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from knowledge.services import (
    CommentMissing,
    EditedMeanwhile,
    EditionExists,
    KnowledgeRuleBroken,
    NameMissing,
    NotAllowed,
    NothingChanged,
    NothingSaid,
    RefusedImage,
    SectionArchived,
    WrongState,
)
from tickets.api.problems import EDITED_MEANWHILE, REFUSED

NOT_ACCEPTED = Problem(
    "article_not_accepted",
    422,
    _("The article is not taken"),
    _("It says nothing, a name or a comment is missing, or its section is archived; “detail” says which."),
)
EDITION_EXISTS = Problem(
    "edition_exists", 409, _("The article exists in that language"), _("Change that edition instead.")
)
WRONG_STATE = Problem(
    "wrong_state",
    409,
    _("The state of the text does not allow this"),
    _("It is published already, or not in review, or nothing was changed. Read the edition again."),
)
REFUSED_IMAGE = Problem(
    "refused_image",
    422,
    _("The image is not taken"),
    _("It is too large, one too many, or none of PNG, JPEG, GIF and WebP."),
)


def _words(error: KnowledgeRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


def _with_current(error: EditedMeanwhile) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"current": error.current}


def _with_field(error: KnowledgeRuleBroken) -> tuple[Words, dict[str, Any]]:
    said = {"pointer": f"/{error.field}" if error.field else "", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


register_problem(KnowledgeRuleBroken, REFUSED, _words)
register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, _with_current)
register_problem(EditionExists, EDITION_EXISTS, _words)
register_problem(WrongState, WRONG_STATE, _words)
register_problem(NothingChanged, WRONG_STATE, _words)
register_problem(RefusedImage, REFUSED_IMAGE, _words)
for _rule in (NothingSaid, CommentMissing, NameMissing, SectionArchived):
    register_problem(_rule, NOT_ACCEPTED, _with_field)
