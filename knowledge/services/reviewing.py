"""From draft to published: a review is asked for, the text goes back or out, and can be withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from knowledge.markdown import render, words_of
from knowledge.models import ArticleEventKind, Edition, State, Version
from knowledge.permissions import can_publish, can_write
from knowledge.services.errors import CommentMissing, WrongState
from knowledge.services.history import record
from knowledge.services.writing import lock_edition


@transaction.atomic
def ask_for_review(*, edition: Edition, seen: int, by: Membership, at: datetime) -> Edition:
    """The newest version is ready to be read by somebody who may publish it.

    Raises NotAllowed, EditedMeanwhile, WrongState unless it is a draft.
    """
    edition = lock_edition(edition, seen=seen, may=can_write(by, edition.tenant_id))
    if edition.state != State.DRAFT:
        raise WrongState
    return _moved(edition, State.REVIEW, ArticleEventKind.REVIEW_ASKED, by=by, at=at)


@transaction.atomic
def send_back(*, edition: Edition, seen: int, comment: str, by: Membership, at: datetime) -> Edition:
    """The author shall change it; `comment` says what.

    Raises NotAllowed, EditedMeanwhile, WrongState unless it is in review, CommentMissing.
    """
    edition = lock_edition(edition, seen=seen, may=can_publish(by, edition.tenant_id))
    if edition.state != State.REVIEW:
        raise WrongState
    if not comment.strip():
        raise CommentMissing
    return _moved(edition, State.DRAFT, ArticleEventKind.SENT_BACK, comment=comment.strip(), by=by, at=at)


@transaction.atomic
def publish_edition(*, edition: Edition, seen: int, by: Membership, at: datetime) -> Edition:
    """Readers see the newest version from now on.

    Raises NotAllowed, EditedMeanwhile, WrongState if they see it already.
    """
    edition = lock_edition(edition, seen=seen, may=can_publish(by, edition.tenant_id))
    if edition.state == State.PUBLISHED:
        raise WrongState
    show_latest(edition, by=by, at=at)
    return edition


@transaction.atomic
def withdraw_edition(*, edition: Edition, seen: int, by: Membership, at: datetime) -> Edition:
    """Readers see no version of it any more; the newest is a draft.

    Raises NotAllowed, EditedMeanwhile, WrongState if there is none that they see.
    """
    edition = lock_edition(edition, seen=seen, may=can_publish(by, edition.tenant_id))
    if edition.published is None:
        raise WrongState
    edition.published = edition.published_at = None
    _copy(edition, None)
    return _moved(edition, State.DRAFT, ArticleEventKind.WITHDRAWN, by=by, at=at)


def show_latest(edition: Edition, *, by: Membership | None, at: datetime) -> None:
    """Copy the newest version to where readers and searches look, inside a transaction of the caller."""
    edition.published, edition.published_at = edition.latest, at
    _copy(edition, edition.versions.get(number=edition.latest))
    _moved(edition, State.PUBLISHED, ArticleEventKind.PUBLISHED, by=by, at=at)


def _copy(edition: Edition, version: Version | None) -> None:
    for name in ("title", "summary", "keywords", "guide_url", "body"):
        setattr(edition, name, getattr(version, name) if version else "")
    edition.body_html = render(edition.body)
    edition.words = words_of(edition.title, edition.summary, edition.keywords, edition.body)


def _moved(
    edition: Edition,
    state: State,
    kind: ArticleEventKind,
    *,
    comment: str = "",
    by: Membership | None,
    at: datetime,
) -> Edition:
    edition.state, edition.changed_at = state, at
    edition.save()
    record(kind, article=edition.article, edition=edition, comment=comment, by=by, at=at)
    return edition
