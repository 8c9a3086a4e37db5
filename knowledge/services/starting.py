"""What a new desk begins with: sections and published articles that its preset brings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from knowledge.models import Article, Audience, Edition, Section
from knowledge.services.reviewing import show_latest
from knowledge.services.writing import Text, begin_edition


@transaction.atomic
def start_article(
    *,
    section: Section,
    texts: Mapping[str, Text],
    audience: str = Audience.PUBLIC,
    position: int = 0,
    at: datetime,
) -> list[Edition]:
    """A published article by nobody of the desk, in the languages of `texts`. Raises NothingSaid."""
    article = Article.objects.create(
        tenant_id=section.tenant_id, section=section, audience=audience, position=position, created_at=at
    )
    editions = []
    for language, text in texts.items():
        edition = begin_edition(article, language, text, by=None, at=at)
        show_latest(edition, by=None, at=at)
        editions.append(edition)
    return editions
