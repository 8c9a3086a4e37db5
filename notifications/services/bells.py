"""Lines under people's bells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import translation

from accounts.models import Membership
from notifications.bulk import insert_many
from notifications.models import Notification
from notifications.rendering import Words, in_language_of


@dataclass(frozen=True, kw_only=True)
class BellLine:
    """One line for one person, whose `user` is loaded; `title` and `body` in their language, or `Words`."""

    recipient: Membership
    kind: str
    key: str
    title: str | Words
    path: str
    body: str | Words = ""


def notify(
    *, recipient: Membership, kind: str, key: str, title: str, path: str, at: datetime, body: str = ""
) -> None:
    """Put a line under somebody's bell, once per `key`: one that is there already stays as it is.

    `title` and `body` are in the reader's language: build them inside `in_language_of(recipient)`.
    """
    line = BellLine(recipient=recipient, kind=kind, key=key, title=title, path=path, body=body)
    notify_many([line], at=at)


def notify_each(
    recipients: Iterable[Membership],
    *,
    kind: str,
    key: str,
    title_for: Callable[[Membership], str],
    path: str,
    at: datetime,
) -> None:
    """Put the same line under several bells in one statement, once per person and `key`.

    `title_for` is asked once for each language: what it says of one person holds for all who read that.
    """
    titles: dict[str, str] = {}
    lines = []
    for person in _of_one_desk([person for person in recipients if person.deactivated_at is None]):
        if person.language not in titles:
            with in_language_of(person):
                titles[person.language] = title_for(person)
        title = titles[person.language]
        lines.append(BellLine(recipient=person, kind=kind, key=key, title=title, path=path))
    notify_many(lines, at=at)


def notify_many(lines: Iterable[BellLine], *, at: datetime) -> None:
    """Put lines under bells, each once per person and key, in one statement however many they are.

    All belong to the desk of the current scope. Who was deactivated is told nothing.
    """
    reached = [line for line in lines if line.recipient.deactivated_at is None]
    rows: list[dict[str, Any]] = []
    _of_one_desk([line.recipient for line in reached])
    for language, group in groupby(sorted(reached, key=_language), key=_language):
        with translation.override(language):
            rows += [_row(line) for line in group]
    insert_many(Notification, rows, created_at=at)


def _of_one_desk(people: list[Membership]) -> list[Membership]:
    """The same people, whose tenant is asked for once at most: it is that of the current scope."""
    for person in people[1:]:
        person.tenant = people[0].tenant
    return people


def _language(line: BellLine) -> str:
    return line.recipient.language


def _row(line: BellLine) -> dict[str, Any]:
    return {
        "tenant_id": line.recipient.tenant_id,
        "recipient_id": line.recipient.pk,
        "kind": line.kind,
        "key": line.key,
        "title": str(line.title)[:250],
        "body": str(line.body)[:500],
        "path": line.path,
    }


def mark_read(*, recipient: Membership, at: datetime, pk: int | None = None) -> int:
    """Mark one of somebody's notifications read, or all; returns how many were unread."""
    unread = Notification.objects.filter(
        Q(pk=pk) if pk is not None else Q(), recipient=recipient, read_at__isnull=True
    )
    return unread.update(read_at=at)
