"""Following the status page by email: asked for, confirmed by the reader (double opt-in), ended.

The secret in a subscriber's links is made from the installation's key and kept nowhere, so that every mail
can carry the link that ends it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from accounts.links import desk_path
from accounts.models import Tenant
from accounts.services import hash_token
from maintenance.models import StatusPage, Subscriber, Visibility
from notifications.services import queue_address

ASK_AGAIN_AFTER = timedelta(hours=1)
CONFIRM_WITHIN = timedelta(days=3)


class NotPublic(Exception):
    """Only a page that everybody may read can be followed by email."""


class LinkExpired(Exception):
    """The link was never ours, belongs to an ended subscription, or was not opened in time."""


def subscribe(*, tenant: Tenant, email: str, language: str, at: datetime) -> None:
    """Ask an address whether it wants mails about outages and maintenance, once an hour at the most.

    Who follows already gets no second mail, and nobody is told so. Raises NotPublic.
    """
    if not StatusPage.objects.filter(tenant_id=tenant.pk, visibility=Visibility.PUBLIC).exists():
        raise NotPublic
    subscriber = _waiting(tenant, email.strip().lower(), language, at)
    if subscriber is None:
        return
    queue_address(
        tenant_id=tenant.pk,
        address=subscriber.email,
        template="maintenance/email/confirm",
        kind="status_confirm",
        key=f"status-confirm:{subscriber.pk}:{subscriber.asked_at:%Y%m%d%H%M}",
        path=desk_path("confirm_subscription", secret_of(subscriber)),
        context={"hours": int(CONFIRM_WITHIN.total_seconds()) // 3600},
        at=at,
        language=subscriber.language,
        is_secret=True,
    )


def _waiting(tenant: Tenant, email: str, language: str, at: datetime) -> Subscriber | None:
    """The subscriber who is to be asked now, None if there is nothing to ask."""
    with transaction.atomic():
        found = Subscriber.objects.select_for_update().filter(
            tenant_id=tenant.pk, email__iexact=email, ended_at=None, membership=None
        )
        subscriber = found.first()
        if subscriber is not None:
            if subscriber.confirmed_at is not None or at - subscriber.asked_at < ASK_AGAIN_AFTER:
                return None
            subscriber.asked_at, subscriber.language = at, language
            subscriber.token_hash = hash_token(secret_of(subscriber))
            subscriber.save()
            return subscriber
    subscriber = Subscriber(
        tenant_id=tenant.pk, email=email, language=language, time_zone=tenant.time_zone, asked_at=at
    )
    subscriber.token_hash = hash_token(secret_of(subscriber))
    try:
        with transaction.atomic():
            subscriber.save()
    except IntegrityError:  # the same form, sent twice at once
        return None
    return subscriber


def secret_of(subscriber: Subscriber) -> str:
    """The secret in the links of a subscriber, another one each time that it is asked."""
    about = f"{subscriber.tenant_id}:{subscriber.email}:{subscriber.asked_at.timestamp():.6f}"
    return salted_hmac("maintenance.subscriber", about, algorithm="sha256").hexdigest()


def subscriber_of(secret: str, *, tenant: Tenant, at: datetime) -> Subscriber:
    """Whose link it is. Raises LinkExpired."""
    subscriber = Subscriber.objects.filter(
        tenant_id=tenant.pk, token_hash=hash_token(secret), ended_at=None
    ).first()
    if subscriber is None:
        raise LinkExpired
    if subscriber.confirmed_at is None and at - subscriber.asked_at > CONFIRM_WITHIN:
        raise LinkExpired
    return subscriber


def confirm_subscription(*, secret: str, tenant: Tenant, at: datetime) -> Subscriber:
    """The reader of the address wants the mails; confirming twice is the same. Raises LinkExpired."""
    subscriber = subscriber_of(secret, tenant=tenant, at=at)
    if subscriber.confirmed_at is None:
        subscriber.confirmed_at = at
        subscriber.save(update_fields=["confirmed_at"])
    return subscriber


def end_subscription(*, secret: str, tenant: Tenant, at: datetime) -> None:
    """The address gets no more mails; the row tells until when it did. Raises LinkExpired."""
    subscriber = subscriber_of(secret, tenant=tenant, at=at)
    subscriber.ended_at = at
    subscriber.save(update_fields=["ended_at"])


def forget_unconfirmed(*, at: datetime) -> int:
    """Remove addresses of the current desk that were never confirmed in time; returns how many."""
    late = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=at - CONFIRM_WITHIN)
    return late.delete()[0]
