"""The mails of a notice: what they say, what goes into calendars, and how long they may wait.

They are written when they leave (`LateMail`); what is decided here is who gets which of them from when on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.models import Membership
from accounts.quiet import quiet_hours_of
from maintenance.audience import listed
from maintenance.discretion import discretion_towards_customers
from maintenance.entries import all_services, invitation_of, services_for
from maintenance.lifecycle import Status
from maintenance.links import window_path
from maintenance.models import Impact, Notice, NoticeKind, Window, WindowEventKind
from maintenance.notices import INVITING, REQUESTING, key_of
from maintenance.urgency import Moment, leaves_at
from maintenance.window_reading import said, texts_of
from notifications.bulk import flush
from notifications.models import OutboxMessage
from notifications.services import LateMail, Words

KIND = "maintenance"
HEADINGS = {
    NoticeKind.ANNOUNCED: gettext_noop("Maintenance planned: %(title)s"),
    NoticeKind.REMINDER: gettext_noop("Maintenance soon: %(title)s"),
    NoticeKind.MOVED: gettext_noop("Maintenance moved: %(title)s"),
    NoticeKind.CHANGED: gettext_noop("Maintenance changed: %(title)s"),
    NoticeKind.EXTENDED: gettext_noop("Maintenance takes longer: %(title)s"),
    NoticeKind.STARTED: gettext_noop("Maintenance has started: %(title)s"),
    NoticeKind.COMPLETED: gettext_noop("Maintenance has ended: %(title)s"),
    NoticeKind.CANCELLED: gettext_noop("Maintenance cancelled: %(title)s"),
}
NOT_CONCERNED = gettext_noop("Maintenance no longer concerns you: %(title)s")
IMPACTS = {
    Impact.NONE: gettext_noop("No impact"),
    Impact.DEGRADED: gettext_noop("Degraded"),
    Impact.DOWN: gettext_noop("Down"),
}

CHANGES = {
    "title": gettext_noop("Title"),
    "services": gettext_noop("Services"),
    "impact": gettext_noop("Expected impact"),
    "summary": gettext_noop("What is done"),
    "advice": gettext_noop("What you should do"),
}


@dataclass(frozen=True)
class _Letter:
    """What all mails of one kind say, and whether they change calendars."""

    kind: str
    context: dict[str, Any]
    invites: bool


def heading_of(notice: Notice, window: Window, kind: str = "") -> Words:
    """What a notice says in one line, in the language of whoever reads it; `kind` instead of its own."""
    is_theirs_alone = notice.kind == NoticeKind.CANCELLED and window.status != Status.CANCELLED
    text = NOT_CONCERNED if is_theirs_alone else HEADINGS[NoticeKind(kind or notice.kind)]
    return Words(text, {"title": window.title})


def as_read(window: Window, people: Iterable[Membership]) -> dict[tuple[int | None, str], Window]:
    """The window as each of these people may read it, by customer and language; staff read all of it."""
    towards = discretion_towards_customers(window.tenant_id, texts_of([window]))
    found: dict[tuple[int | None, str], Window] = {}
    for person in people:
        reader = (person.customer_id, person.language)
        if person.customer_id is None:
            found[reader] = window
        elif reader not in found:
            with translation.override(person.language):
                found[reader] = said(window, towards(person.customer_id))
    return found


def letters_of(
    notice: Notice, window: Window, people: list[Membership], *, at: datetime
) -> Iterable[LateMail]:
    """A mail for each of these people, held where its reader's quiet hours may be kept."""
    services, off = services_for(window), notice.kind == NoticeKind.CANCELLED
    usual, first = _letter(notice, window, notice.kind), _first_letter(notice, window)
    unreached = _unreached(notice, people)
    promised = dict(listed(window).values_list("customer_id", "promised_hours"))
    moment, key, path = _moment(notice, window, usual), key_of(notice), window_path(window)
    windows = as_read(window, people)
    for person in people:
        own = services.get(person.customer_id, services[None])
        names = all_services(services) if person.customer_id is None else own
        letter = first if person.pk in unreached else usual
        hours = promised.get(person.customer_id) if person.customer_id is not None else None
        read = windows[person.customer_id, person.language]
        entry = invitation_of(read, names, stamped_at=at, is_cancelled=off) if letter.invites else None
        yield LateMail(
            recipient=person,
            kind=KIND,
            key=key,
            template="maintenance/email/notice",
            path=path,
            context={**letter.context, **_texts(notice, read, letter.kind), "services": names},
            invitation=entry,
            send_after=leaves_at(moment, quiet_hours_of(person), promised_hours=hours, at=at),
        )


