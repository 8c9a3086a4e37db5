"""Giving a notice: a line under the bell, a mail with its calendar entry, and a row that says who was told.

All of it is one transaction under the window's lock. A worker that dies leaves nothing of it, and the next
one gives the whole notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.humantime import short_moment
from accounts.models import Membership
from maintenance.audience import adjusted_of, keep_customers, listed
from maintenance.following import tell_followers_of_window
from maintenance.letters import KIND, as_read, heading_of, letters_of
from maintenance.lifecycle import BLOCKING, Status
from maintenance.links import window_path
from maintenance.models import Notice, NoticeKind, NoticeTold, Window
from maintenance.notices import REQUESTING, add_notice, key_of, take_back_farewells, was_told
from maintenance.pauses import follow_window
from maintenance.promised import HOUR, promise_newcomers
from maintenance.readers import newcomers_of, readers_of
from notifications.bulk import insert_many
from notifications.rendering import speaking
from notifications.services import BellLine, Words, notify_many, queue_many

FROM_TO = gettext_noop("%(start)s to %(end)s")


def give_notice(notice: Notice, window: Window, *, at: datetime) -> int:
    """Tell everybody whom the notice concerns; returns how many. The caller holds the window's lock."""
    _bring_up_to_date(notice, window, at)
    people = readers_of(notice, window, at=at)
    _tell(notice, window, people, at)
    if notice.kind != NoticeKind.ANNOUNCED or not was_told(window):  # else it is for those who came to it
        tell_followers_of_window(
            notice,
            window,
            heading_of(notice, window),
            key=key_of(notice),
            told={person.pk for person in people},
            at=at,
        )
    notice.done_at = at
    notice.save(update_fields=["done_at"])
    return len(people)


def welcome(window: Window, *, at: datetime) -> int:
    """Tell whoever came since the window was announced, as those who were there were told; returns how many.

    Companies that came are concerned from now on. Once work has begun nobody is invited any more: their pages
    say what goes on. The caller holds the window's lock.
    """
    if window.status not in BLOCKING or window.told_at is None or _is_about_to_be_told(window):
        return 0
    _take_up_companies(window, at)
    if window.status != Status.SCHEDULED or window.starts_at <= at:
        return 0
    notice, _is_new = Notice.objects.get_or_create(
        tenant_id=window.tenant_id,
        window=window,
        sequence=window.sequence,
        kind=NoticeKind.ANNOUNCED,
        hours=0,
        defaults={"due_at": at, "done_at": at},
    )
    notice.window = window
    known = set(NoticeTold.objects.filter(notice=notice).values_list("person_id", flat=True))
    people = [person for person in newcomers_of(window) if person.pk not in known]
    _tell(notice, window, people, at)
    listed(window).filter(told_at=None).update(told_at=at)
    return len(people)


def _tell(notice: Notice, window: Window, people: list[Membership], at: datetime) -> None:
    _note(notice, people, at)
    notify_many(_lines(notice, window, people, at), at=at)
    if notice.kind in REQUESTING:
        take_back_farewells(window, [person.pk for person in people], at=at)
    queue_many(letters_of(notice, window, people, at=at), at=at)


def _is_about_to_be_told(window: Window) -> bool:
    waiting = Notice.objects.filter(window=window, kind__in=REQUESTING).waiting()
    return bool(waiting.exists())


def _bring_up_to_date(notice: Notice, window: Window, at: datetime) -> None:
    """Companies that came since are concerned too; what was not told of yet is told now."""
    if window.status not in BLOCKING:
        return
    _take_up_companies(window, at)
    if notice.kind in (NoticeKind.ANNOUNCED, NoticeKind.MOVED):
        listed(window).filter(told_at=None).update(told_at=at)
        if window.told_at is None:
            window.told_at = at
            window.save(update_fields=["told_at"])
            follow_window(window=window, at=at)


def _take_up_companies(window: Window, at: datetime) -> None:
    """Put companies that came since onto the window's list, with what their plans promise and remind of."""
    adjusted = adjusted_of(window)
    new = keep_customers(window, added=adjusted.added, left_out=adjusted.left_out)
    if not new:
        return
    terms = promise_newcomers(window, new, at=at)
    for hours in {hours for its in terms.values() for hours in its.reminder_hours}:
        if (reminded_at := window.starts_at - hours * HOUR) > at:
            add_notice(window, NoticeKind.REMINDER, due_at=reminded_at, hours=hours)


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
    windows, path, key = as_read(window, people), window_path(window), key_of(notice)
    bodies: dict[tuple[str, str], str] = {}
    for person in people:
        reader = (person.language, person.user.time_zone)
        if reader not in bodies:
            with speaking(*reader):
                bodies[reader] = _period(window, at)
        heading = heading_of(notice, windows[person.customer_id, person.language])
        yield BellLine(recipient=person, kind=KIND, key=key, title=heading, body=bodies[reader], path=path)


def _period(window: Window, at: datetime) -> str:
    start, end = (short_moment(instant, now=at) for instant in (window.starts_at, window.ends_at))
    return str(Words(FROM_TO, {"start": start, "end": end}))
