"""Sections, articles with their editions and versions, images, and what readers said and looked for."""

from knowledge.models.articles import (
    BODY_LENGTH,
    KEYWORDS_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Article,
    ArticleEvent,
    ArticleEventKind,
    Audience,
    Edition,
    State,
    Version,
)
from knowledge.models.images import Image
from knowledge.models.readers import Feedback, MissedSearch
from knowledge.models.sections import Section

__all__ = [
    "BODY_LENGTH",
    "KEYWORDS_LENGTH",
    "SUMMARY_LENGTH",
    "TITLE_LENGTH",
    "Article",
    "ArticleEvent",
    "ArticleEventKind",
    "Audience",
    "Edition",
    "Feedback",
    "Image",
    "MissedSearch",
    "Section",
    "State",
    "Version",
]
