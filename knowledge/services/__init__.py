"""The intentions of the knowledge base: one function each."""

from knowledge.services.errors import (
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
from knowledge.services.images import add_image
from knowledge.services.readers import give_feedback, note_missed_search, settle_missed_search, voter_of
from knowledge.services.reviewing import ask_for_review, publish_edition, send_back, withdraw_edition
from knowledge.services.sections import archive_section, change_section, create_section, restore_section
from knowledge.services.starting import start_article
from knowledge.services.writing import (
    Text,
    add_edition,
    archive_article,
    change_article,
    create_article,
    restore_article,
    save_version,
)

__all__ = [
    "CommentMissing",
    "EditedMeanwhile",
    "EditionExists",
    "KnowledgeRuleBroken",
    "NameMissing",
    "NotAllowed",
    "NothingChanged",
    "NothingSaid",
    "RefusedImage",
    "SectionArchived",
    "Text",
    "WrongState",
    "add_edition",
    "add_image",
    "archive_article",
    "archive_section",
    "ask_for_review",
    "change_article",
    "change_section",
    "create_article",
    "create_section",
    "give_feedback",
    "note_missed_search",
    "publish_edition",
    "restore_article",
    "restore_section",
    "save_version",
    "send_back",
    "settle_missed_search",
    "start_article",
    "voter_of",
    "withdraw_edition",
]
