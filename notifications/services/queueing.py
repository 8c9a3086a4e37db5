"""Putting into the outbox, in the transaction of what it is about; and taking out what nobody needs told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership
from notifications.addresses import target_of
from notifications.bulk import flush, insert_many
from notifications.invitations import Invitation
from notifications.models import OutboxMessage, Way
from notifications.rendering import in_language_of, letter_values, pack, write_letter

MOST_PAYLOAD = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class LateMail:
    """A mail to somebody of the desk (`user` loaded), written from `template` and `context` when it leaves.

    The language, zone and address are those that the person then has. `context` is what `rendering.pack`
    takes. Held until `send_after`, if given. An `invitation` goes with it for the reader's calendar;
    `unsubscribe` is as of an `AddressMail`.
    """

    recipient: Membership
    kind: str
    key: str
    template: str
    path: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    send_after: datetime | None = None
    invitation: Invitation | None = None
    unsubscribe: str = ""


@dataclass(frozen=True, kw_only=True)
class AddressMail:
    """A mail to a bare address, in the desk's zone and its language or `language`, written when it leaves.

    `is_secret` says that its link is for its reader alone: the outbox page never shows it. `unsubscribe` is
    a path inside the desk at which a POST without a log-in ends such mails (RFC 8058).
    """

    tenant_id: int
    address: str
    kind: str
    key: str
    template: str
    path: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    send_after: datetime | None = None
    language: str = ""
    is_secret: bool = False
    unsubscribe: str = ""


@dataclass(frozen=True, kw_only=True)
class WebhookCall:
    """A call to `url` with `payload` as JSON; `kind` is what the outbox page calls it."""

    tenant_id: int
    url: str
    payload: Mapping[str, Any]
    key: str
    kind: str = "webhook"
    send_after: datetime | None = None


Outgoing = LateMail | AddressMail | WebhookCall


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
    send_after: datetime | None = None,
) -> None:
    """Put an email into the outbox, once per address and `key`: one that is there already stays as it is.

    Held until `send_after`, if that is later than `at`.

    `template` names `<template>.subject.txt`, `<template>.txt` and `<template>.html`, rendered now in the
    reader's language and zone with `context`, `tenant`, `recipient` and `link` (the address of `path`).
    """
    user = recipient.user
    if recipient.deactivated_at is not None or not user.is_active:
        return
    with in_language_of(recipient):
        values = letter_values(context or {}, tenant=recipient.tenant, recipient=recipient, path=path)
        letter = write_letter(template, values)
    row = {
        "tenant_id": recipient.tenant_id,
        "recipient_id": recipient.pk,
        "to": user.email,
        "kind": kind,
        "key": key,
        "language": recipient.language,
        "subject": letter.subject,
        "body_text": letter.text,
        "body_html": letter.html,
        "is_secret": is_secret,
        "message_id": _message_id(),
        "send_after": send_after if send_after is not None and send_after > at else None,
        "next_attempt_at": max(at, send_after or at),
    }
    insert_many(OutboxMessage, [row], created_at=at)


def queue_many(rows: Iterable[Outgoing], *, at: datetime) -> None:
    """Put mails and calls into the outbox in one statement, each once per receiver and key.

    All belong to the desk of the current scope. Who was deactivated is told nothing. Raises TypeError for
    values that cannot wait as JSON and AddressRefused for a webhook that may not be called.
    """
    messages = [_row(row, at) for row in rows if not isinstance(row, LateMail) or _is_reached(row.recipient)]
    insert_many(OutboxMessage, messages, created_at=at)


def queue_address(
    *,
    tenant_id: int,
    address: str,
    template: str,
    context: Mapping[str, Any],
    key: str,
    at: datetime,
    kind: str = "",
    path: str = "",
    send_after: datetime | None = None,
    language: str = "",
    is_secret: bool = False,
) -> None:
    """Put a mail to a bare address into the outbox, see `AddressMail`; `kind` is else the template's name."""
    mail = AddressMail(
        tenant_id=tenant_id,
        address=address,
        kind=kind or template.rpartition("/")[2],
        key=key,
        template=template,
        path=path,
        context=context,
        send_after=send_after,
        language=language,
        is_secret=is_secret,
    )
    queue_many([mail], at=at)


