"""Mails to those who follow the public status page: what the page shows, as it changes.

They name nothing that the page would not name. Called in the transaction of what they tell of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.links import absolute_url, desk_path
from accounts.models import Tenant
from maintenance.discretion import discretion
from maintenance.lifecycle import Status
from maintenance.models import (
    Notice,
    NoticeKind,
    Outage,
    OutageUpdate,
    Stage,
    StatusPage,
    Subscriber,
    Visibility,
    Window,
)
from maintenance.notices import FOLLOWERS
from maintenance.services.subscribers import secret_of
from notifications.services import AddressMail, Words, queue_many
from tickets.models import Service

OUTAGE_HEADINGS = {
    Stage.INVESTIGATING: gettext_noop("Outage, we are investigating: %(title)s"),
    Stage.IDENTIFIED: gettext_noop("Outage, the cause is known: %(title)s"),
    Stage.MONITORING: gettext_noop("Outage, we are watching the fix: %(title)s"),
    Stage.RESOLVED: gettext_noop("Outage is over: %(title)s"),
}


def tell_followers_of_window(
    notice: Notice, window: Window, heading: Words, *, key: str, at: datetime
) -> int:
    """Mail what is told about a window to those who follow the page; returns to how many.

    Reminders are for customers alone, and so is that a window no longer concerns one of them.
    """
    is_for_one = notice.kind == NoticeKind.CANCELLED and window.status != Status.CANCELLED
    if notice.kind == NoticeKind.REMINDER or is_for_one:
        return 0
    context = {
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "is_over": notice.kind in (NoticeKind.COMPLETED, NoticeKind.CANCELLED),
    }
    services = Service.objects.filter(window_services__window=window)
    text = window.result if notice.kind == NoticeKind.COMPLETED and window.result else window.summary
    texts = {"title": window.title, "text": text, "advice": window.advice}
    return _tell(window.tenant, services, heading.text, context, texts, key=f"{FOLLOWERS}{key}", at=at)


def tell_followers_of_update(update: OutageUpdate, outage: Outage, *, at: datetime) -> int:
    """Mail what is told about an outage to those who follow the page; returns to how many."""
    tenant = Tenant.objects.get(pk=outage.tenant_id)
    context = {"started_at": outage.started_at, "ended_at": outage.ended_at}
    services = Service.objects.filter(outage_services__outage=outage).distinct()
    texts = {"title": outage.title, "text": update.text}
    key = f"status:outage:{outage.pk}:{update.pk}"
    return _tell(tenant, services, OUTAGE_HEADINGS[Stage(update.stage)], context, texts, key=key, at=at)


def _tell(
    tenant: Tenant,
    services: Any,
    heading: str,
    context: dict[str, Any],
    texts: dict[str, str],
    *,
    key: str,
    at: datetime,
) -> int:
    followers = list(_followers(tenant.pk))
    public = services.filter(is_public=True).order_by("position", "name") if followers else services.none()
    names = list(public.values_list("name", flat=True)) if followers else []
    if not names:
        return 0
    said = _discreet(tenant, texts, {follower.language for follower in followers})
    context = {**context, "services": names}
    queue_many(_mails(tenant, followers, heading, context=context, said=said, key=key), at=at)
    return len(followers)


def _followers(tenant_id: int) -> Iterable[Subscriber]:
    page = StatusPage.objects.filter(tenant_id=tenant_id, visibility=Visibility.PUBLIC)
    return Subscriber.objects.filter(
        Exists(page), tenant_id=tenant_id, confirmed_at__isnull=False, ended_at=None
    ).order_by("pk")


def _discreet(tenant: Tenant, texts: dict[str, str], languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """The texts without names that nobody may read, in each language."""
    say = discretion(tenant.pk, tenant.name)
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = {name: say(text) for name, text in texts.items()}
    return found


def _mails(
    tenant: Tenant,
    followers: Iterable[Subscriber],
    heading: str,
    *,
    context: dict[str, Any],
    said: dict[str, dict[str, str]],
    key: str,
) -> Iterator[AddressMail]:
    for follower in followers:
        texts = said[follower.language]
        end = desk_path("end_subscription", secret_of(follower))
        yield AddressMail(
            tenant_id=tenant.pk,
            address=follower.email,
            kind="status",
            key=key,
            template="maintenance/email/followed",
            path=desk_path("status"),
            context={
                **context,
                **texts,
                "heading": Words(heading, {"title": texts["title"]}),
                "end": absolute_url(tenant, end),
            },
            language=follower.language,
            unsubscribe=end,
        )
