"""Mails to those who follow the status page: what the page shows, as it changes.

They name nothing that the page would not name. Called in the transaction of what they tell of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Q
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.links import absolute_url, desk_path
from accounts.models import Membership, Tenant
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
from notifications.services import AddressMail, LateMail, Words, queue_many
from tickets.models import Service

OUTAGE_HEADINGS = {
    Stage.INVESTIGATING: gettext_noop("Outage, we are investigating: %(title)s"),
    Stage.IDENTIFIED: gettext_noop("Outage, the cause is known: %(title)s"),
    Stage.MONITORING: gettext_noop("Outage, we are watching the fix: %(title)s"),
    Stage.RESOLVED: gettext_noop("Outage is over: %(title)s"),
}


@dataclass(frozen=True)
class News:
    """What is mailed: a gettext message id with %(title)s, what goes with it, texts as they were typed.

    `told` are the ids of people who have a mail of it already.
    """

    tenant: Tenant
    heading: str
    context: dict[str, Any]
    texts: dict[str, str]
    key: str
    told: Collection[int]


def tell_followers_of_window(
    notice: Notice, window: Window, heading: Words, *, key: str, told: Collection[int], at: datetime
) -> int:
    """Mail what is told about a window to those who follow the page; returns to how many.

    Not to the people whose ids are in `told`: they have a mail of it. Reminders are for customers
    alone, and so is that a window no longer concerns one of them.
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
    news = News(window.tenant, heading.text, context, texts, f"{FOLLOWERS}{key}", told)
    return _tell(news, services, at=at)


def tell_followers_of_update(
    update: OutageUpdate, outage: Outage, *, told: Collection[int], at: datetime
) -> int:
    """Mail what is told about an outage to those who follow the page; returns to how many.

    Not to the people whose ids are in `told`: they have a mail of it.
    """
    tenant = Tenant.objects.get(pk=outage.tenant_id)
    context = {"started_at": outage.started_at, "ended_at": outage.ended_at}
    services = Service.objects.filter(outage_services__outage=outage).distinct()
    texts = {"title": outage.title, "text": update.text}
    key = f"status:outage:{outage.pk}:{update.pk}"
    return _tell(
        News(tenant, OUTAGE_HEADINGS[Stage(update.stage)], context, texts, key, told), services, at=at
    )


def _tell(news: News, services: Any, *, at: datetime) -> int:
    followers = [one for one in _followers(news.tenant.pk) if one.membership_id not in news.told]
    public = services.filter(is_public=True).order_by("position", "name") if followers else services.none()
    named = dict(public.values_list("pk", "name")) if followers else {}
    followers = [one for one in followers if named and _follows(one, named)]
    if not followers:
        return 0
    said = _discreet(news, {_language(follower) for follower in followers})
    queue_many(_mails(news, followers, names=list(named.values()), said=said), at=at)
    return len(followers)


def _followers(tenant_id: int) -> list[Subscriber]:
    """Addresses that follow a public page, and members of the desk who follow any."""
    public = StatusPage.objects.filter(tenant_id=tenant_id, visibility=Visibility.PUBLIC)
    off = StatusPage.objects.filter(tenant_id=tenant_id, visibility=Visibility.OFF)
    members = Membership.objects.active().filter(user__is_active=True).exclude(customer__is_active=False)
    found = Subscriber.objects.filter(tenant_id=tenant_id, confirmed_at__isnull=False, ended_at=None).filter(
        Q(Exists(public), membership=None) | Q(~Exists(off), membership__in=members)
    )
    found = found.select_related("membership__user", "membership__tenant")
    return list(found.prefetch_related("chosen").order_by("pk"))


def _language(follower: Subscriber) -> str:
    return follower.language if follower.membership is None else follower.membership.language


def _follows(follower: Subscriber, named: Collection[int]) -> bool:
    return follower.all_services or any(row.service_id in named for row in follower.chosen.all())


def _discreet(news: News, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """The texts without names that nobody may read, in each language."""
    say = discretion(news.tenant.pk, news.tenant.name)
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = {name: say(text) for name, text in news.texts.items()}
    return found


def _mails(
    news: News, followers: Iterable[Subscriber], *, names: list[str], said: dict[str, dict[str, str]]
) -> Iterator[AddressMail | LateMail]:
    for follower in followers:
        texts, end = said[_language(follower)], desk_path("end_subscription", secret_of(follower))
        choose = desk_path("subscribe_to_status") if follower.membership_id else ""
        common: dict[str, Any] = {
            "kind": "status",
            "key": news.key,
            "template": "maintenance/email/followed",
            "path": desk_path("status"),
            "context": {
                **news.context,
                **texts,
                "services": names,
                "heading": Words(news.heading, {"title": texts["title"]}),
                "end": absolute_url(news.tenant, end),
                "choose": absolute_url(news.tenant, choose) if choose else "",
            },
            "unsubscribe": end,
        }
        if follower.membership is not None:
            yield LateMail(recipient=follower.membership, **common)
        else:
            yield AddressMail(
                tenant_id=news.tenant.pk, address=follower.email, language=follower.language, **common
            )
