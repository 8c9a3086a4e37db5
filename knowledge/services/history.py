"""What happened to an article is one row of its history, written by every intention."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Membership
from knowledge.models import Article, ArticleEvent, ArticleEventKind, Edition


def record(
    kind: ArticleEventKind,
    *,
    article: Article,
    edition: Edition | None = None,
    comment: str = "",
    by: Membership | None,
    at: datetime,
) -> ArticleEvent:
    """Append a row; with an edition, about its newest version."""
    return ArticleEvent.objects.create(
        tenant_id=article.tenant_id,
        article=article,
        kind=kind,
        language=edition.language if edition else "",
        number=edition.latest if edition else None,
        comment=comment,
        by=by,
        at=at,
    )
