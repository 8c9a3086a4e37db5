"""Giving a notice: a line under the bell, a mail with its calendar entry, and a row that says who was told.

All of it is one transaction under the window's lock. A worker that dies leaves nothing of it, and the next
one gives the whole notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from accounts.humantime import short_moment
from accounts.models import Membership
from maintenance.audience import adjusted_of, keep_customers, listed
from maintenance.following import tell_followers_of_window
from maintenance.lifecycle import BLOCKING, Status
from maintenance.links import window_path
from maintenance.models import Impact, Notice, NoticeKind, NoticeTold, Window, WindowEventKind
from maintenance.notices import key_of_window
from maintenance.pauses import follow_window
from maintenance.promised import keep_promises, terms_of_window
from maintenance.readers import readers_of
from notifications.bulk import insert_many
from notifications.rendering import speaking
from notifications.services import BellLine, Invitation, LateMail, Words, notify_many, queue_many
from tickets.models import Service

KIND = "maintenance"
HEADINGS = {
    NoticeKind.ANNOUNCED: gettext_noop("Maintenance planned: %(title)s"),
    NoticeKind.REMINDER: gettext_noop("Maintenance soon: %(title)s"),
    NoticeKind.MOVED: gettext_noop("Maintenance moved: %(title)s"),
    NoticeKind.EXTENDED: gettext_noop("Maintenance takes longer: %(title)s"),
    NoticeKind.STARTED: gettext_noop("Maintenance has started: %(title)s"),
    NoticeKind.COMPLETED: gettext_noop("Maintenance is done: %(title)s"),
    NoticeKind.CANCELLED: gettext_noop("Maintenance cancelled: %(title)s"),
}
NOT_CONCERNED = gettext_noop("Maintenance no longer concerns you: %(title)s")
FROM_TO = gettext_noop("%(start)s to %(end)s")
IMPACTS = {
    Impact.NONE: gettext_noop("No impact"),
    Impact.DEGRADED: gettext_noop("Degraded"),
    Impact.DOWN: gettext_noop("Down"),
}
INVITING = (NoticeKind.ANNOUNCED, NoticeKind.MOVED, NoticeKind.EXTENDED, NoticeKind.CANCELLED)


def give_notice(notice: Notice, window: Window, *, at: datetime) -> int:
    """Tell everybody whom the notice concerns; returns how many. The caller holds the window's lock."""
    _bring_up_to_date(notice, window, at)
    people = readers_of(notice, window, at=at)
    _note(notice, people, at)
    notify_many(_lines(notice, window, people, at), at=at)
    queue_many(_letters(notice, window, people, at), at=at)
    tell_followers_of_window(notice, window, heading_of(notice, window), key=key_of(notice), at=at)
    notice.done_at = at
    notice.save(update_fields=["done_at"])
    return len(people)


def key_of(notice: Notice) -> str:
    """What makes the bell lines and mails of a notice unique for each who gets one."""
    return f"{key_of_window(notice.window)}:{notice.sequence}:{notice.kind}:{notice.hours}"


def heading_of(notice: Notice, window: Window) -> Words:
    """What a notice says in one line, in the language of whoever reads it."""
    is_theirs_alone = notice.kind == NoticeKind.CANCELLED and window.status != Status.CANCELLED
    text = NOT_CONCERNED if is_theirs_alone else HEADINGS[NoticeKind(notice.kind)]
    return Words(text, {"title": window.title})


def invitation_of(
    window: Window, services: Iterable[str], *, stamped_at: datetime, is_cancelled: bool = False
) -> Invitation:
    """The window as an entry for the calendar of somebody who may know of these services."""
    paragraphs = [", ".join(services), window.summary.strip(), window.advice.strip()]
    return Invitation(
        uid=uid_of(window),
        sequence=window.sequence,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        stamped_at=stamped_at,
        summary=window.title,
        description="\n\n".join(filter(None, paragraphs)),
        is_cancelled=is_cancelled,
    )


def uid_of(window: Window) -> str:
    """The identity of the window in people's calendars, for good."""
    return f"{window.uid}@maintenance"


