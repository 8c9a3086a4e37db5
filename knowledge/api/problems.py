"""Which problem answers which refused rule of the knowledge base."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import (
    EDITED_MEANWHILE,
    NOT_ALLOWED,
    REFUSED,
    Problem,
    register_problem,
    said_of_field,
    said_with_current,
)
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


register_problem(KnowledgeRuleBroken, REFUSED)
register_problem(NotAllowed, NOT_ALLOWED)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, said_with_current)
register_problem(EditionExists, EDITION_EXISTS)
register_problem(WrongState, WRONG_STATE)
register_problem(NothingChanged, WRONG_STATE)
register_problem(RefusedImage, REFUSED_IMAGE)
for _rule in (NothingSaid, CommentMissing, NameMissing, SectionArchived):
    register_problem(_rule, NOT_ACCEPTED, said_of_field)
