"""Telling people: write the row here, in the transaction of what it is about; sweeps do the sending."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.links import absolute_url
from accounts.models import Membership
from notifications.models import Heartbeat, Notification, OutboxMessage

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
BATCH = 50


def notify(
    *, recipient: Membership, kind: str, key: str, title: str, path: str, at: datetime, body: str = ""
) -> None:
    """Put a line under somebody's bell, once per `key`: one that is there already stays as it is.

    `title` and `body` are in the reader's language: build them inside `in_language_of(recipient)`.
    """
    if recipient.deactivated_at is not None:
        return
    line = _line(recipient, kind=kind, key=key, title=title, path=path, at=at, body=body)
    # ON CONFLICT DO NOTHING: one statement where get_or_create takes four.
    Notification.objects.bulk_create([line], ignore_conflicts=True)


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
    for person in recipients:
        if person.deactivated_at is None:
            language = person.user.language
            if language not in titles:
                with in_language_of(person):
                    titles[language] = title_for(person)
            lines.append(_line(person, kind=kind, key=key, title=titles[language], path=path, at=at))
    Notification.objects.bulk_create(lines, ignore_conflicts=True)


def _line(
    recipient: Membership, *, kind: str, key: str, title: str, path: str, at: datetime, body: str = ""
) -> Notification:
    return Notification(
        tenant_id=recipient.tenant_id,
        recipient=recipient,
        key=key,
        kind=kind,
        title=title[:250],
        body=body[:500],
        path=path,
        created_at=at,
    )


def queue_email(
    *,
    recipient: Membership,
    kind: str,
    key: str,
    template: str,
    path: str,
    at: datetime,
    context: dict[str, Any] | None = None,
    is_secret: bool = False,
) -> None:
    """Put an email into the outbox, once per address and `key`: one that is there already stays as it is.

    `template` names `<template>.subject.txt`, `<template>.txt` and `<template>.html`, rendered now in the
    reader's language and zone with `context`, `tenant`, `recipient` and `link` (the address of `path`).
    """
    user = recipient.user
    if recipient.deactivated_at is not None or not user.is_active:
        return
    if OutboxMessage.objects.filter(tenant_id=recipient.tenant_id, to=user.email, key=key).exists():
        return
    tenant = recipient.tenant
    values = {**(context or {}), "tenant": tenant, "recipient": recipient, "link": absolute_url(tenant, path)}
    with in_language_of(recipient):
        subject = " ".join(render_to_string(f"{template}.subject.txt", values).split())
        text = render_to_string(f"{template}.txt", values).strip() + "\n"
        html = render_to_string(f"{template}.html", values)
    message = OutboxMessage(
        tenant_id=recipient.tenant_id,
        recipient=recipient,
        to=user.email,
        kind=kind,
        key=key,
        language=user.language,
        subject=subject[:250],
        body_text=text,
        body_html=html,
        is_secret=is_secret,
        message_id=f"<{uuid.uuid4().hex}@{settings.MESSAGE_ID_DOMAIN}>",
        created_at=at,
        next_attempt_at=at,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


class in_language_of:  # noqa: N801 - reads as a statement: `with in_language_of(person):`
    """Render in the language and time zone of a person."""

    def __init__(self, membership: Membership) -> None:
        user = membership.user
        self.language = translation.override(user.language)
        self.zone = timezone.override(ZoneInfo(user.time_zone))

    def __enter__(self) -> None:
        self.language.__enter__()
        self.zone.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.zone.__exit__(*error)
        self.language.__exit__(*error)


def deliver_waiting(*, now: datetime, most: int = BATCH) -> int:
    """Send what waits in the outbox of the current tenant; returns how many left.

    Each message is claimed by a row lock that ends with the transaction that records the sending: a
    worker killed on the way loses the lock with its connection and another one sends. Between the mail
    server's yes and our commit lies the one gap that SMTP leaves; the Message-ID stays the same, so that
    a mail system folds such a second copy.
    """
    sent = 0
    for _turn in range(most):
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(sent_at=None, failed_at=None, next_attempt_at__lte=now)
                .order_by("next_attempt_at", "id")
                .first()
            )
            if message is None:
                return sent
            sent += _send(message, now)
    return sent


def _send(message: OutboxMessage, now: datetime) -> int:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        to=[message.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    message.attempts = F("attempts") + 1
    try:
        mail.send()
    except Exception as error:  # any fault of a mail server is met the same way: again later
        log.warning("outbox message %s not sent: %s", message.pk, error)
        _postpone(message, error, now)
        return 0
    message.sent_at = now
    message.last_error = ""
    if message.is_secret:
        message.body_text = message.body_html = ""
    message.save()
    return 1


def _postpone(message: OutboxMessage, error: Exception, now: datetime) -> None:
    """Try again after 1, 2, 4, … minutes; give up after MOST_ATTEMPTS and say so on the outbox page."""
    message.last_error = str(error)[:1000]
    message.save()
    message.refresh_from_db(fields=["attempts"])
    if message.attempts >= MOST_ATTEMPTS:
        message.failed_at = now
    else:
        message.next_attempt_at = now + timedelta(minutes=2 ** (message.attempts - 1))
    message.save(update_fields=["failed_at", "next_attempt_at"])


def retry_failed(*, message: OutboxMessage, at: datetime) -> None:
    """Try a message that was given up again, from the beginning."""
    message.failed_at = None
    message.attempts = 0
    message.next_attempt_at = at
    message.save(update_fields=["failed_at", "attempts", "next_attempt_at"])


def mark_read(*, recipient: Membership, at: datetime, pk: int | None = None) -> int:
    """Mark one of somebody's notifications read, or all; returns how many were unread."""
    unread = Notification.objects.filter(
        Q(pk=pk) if pk is not None else Q(), recipient=recipient, read_at__isnull=True
    )
    return unread.update(read_at=at)


def beat(name: str, at: datetime) -> None:
    """Note that a sweep has come to its end; `/readyz` looks at the age."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