def services_for(window: Window) -> dict[int | None, list[str]]:
    """The names of the window's services by who may know of them: under None those that all share, and under
    a customer's id these and its own."""
    services = list(Service.objects.filter(window_services__window=window).order_by("position", "name"))
    owners = {service.customer_id for service in services} | {None}
    return {
        owner: [service.name for service in services if service.customer_id in (None, owner)]
        for owner in owners
    }


def _bring_up_to_date(notice: Notice, window: Window, at: datetime) -> None:
    """Companies that came since are concerned too; what was not told of yet is told now."""
    if window.status not in BLOCKING:
        return
    adjusted = adjusted_of(window)
    new = keep_customers(window, added=adjusted.added, left_out=adjusted.left_out)
    if new:
        _customers, terms = terms_of_window(window, at)
        keep_promises(window, terms, told_at=at, only=new)
    if notice.kind in (NoticeKind.ANNOUNCED, NoticeKind.MOVED):
        listed(window).filter(told_at=None).update(told_at=at)
        if window.told_at is None:
            window.told_at = at
            window.save(update_fields=["told_at"])
            follow_window(window=window, at=at)


def _note(notice: Notice, people: list[Membership], at: datetime) -> None:
    rows = [
        {
            "tenant_id": notice.tenant_id,
            "notice_id": notice.pk,
            "person_id": person.pk,
            "customer_id": person.customer_id,
        }
        for person in people
    ]
    insert_many(NoticeTold, rows, at=at)


def _lines(notice: Notice, window: Window, people: list[Membership], at: datetime) -> Iterable[BellLine]:
    heading, path, key = heading_of(notice, window), window_path(window), key_of(notice)
    bodies: dict[tuple[str, str], str] = {}
    for person in people:
        reader = (person.user.language, person.user.time_zone)
        if reader not in bodies:
            with speaking(*reader):
                bodies[reader] = _period(window, at)
        yield BellLine(recipient=person, kind=KIND, key=key, title=heading, body=bodies[reader], path=path)


def _period(window: Window, at: datetime) -> str:
    start, end = (short_moment(instant, now=at) for instant in (window.starts_at, window.ends_at))
    return str(Words(FROM_TO, {"start": start, "end": end}))


def _letters(notice: Notice, window: Window, people: list[Membership], at: datetime) -> Iterable[LateMail]:
    context, path, key = _context(notice, window), window_path(window), key_of(notice)
    services = services_for(window)
    is_cancelled = notice.kind == NoticeKind.CANCELLED
    for person in people:
        names = _all_services(services) if person.customer_id is None else services.get(person.customer_id)
        names = services[None] if names is None else names
        invitation = invitation_of(window, names, stamped_at=at, is_cancelled=is_cancelled)
        yield LateMail(
            recipient=person,
            kind=KIND,
            key=key,
            template="maintenance/email/notice",
            path=path,
            context={**context, "services": names},
            invitation=invitation if notice.kind in INVITING else None,
        )


def _all_services(services: dict[int | None, list[str]]) -> list[str]:
    """For staff."""
    return list(dict.fromkeys(name for names in services.values() for name in names))


def _context(notice: Notice, window: Window) -> dict[str, Any]:
    overran = window.events.filter(kind=WindowEventKind.OVERRAN).exists()
    return {
        "heading": heading_of(notice, window),
        "kind": notice.kind,
        "is_off": window.status == Status.CANCELLED,
        "is_emergency": window.is_emergency,
        "overran": overran and notice.kind in (NoticeKind.EXTENDED, NoticeKind.COMPLETED),
        "title": window.title,
        "impact": Words(IMPACTS[Impact(window.impact)]),
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "ended_at": window.ended_at,
        "was": _earlier_times(notice, window),
        "summary": window.summary,
        "advice": window.advice,
        "why": window.cancelled_why,
    }


def _earlier_times(notice: Notice, window: Window) -> list[datetime]:
    """From when to when a window was planned before it moved."""
    if notice.kind != NoticeKind.MOVED:
        return []
    moved = window.events.filter(kind__in=(WindowEventKind.MOVED, WindowEventKind.EMERGENCY)).last()
    return [datetime.fromisoformat(instant) for instant in moved.data.get("from", [])] if moved else []
