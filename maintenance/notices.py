"""Which notices of a window are to be given, and when: rows that a sweep finds (`maintenance.telling`).

Every plan that is announced has a number of its own (`Window.sequence`). A new plan cancels what still waits
of the one before, rows and mails alike, so nobody is reminded of a time that no longer holds.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from maintenance.models import Notice, NoticeKind, Window
from maintenance.promised import HOUR, Terms
from notifications.services import cancel_waiting

BEGUN = gettext_noop("The maintenance began before this left.")
SUPERSEDED = gettext_noop("The maintenance was planned anew before this left.")
# What puts an entry into calendars or changes it there, and what takes it out as well.
REQUESTING = (NoticeKind.ANNOUNCED, NoticeKind.MOVED, NoticeKind.CHANGED, NoticeKind.EXTENDED)
INVITING = (*REQUESTING, NoticeKind.CANCELLED)
FOLLOWERS = "status:"
"""What keys of mails to followers of the status page begin with, before the notice's own."""
LEAD = timedelta(days=14)
"""How long before an occurrence of a series people hear of it, unless a plan promises more."""


def plan_notices(window: Window, kind: NoticeKind, terms: Terms, *, at: datetime) -> datetime:
    """See to it that the window's present plan is told, as `kind`, and reminded of as each plan says.

    Who has heard of no earlier plan is told of this one as of a new window. Returns from when on it is told.
    """
    supersede(window, at=at)
    if kind == NoticeKind.MOVED and not was_told(window):
        kind = NoticeKind.ANNOUNCED
    due_at = announced_at(window, terms, at) if kind == NoticeKind.ANNOUNCED else at
    add_notice(window, kind, due_at=due_at)
    add_reminders(window, terms, after=due_at)
    return due_at


def add_reminders(window: Window, terms: Terms, *, after: datetime) -> None:
    """A reminder for each offset that a plan names, of those whose instant is still to come."""
    hours = {hours for its in terms.values() for hours in its.reminder_hours}
    for before in sorted(hours, reverse=True):
        if (reminded_at := window.starts_at - before * HOUR) > after:
            add_notice(window, NoticeKind.REMINDER, due_at=reminded_at, hours=before)


def carry_on(window: Window) -> None:
    """Give the window's plan its next number and take nothing back: what waits is told of it as it then is.

    For changes of which not everybody is told anew. The caller saves the window.
    """
    window.sequence += 1
    Notice.objects.filter(window=window).waiting().update(sequence=window.sequence)


def announce_sooner(window: Window, terms: Terms, *, at: datetime) -> None:
    """An announcement that waits leaves as soon as what plans promise now asks for."""
    waiting = Notice.objects.filter(window=window, kind=NoticeKind.ANNOUNCED).waiting()
    due_at = announced_at(window, terms, at)
    waiting.filter(due_at__gt=due_at).update(due_at=due_at)


def is_waiting(window: Window, kind: NoticeKind) -> bool:
    """A notice of this kind is still to be given."""
    return bool(Notice.objects.filter(window=window, kind=kind).waiting().exists())


def announced_at(window: Window, terms: Terms, at: datetime) -> datetime:
    """When people hear of a window: at once, or of an occurrence of a series some time before it."""
    if window.series_id is None:
        return at
    promised = max((its.notice_hours or 0 for its in terms.values()), default=0)
    # A day more than promised: a worker that stands still for an hour must not break a promise.
    return max(at, window.starts_at - max(LEAD, promised * HOUR + timedelta(days=1)))


def add_notice(window: Window, kind: NoticeKind, *, due_at: datetime, hours: int = 0) -> None:
    """A notice of the present plan, once for each kind and offset."""
    Notice.objects.get_or_create(
        tenant_id=window.tenant_id,
        window=window,
        sequence=window.sequence,
        kind=kind,
        hours=hours,
        defaults={"due_at": due_at},
    )


def supersede(window: Window, *, at: datetime) -> None:
    """Take back what waits of the plan so far: notices that were not given and mails that have not left.

    That the window no longer concerns somebody is true of every plan: who is still to hear that, hears it.
    """
    waiting = Notice.objects.filter(window=window).waiting()
    waiting.exclude(kind=NoticeKind.CANCELLED).update(cancelled_at=at)
    for prefix in ("", FOLLOWERS):
        cancel_waiting(at=at, why=SUPERSEDED, prefix=f"{prefix}{key_of_window(window)}:")


def take_back_farewells(window: Window, person_ids: Collection[int], *, at: datetime) -> None:
    """Whom the window concerns again is not told any more that it does not."""
    cancel_waiting(at=at, why=SUPERSEDED, prefix=f"{_key_of_farewells(window)}:", recipients=person_ids)


def stop_reminding(window: Window, *, at: datetime) -> None:
    """No reminder of what has begun or ended."""
    reminders = Notice.objects.filter(window=window, kind=NoticeKind.REMINDER)
    reminders.waiting().update(cancelled_at=at)
    given = reminders.filter(done_at__isnull=False).select_related("window")
    cancel_waiting(at=at, why=BEGUN, keys=[key_of(one) for one in given])


def was_told(window: Window) -> bool:
    """Somebody was told of the window."""
    return bool(Notice.objects.filter(window=window, done_at__isnull=False).exists())


def key_of_window(window: Window) -> str:
    """What the keys of all bell lines and mails of a window begin with."""
    return f"window:{window.pk}"


def key_of(notice: Notice) -> str:
    """What makes the bell lines and mails of a notice unique for each who gets one."""
    window = notice.window
    start = _key_of_farewells(window) if notice.kind == NoticeKind.CANCELLED else key_of_window(window)
    return f"{start}:{notice.sequence}:{notice.kind}:{notice.hours}"


def _key_of_farewells(window: Window) -> str:
    # Not below `key_of_window`: a new plan takes back everything that begins so.
    return f"window-off:{window.pk}"
