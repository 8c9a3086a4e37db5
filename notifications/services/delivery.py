"""Delivering what waits in the outbox.

Each message is claimed by a row lock that ends with the transaction that records what became of it: a worker
killed on the way loses the lock with its connection and another one sends. Between the other side's yes and
our commit lies the one gap that no protocol closes; Message-ID and Idempotency-Key stay the same, so that the
other side can tell such a second copy.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.links import absolute_url, sender_of
from notifications.invitations import write_invitation
from notifications.models import OutboxMessage, Way
from notifications.querysets import OutboxQuerySet
from notifications.rendering import Letter, letter_values, speaking, unpack, write_letter
from notifications.services.secrets import webhook_secrets_of
from notifications.webhooks import Answer, Call, call_webhook

log = logging.getLogger(__name__)

BATCH = 50
# Minutes until the next attempt; after the last one a message is given up.
MAIL_DELAYS = (1, 2, 4, 8, 16, 32, 64)
WEBHOOK_DELAYS = (1, 5, 15, 45, 120, 240, 480, 720)
# Calls that one sweep makes at a time, and how long it goes on starting them: a desk whose receiver hangs
# must not keep a worker from the clocks.
CALLS_AT_ONCE = 10
CALLING_SECONDS = 20
GONE = gettext_noop("The recipient no longer has access to this desk.")


def deliver_waiting(*, now: datetime, most: int = BATCH) -> int:
    """Send what waits in the outbox of the current tenant, mails first; returns how many left."""
    return deliver_mails(now=now, most=most) + deliver_webhooks(now=now, most=most)


def deliver_mails(*, now: datetime, most: int = BATCH) -> int:
    """Send the mails that are due in the current tenant, each in a transaction of its own."""
    sent = 0
    for _turn in range(most):
        with transaction.atomic():
            message = _due(now, Way.EMAIL).first()
            if message is None:
                return sent
            sent += _send(message, now)
    return sent


def deliver_webhooks(*, now: datetime, most: int = BATCH, until: float | None = None) -> int:
    """Make the calls that are due in the current tenant, some at a time; none after `until` (monotonic).

    The calls of one turn share a transaction, which ends when the slowest has ended, 15 seconds at the most.
    """
    until = time.monotonic() + CALLING_SECONDS if until is None else until
    sent = 0
    while most > 0 and time.monotonic() < until:
        with transaction.atomic():
            messages = list(_due(now, Way.WEBHOOK)[: min(most, CALLS_AT_ONCE)])
            if not messages:
                return sent
            secrets = webhook_secrets_of(messages[0].tenant_id, at=now)
            for message, answer in zip(messages, _call_all(messages, secrets, now), strict=True):
                sent += _record_answer(message, answer, now)
        most -= len(messages)
    return sent


def _due(now: datetime, way: Way) -> OutboxQuerySet:
    """What is due and nobody else is sending, locked."""
    rows = OutboxMessage.objects.waiting().filter(way=way, next_attempt_at__lte=now)
    rows = rows.select_related("tenant", "recipient__user")
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at", "id")


def _send(message: OutboxMessage, now: datetime) -> int:
    """Write, if it is to be written late, and send one mail; 1 if it left."""
    person = message.recipient
    if person is not None and (person.deactivated_at or not person.user.is_active):
        message.cancelled_at, message.cancelled_why = now, GONE
        message.save()
        return 0
    message.attempts += 1
    if message.template and not _write(message, now):
        return 0
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        from_email=sender_of(message.tenant),
        to=[message.to],
        headers=_headers(message),
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    try:
        if message.calendar:
            _invite(mail, message)
        mail.send()
    except Exception as error:  # any fault of a mail server is met the same way: again later
        log.warning("outbox message %s not sent: %s", message.pk, error)
        _try_later(message, MAIL_DELAYS, str(error), now)
        return 0
    message.sent_at, message.last_error = now, ""
    if message.is_secret:
        message.body_text = message.body_html = message.data = message.path = ""
        message.unsubscribe = ""
    message.save()
    return 1


def _headers(message: OutboxMessage) -> dict[str, str]:
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if message.unsubscribe:
        # Mail programs draw a button from these and press it without asking anybody to log in.
        headers["List-Unsubscribe"] = f"<{absolute_url(message.tenant, message.unsubscribe)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _invite(mail: EmailMultiAlternatives, message: OutboxMessage) -> None:
    """Put the entry for the reader's calendar beside the text, and once more as a file.

    Calendar programs act on the alternative; mail programs that know nothing of it show the file.
    """
    with speaking(message.language, message.tenant.time_zone):
        method, text = write_invitation(
            unpack(message.calendar),
            sender=settings.DEFAULT_FROM_EMAIL,
            sender_name=message.tenant.sender,
            reader=message.to,
            url=absolute_url(message.tenant, message.path),
        )
    mail.attach_alternative(text, f"text/calendar; method={method}")
    mail.attach("invite.ics", text.encode(), "application/ics")


def _write(message: OutboxMessage, now: datetime) -> bool:
    """Write a late mail into its row; one that cannot be written is set aside with its error, at once."""
    before = message.to
    try:
        with (
            transaction.atomic()
        ):  # neither a template that asks the database nor its text may spoil the claim
            letter = letter_of(message)
            message.subject, message.body_text, message.body_html = letter.subject, letter.text, letter.html
            message.language = _language_of(message)
            if message.recipient is not None:
                message.to = message.recipient.user.email
            message.save()
    except Exception as error:
        log.exception("outbox message %s cannot be written", message.pk)
        message.to, message.failed_at = before, now
        message.subject = message.body_text = message.body_html = ""
        message.last_error = f"{type(error).__name__}: {error}".replace("\0", "")[:1000]
        message.save()
        return False
    return True


def letter_of(message: OutboxMessage) -> Letter:
    """A late mail as it would be written now, for its reader: language and zone are theirs, or the desk's.

    A bare address may have a language of its own.
    """
    reader = message.recipient.user if message.recipient is not None else message.tenant
    values = letter_values(
        unpack(message.data), tenant=message.tenant, recipient=message.recipient, path=message.path
    )
    with speaking(_language_of(message), reader.time_zone):
        return write_letter(message.template, values)


def _language_of(message: OutboxMessage) -> str:
    """The reader's, or that of a bare address, as far as the desk offers it; else the desk's own."""
    wanted = message.recipient.user.language if message.recipient is not None else message.language
    return message.tenant.language_for(wanted)


def _call_all(messages: Sequence[OutboxMessage], secrets: tuple[str, ...], now: datetime) -> list[Answer]:
    """Make the calls side by side; the threads never touch the database."""
    calls = [
        Call(
            url=message.to,
            body=message.data.encode(),
            event_id=message.message_id,
            secrets=secrets,
            at=int(now.timestamp()),
        )
        for message in messages
    ]
    with ThreadPoolExecutor(max_workers=CALLS_AT_ONCE) as pool:
        return list(pool.map(call_webhook, calls))


def _record_answer(message: OutboxMessage, answer: Answer, now: datetime) -> int:
    message.attempts += 1
    message.response_status = answer.status
    if answer.is_taken:
        message.sent_at, message.last_error = now, ""
        message.save()
        return 1
    log.warning("webhook %s not taken: %s", message.pk, answer.error)
    _try_later(message, () if answer.is_final else WEBHOOK_DELAYS, answer.error, now)
    return 0


def _try_later(message: OutboxMessage, delays: Sequence[int], error: str, now: datetime) -> None:
    """Try again after as many minutes as `delays` say; give up after the last of them."""
    message.last_error = error[:1000]
    if message.attempts > len(delays):
        message.failed_at = now
    else:
        message.next_attempt_at = now + timedelta(minutes=delays[message.attempts - 1])
    message.save()