def _letter(notice: Notice, window: Window, kind: str) -> _Letter:
    return _Letter(kind, _context(notice, window, kind), kind in INVITING)


def _first_letter(notice: Notice, window: Window) -> _Letter:
    """For somebody whose earlier mails of the window never left: nothing moved for them, and their calendar
    has no entry that could be taken out."""
    if notice.kind == NoticeKind.MOVED:
        return _letter(notice, window, NoticeKind.ANNOUNCED)
    letter = _letter(notice, window, notice.kind)
    return _Letter(letter.kind, letter.context, letter.invites and notice.kind != NoticeKind.CANCELLED)


def _unreached(notice: Notice, people: list[Membership]) -> set[int]:
    """Those of these people to whom no mail with an invitation has left, nor is about to leave."""
    if notice.kind not in (NoticeKind.MOVED, NoticeKind.CANCELLED):
        return set()
    earlier = Notice.objects.filter(window_id=notice.window_id, kind__in=REQUESTING, done_at__isnull=False)
    keys = [key_of(one) for one in earlier.exclude(pk=notice.pk).select_related("window")]
    flush()
    mails = OutboxMessage.objects.filter(
        tenant_id=notice.tenant_id, to__in={person.user.email for person in people}, key__in=keys
    )
    reached = mails.filter(cancelled_at=None, failed_at=None).values_list("recipient_id", flat=True)
    return {person.pk for person in people} - set(reached)


def _moment(notice: Notice, window: Window, letter: _Letter) -> Moment:
    starts = [window.starts_at, *letter.context["was"][:1]]
    return Moment(notice.kind, notice.hours, window.starts_at, min(starts), window.is_emergency)


def _context(notice: Notice, window: Window, kind: str) -> dict[str, Any]:
    overran = window.events.filter(kind=WindowEventKind.OVERRAN).exists()
    return {
        "kind": kind,
        "is_off": window.status == Status.CANCELLED,
        "is_emergency": window.is_emergency,
        "overran": overran and kind in (NoticeKind.EXTENDED, NoticeKind.COMPLETED),
        "impact": Words(IMPACTS[Impact(window.impact)]),
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "ended_at": window.ended_at,
        "was": _earlier_times(kind, window),
        "changed": _changed(notice, window) if kind == NoticeKind.CHANGED else [],
    }


def _texts(notice: Notice, read: Window, kind: str) -> dict[str, Any]:
    """What was typed, as the reader may read it."""
    return {
        "heading": heading_of(notice, read, kind),
        "title": read.title,
        "summary": read.summary,
        "advice": read.advice,
        "result": read.result if kind == NoticeKind.COMPLETED else "",
        "why": read.cancelled_why,
    }


def _earlier_times(kind: str, window: Window) -> list[datetime]:
    """From when to when a window was planned before it moved."""
    if kind != NoticeKind.MOVED:
        return []
    moved = window.events.filter(kind__in=(WindowEventKind.MOVED, WindowEventKind.EMERGENCY)).last()
    return [datetime.fromisoformat(instant) for instant in moved.data.get("from", [])] if moved else []


def _changed(notice: Notice, window: Window) -> list[Words]:
    """What is not as people were told before, by name."""
    earlier = Notice.objects.filter(window=window, sequence__lt=notice.sequence)
    since = earlier.aggregate(last=Max("done_at"))["last"]
    events = window.events.filter(kind=WindowEventKind.CHANGED, at__gte=since) if since else []
    names = {name for event in events for name in event.data.get("fields", [])}
    return [Words(words) for name, words in CHANGES.items() if name in names]
