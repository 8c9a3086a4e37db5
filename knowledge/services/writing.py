"""Intentions of authors: write an article, go on with it, translate it, move it, put it away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.uniqueness import once_only
from knowledge.models import (
    Article,
    ArticleEventKind,
    Edition,
    Section,
    State,
    Version,
)
from knowledge.permissions import can_publish, can_write
from knowledge.services.errors import (
    EditedMeanwhile,
    EditionExists,
    NotAllowed,
    NothingChanged,
    NothingSaid,
    SectionArchived,
)
from knowledge.services.history import record


@dataclass(frozen=True)
class Text:
    """What an author writes: a text of their own in Markdown, or the address of somebody's official guide, or
    both. `keywords` are words that readers search by and that the text does not use."""

    title: str
    summary: str = ""
    keywords: str = ""
    guide_url: str = ""
    body: str = ""

    def cleaned(self) -> Text:
        """Without stray spaces and control characters. Raises NothingSaid."""
        body = self.body.replace("\r\n", "\n").strip()
        if not body and not self.guide_url.strip():
            raise NothingSaid
        return Text(
            title=one_line(self.title),
            summary=one_line(self.summary),
            keywords=one_line(self.keywords),
            guide_url=one_line(self.guide_url),
            body=body,
        )


@transaction.atomic
def create_article(
    *,
    section: Section,
    audience: str,
    language: str,
    text: Text,
    position: int = 0,
    made_from: int | None = None,
    by: Membership,
    at: datetime,
) -> Edition:
    """A new article as a draft in one language; `made_from` is the number of the ticket whose answer it was.

    Raises NotAllowed, NothingSaid, SectionArchived.
    """
    if not can_write(by, section.tenant_id):
        raise NotAllowed
    if section.archived_at is not None:
        raise SectionArchived
    article = Article.objects.create(
        tenant_id=section.tenant_id,
        section=section,
        audience=audience,
        position=position,
        made_from=made_from,
        created_at=at,
    )
    return begin_edition(article, language, text, by=by, at=at)


@transaction.atomic
def add_edition(*, article: Article, language: str, text: Text, by: Membership, at: datetime) -> Edition:
    """The article in another language, as a draft. Raises NotAllowed, EditionExists, NothingSaid."""
    if not can_write(by, article.tenant_id):
        raise NotAllowed
    article = Article.objects.select_for_update().get(pk=article.pk)
    with once_only(EditionExists):
        return begin_edition(article, language, text, by=by, at=at)


def begin_edition(
    article: Article, language: str, text: Text, *, by: Membership | None, at: datetime
) -> Edition:
    """The edition with its first version, inside a transaction of the caller."""
    text = text.cleaned()
    edition = Edition.objects.create(
        tenant_id=article.tenant_id,
        article=article,
        language=language,
        working_title=text.title,
        changed_at=at,
    )
    _add_version(edition, text, by=by, at=at)
    return edition


@transaction.atomic
def save_version(*, edition: Edition, seen: int, text: Text, by: Membership, at: datetime) -> Edition:
    """Another version, a draft again; readers go on seeing the published one.

    `seen` is the number of the version that was edited.
    Raises NotAllowed, EditedMeanwhile, NothingSaid, NothingChanged.
    """
    edition = lock_edition(edition, seen=seen, may=can_write(by, edition.tenant_id))
    text = text.cleaned()
    latest = edition.versions.get(number=edition.latest)
    if asdict(text) == {name: getattr(latest, name) for name in asdict(text)}:
        raise NothingChanged
    edition.state = State.DRAFT
    _add_version(edition, text, by=by, at=at)
    return edition


def _add_version(edition: Edition, text: Text, *, by: Membership | None, at: datetime) -> None:
    edition.latest += 1
    edition.working_title, edition.changed_at = text.title, at
    Version.objects.create(
        tenant_id=edition.tenant_id, edition=edition, number=edition.latest, by=by, at=at, **asdict(text)
    )
    edition.save(update_fields=["state", "latest", "working_title", "changed_at"])
    record(ArticleEventKind.WRITTEN, article=edition.article, edition=edition, by=by, at=at)


def lock_edition(edition: Edition, *, seen: int, may: bool) -> Edition:
    """The article's row and then the edition's, locked. Raises NotAllowed, EditedMeanwhile."""
    if not may:
        raise NotAllowed
    Article.objects.select_for_update().get(pk=edition.article_id)
    locked = Edition.objects.select_for_update(of=("self",)).select_related("article").get(pk=edition.pk)
    if locked.latest != seen:
        raise EditedMeanwhile(locked.working_title, locked.latest)
    return locked


@transaction.atomic
def change_article(
    *,
    article: Article,
    seen_version: int,
    section: Section,
    audience: str,
    position: int,
    by: Membership,
    at: datetime,
) -> Article:
    """Put it into another section, or before other readers. That holds at once.

    Who may publish may also say who reads. Raises NotAllowed, EditedMeanwhile, SectionArchived.
    """
    article = _lock_article(article, by)
    if article.version != seen_version:
        raise EditedMeanwhile(_title_of(article), article.version)
    if section.archived_at is not None and section.pk != article.section_id:
        raise SectionArchived
    article.section, article.audience, article.position = section, audience, position
    article.version += 1
    article.save(update_fields=["section", "audience", "position", "version"])
    record(ArticleEventKind.CHANGED, article=article, by=by, at=at)
    return article


@transaction.atomic
def archive_article(*, article: Article, by: Membership, at: datetime) -> Article:
    """Show it to readers no more, in any language; nothing is deleted. Raises NotAllowed."""
    article = _lock_article(article, by)
    if article.archived_at is None:
        article.archived_at = at
        article.version += 1
        article.save(update_fields=["archived_at", "version"])
        record(ArticleEventKind.ARCHIVED, article=article, by=by, at=at)
    return article


@transaction.atomic
def restore_article(*, article: Article, by: Membership, at: datetime) -> Article:
    """Show again what was published of it. Raises NotAllowed."""
    article = _lock_article(article, by)
    if article.archived_at is not None:
        article.archived_at = None
        article.version += 1
        article.save(update_fields=["archived_at", "version"])
        record(ArticleEventKind.RESTORED, article=article, by=by, at=at)
    return article


def _lock_article(article: Article, by: Membership) -> Article:
    if not can_publish(by, article.tenant_id):
        raise NotAllowed
    return Article.objects.select_for_update().get(pk=article.pk)


def _title_of(article: Article) -> str:
    return str(article.editions.first() or "")
