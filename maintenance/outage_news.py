"""Telling customers of outages: when one begins, how it goes on, and when it is over for them.

Told are the active people of the customers that use a service which is hit. A beginning and an end stand
under the bell and go by mail, at once: this is what quiet hours are not kept for. What is told between stands
under the bell; who wants all of it by mail follows the status page. Called in the transaction of what it
tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.links import desk_path
from accounts.models import Membership
from maintenance.audience import customers_concerned
from maintenance.discretion import Discreet, discretion_towards_customers
from maintenance.models import Outage, OutageService, OutageUpdate
from maintenance.services.outage_periods import Turn
from notifications.rendering import speaking
from notifications.services import BellLine, LateMail, Words, notify_many, queue_many

KIND = "outage"
OPENED = gettext_noop("Outage: %(title)s")
WORSE = gettext_noop("Outage got worse: %(title)s")
UPDATED = gettext_noop("Outage, update: %(title)s")
OVER = gettext_noop("Outage is over: %(title)s")
# The shortest that still says what it is about; the whole stands on the page.
MOST_BODY = 240
AS_LISTED = ("service__position", "service__name")

Said = dict[tuple[int | None, str], tuple[str, str]]
"""Title and text by the reader's customer and language."""


@dataclass(frozen=True)
class News:
    """What is told, to whom; `heading` is a gettext message id with %(title)s, `key` makes it unique."""

    outage: Outage
    heading: str
    text: str
    key: str
    readers: list[Membership]
    by_mail: bool = True


def tell_opened(outage: Outage, *, at: datetime) -> set[int]:
    """Tell those who use what is hit now; who has heard of this outage is not told again.

    Returns the ids of the people who have a mail of it, as the others here do.
    """
    first = outage.updates.order_by("at", "pk").values_list("text", flat=True).first()
    readers = _people(_customers(_hit(outage)))
    return _tell(News(outage, OPENED, first or "", _key_of_opening(outage), readers), at=at)


def tell_update(update: OutageUpdate, outage: Outage, turned: Turn, *, at: datetime) -> set[int]:
    """Tell those who use what is still hit, by mail where it got worse for them.

    Whom it hits for the first time hears that it began; for those who use of it only what works again it is
    over.
    """
    still = _customers(_hit(outage))
    worse = _customers(turned.worse)
    new = worse - _customers(turned.known) if worse else worse
    over = _customers(turned.recovered) - still
    news = [
        _news_of(update, outage, UPDATED, still - worse, by_mail=False),
        _news_of(update, outage, WORSE, worse - new),
        replace(_news_of(update, outage, OPENED, new), key=_key_of_opening(outage)),
        _news_of(update, outage, OVER, over),
    ]
    return set().union(*(_tell(one, at=at) for one in news))


def tell_over(update: OutageUpdate, outage: Outage, *, services: Collection[int], at: datetime) -> set[int]:
    """Tell those who use the `services` that were hit until the end."""
    return _tell(_news_of(update, outage, OVER, _customers(services)), at=at)


def _news_of(
    update: OutageUpdate, outage: Outage, heading: str, customers: set[int], *, by_mail: bool = True
) -> News:
    key = f"outage:{outage.pk}:{update.pk}"
    return News(outage, heading, update.text, key, _people(customers), by_mail)


def _key_of_opening(outage: Outage) -> str:
    return f"outage:{outage.pk}:opened"


def _hit(outage: Outage) -> list[int]:
    rows = OutageService.objects.filter(outage=outage, ended_at=None)
    return list(rows.values_list("service_id", flat=True))


def _customers(service_ids: Collection[int]) -> set[int]:
    return {customer.pk for customer in customers_concerned(service_ids)} if service_ids else set()


def _people(customers: set[int]) -> list[Membership]:
    if not customers:
        return []
    people = Membership.objects.active().filter(user__is_active=True, customer_id__in=customers)
    return list(people.select_related("user", "tenant").order_by("pk"))


def _tell(news: News, *, at: datetime) -> set[int]:
    if not news.readers:
        return set()
    outage, path = news.outage, desk_path("outage", news.outage.pk)
    towards = discretion_towards_customers(outage.tenant_id, [outage.title, news.text])
    said = _said(news, towards)
    notify_many(_lines(news, said, path), at=at)
    if not news.by_mail:
        return set()
    queue_many(_letters(news, said, path), at=at)
    return {person.pk for person in news.readers}


def _said(news: News, towards: Callable[[int | None], Discreet]) -> Said:
    found: Said = {}
    for person in news.readers:
        reader = (person.customer_id, person.language)
        if reader not in found:
            say = towards(person.customer_id)
            with speaking(person.language, person.user.time_zone):
                found[reader] = (say(news.outage.title), say(news.text))
    return found


def _lines(news: News, said: Said, path: str) -> Iterator[BellLine]:
    for person in news.readers:
        title, text = said[person.customer_id, person.language]
        heading = Words(news.heading, {"title": title})
        yield BellLine(
            recipient=person, kind=KIND, key=news.key, title=heading, body=text[:MOST_BODY], path=path
        )


def _letters(news: News, said: Said, path: str) -> Iterator[LateMail]:
    outage = news.outage
    hits = list(OutageService.objects.filter(outage=outage).select_related("service").order_by(*AS_LISTED))
    for person in news.readers:
        title, text = said[person.customer_id, person.language]
        mine = [hit for hit in hits if hit.service.customer_id in (None, person.customer_id)]
        ends = [hit.ended_at for hit in mine if hit.ended_at is not None]
        is_over = news.heading == OVER
        yield LateMail(
            recipient=person,
            kind=KIND,
            key=news.key,
            template="maintenance/email/outage",
            path=path,
            context={
                "heading": Words(news.heading, {"title": title}),
                "services": list(dict.fromkeys(hit.service.name for hit in mine)),
                "started_at": outage.started_at,
                "ended_at": max(ends) if is_over and ends else None,
                "text": text,
                "is_over": is_over,
            },
        )