def queue_webhook(
    *,
    tenant_id: int,
    url: str,
    payload: Mapping[str, Any],
    key: str,
    at: datetime,
    kind: str = "webhook",
    send_after: datetime | None = None,
) -> None:
    """Put the call of a webhook into the outbox, once per `url` and `key`. Raises AddressRefused."""
    call = WebhookCall(
        tenant_id=tenant_id, url=url, payload=payload, key=key, kind=kind, send_after=send_after
    )
    queue_many([call], at=at)


def cancel_waiting(
    *,
    at: datetime,
    why: str,
    keys: Iterable[str] = (),
    prefix: str = "",
    recipients: Collection[int] | None = None,
) -> int:
    """Take out of the outbox what has not left: the rows with these keys, or whose key begins with `prefix`.

    With `recipients` (ids of memberships) only what goes to them.

    `why` is a gettext message id, shown on the outbox page. What is leaving at this moment leaves; nobody
    waits for it. Of the desk of the current scope; returns how many.
    """
    keys = list(keys)
    if not keys and not prefix:
        return 0
    wanted = Q(key__in=keys) if keys else Q()
    if prefix:
        wanted |= Q(key__startswith=prefix)
    flush()
    with transaction.atomic():
        waiting = OutboxMessage.objects.waiting().filter(wanted).select_for_update(skip_locked=True)
        if recipients is not None:
            waiting = waiting.filter(recipient__in=recipients)
        found = list(waiting.values_list("pk", flat=True))
        if not found:
            return 0
        return OutboxMessage.objects.filter(pk__in=found).update(cancelled_at=at, cancelled_why=why[:250])


class NotGivenUp(Exception):
    """The message waits, was sent or cancelled: there is nothing to try again."""

    def words(self) -> str:
        return _("This message has not been given up, so there is nothing to try again.")


@transaction.atomic
def retry_failed(*, message: OutboxMessage, at: datetime) -> None:
    """Try a message that was given up again, from the beginning. Raises NotGivenUp."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if message.failed_at is None:
        raise NotGivenUp
    message.failed_at = None
    message.attempts = 0
    message.next_attempt_at = at
    message.save(update_fields=["failed_at", "attempts", "next_attempt_at"])


def _is_reached(person: Membership) -> bool:
    return person.deactivated_at is None and person.user.is_active


def _row(row: Outgoing, at: datetime) -> dict[str, Any]:
    shared = {
        "kind": row.kind,
        "key": row.key,
        "send_after": row.send_after,
        "next_attempt_at": max(at, row.send_after or at),
        "language": row.language if isinstance(row, AddressMail) else "",
        "is_secret": isinstance(row, AddressMail) and row.is_secret,
        "unsubscribe": "" if isinstance(row, WebhookCall) else row.unsubscribe,
    }
    if isinstance(row, WebhookCall):
        return shared | {
            "tenant_id": row.tenant_id,
            "recipient_id": None,
            "way": Way.WEBHOOK.value,
            "to": row.url,
            "template": "",
            "path": "",
            "data": _payload(row),
            "calendar": "",
            "message_id": f"evt_{uuid.uuid4().hex}",
        }
    if isinstance(row, LateMail):
        person = row.recipient
        reader = {"tenant_id": person.tenant_id, "recipient_id": person.pk, "to": person.user.email}
    else:
        reader = {"tenant_id": row.tenant_id, "recipient_id": None, "to": row.address.strip().lower()}
    return (
        shared
        | reader
        | {
            "way": Way.EMAIL.value,
            "template": row.template,
            "path": row.path,
            "data": pack(row.context),
            "calendar": pack(row.invitation.values()) if isinstance(row, LateMail) and row.invitation else "",
            "message_id": _message_id(),
        }
    )


def _payload(call: WebhookCall) -> str:
    target_of(call.url)
    payload = json.dumps(call.payload, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    if len(payload.encode()) > MOST_PAYLOAD:
        raise ValueError(f"a webhook carries at most {MOST_PAYLOAD} bytes")
    return payload


def _message_id() -> str:
    return f"<{uuid.uuid4().hex}@{settings.MESSAGE_ID_DOMAIN}>"
