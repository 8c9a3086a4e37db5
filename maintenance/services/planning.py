"""Intentions about when: schedule, move, extend, cancel. Each is a plan that people are told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from maintenance.audience import adjusted_of, keep_customers
from maintenance.banner import look_again
from maintenance.lifecycle import Status
from maintenance.models import NoticeKind, Window, WindowEventKind
from maintenance.notices import add_notice, plan_notices, supersede, was_told
from maintenance.pauses import follow_window
from maintenance.permissions import can_declare_emergency
from maintenance.promised import Terms, breaches_of, keep_promises, terms_of_window
from maintenance.services.errors import (
    EmergencyNeedsReason,
    EndsBeforeStart,
    NotAllowed,
    NoticeTooShort,
    ReasonNeeded,
    StartsInThePast,
)
from maintenance.services.history import lock_window, save_window, write_event
from maintenance.services.periods import block, free

PLAN = (
    "starts_at",
    "ends_at",
    "sequence",
    "told_at",
    "overran_at",
    "is_emergency",
    "emergency_reason",
    "emergency_by",
)


@transaction.atomic
def schedule_window(
    *, window: Window, by: Membership | None, at: datetime, emergency_reason: str = ""
) -> Window:
    """Announce a draft. With an `emergency_reason` the notice that plans promise is skipped, and kept why.

    Raises NotAllowed, WrongStatus, StartsInThePast, NoticeTooShort, EmergencyNeedsReason, ServiceTaken.
    """
    window = lock_window(window, by, (Status.DRAFT,))
    terms = _check_plan(window, by, at, emergency_reason)
    window.status = Status.SCHEDULED
    save_window(window, "status")
    kind = WindowEventKind.EMERGENCY if window.is_emergency else WindowEventKind.SCHEDULED
    _announce(window, NoticeKind.ANNOUNCED, kind, terms, by=by, at=at)
    return window


@transaction.atomic
def move_window(
    *,
    window: Window,
    starts_at: datetime,
    ends_at: datetime,
    by: Membership | None,
    at: datetime,
    emergency_reason: str = "",
) -> Window:
    """Give a scheduled window another time. Notice counts from now, also when it moves to a later one.

    Raises NotAllowed, WrongStatus, EndsBeforeStart, StartsInThePast, NoticeTooShort, EmergencyNeedsReason,
    ServiceTaken.
    """
    window = lock_window(window, by, (Status.SCHEDULED,))
    if (starts_at, ends_at) == (window.starts_at, window.ends_at):
        return window
    if ends_at <= starts_at:
        raise EndsBeforeStart
    set_apart(window)
    plan_anew(window, starts_at, ends_at, by=by, at=at, emergency_reason=emergency_reason)
    return window


def plan_anew(
    window: Window,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Membership | None,
    at: datetime,
    emergency_reason: str = "",
) -> None:
    """Give a scheduled window, locked, other times. Raises what `move_window` says about times."""
    before = {"from": [window.starts_at.isoformat(), window.ends_at.isoformat()]}
    window.starts_at, window.ends_at = starts_at, ends_at
    terms = _check_plan(window, by, at, emergency_reason)
    _announce(window, NoticeKind.MOVED, WindowEventKind.MOVED, terms, by=by, at=at, data=before)


def set_apart(window: Window) -> None:
    """Whoever edits one occurrence of a series means that one: the series leaves it alone from now on."""
    if window.series_id is not None and not window.is_apart:
        window.is_apart = True
        window.save(update_fields=["is_apart"])


@transaction.atomic
def extend_window(
    *,
    window: Window,
    ends_at: datetime,
    by: Membership,
    at: datetime,
    moves: Mapping[Window, datetime] | None = None,
    emergency_reason: str = "",
) -> Window:
    """Give a window in progress a later end, and tell everybody. What is added was not announced in time.

    `moves` are announced windows that would be in the way, with their new starts: they move in the same step,
    each as `move_window` does, with the `emergency_reason`, or nothing happens at all. Raises NotAllowed,
    WrongStatus, EndsBeforeStart (not later than planned, or past), ServiceTaken, and what a move is refused
    for.
    """
    _lock_all(window, *(moves or {}))
    window = lock_window(window, by, (Status.IN_PROGRESS,))
    if ends_at <= max(window.ends_at, at):
        raise EndsBeforeStart
    _move_on(moves or {}, by=by, at=at, emergency_reason=emergency_reason)
    data = {"from": window.ends_at.isoformat(), "to": ends_at.isoformat()}
    window.announced_until = window.announced_end
    window.ends_at, window.overran_at, window.told_at = ends_at, None, at
    window.sequence += 1
    save_window(window, "ends_at", "announced_until", "overran_at", "told_at", "sequence")
    block(window, min(window.starts_at, window.started_at or at), ends_at)
    write_event(window, WindowEventKind.EXTENDED, at=at, by=by, data=data)
    supersede(window, at=at)
    add_notice(window, NoticeKind.EXTENDED, due_at=at)
    follow_window(window=window, at=at)
    look_again(tenant_id=window.tenant_id, at=at)
    return window


def _lock_all(*windows: Window) -> None:
    # In the order of their ids: two who extend and move each other's windows never wait in a ring.
    rows = Window.objects.select_for_update(no_key=True).filter(pk__in=[window.pk for window in windows])
    list(rows.order_by("pk").values_list("pk"))


def _move_on(
    moves: Mapping[Window, datetime], *, by: Membership, at: datetime, emergency_reason: str
) -> None:
    """Move windows to new starts, each as long as it was; the last one first, so that each makes room."""
    for other, starts_at in sorted(moves.items(), key=lambda pair: pair[1], reverse=True):
        length = other.ends_at - other.starts_at
        move_window(
            window=other,
            starts_at=starts_at,
            ends_at=starts_at + length,
            by=by,
            at=at,
            emergency_reason=emergency_reason,
        )


@transaction.atomic
def cancel_window(*, window: Window, why: str, by: Membership | None, at: datetime) -> Window:
    """Call off what has not begun; whoever was told of it is told why. A draft needs no reason.

    Raises NotAllowed, WrongStatus, ReasonNeeded.
    """
    window = lock_window(window, by, (Status.DRAFT, Status.SCHEDULED))
    why = why.strip()
    if not why and window.status == Status.SCHEDULED:
        raise ReasonNeeded
    set_apart(window)
    call_off(window, why, by=by, at=at)
    return window


def call_off(window: Window, why: str, *, by: Membership | None, at: datetime) -> None:
    """Cancel a window, locked, that has not begun; tell whoever was told of it."""
    supersede(window, at=at)
    if window.status == Status.SCHEDULED:
        window.sequence += 1
        if was_told(window):
            add_notice(window, NoticeKind.CANCELLED, due_at=at)
    window.status, window.cancelled_why = Status.CANCELLED, why[:500]
    save_window(window, "status", "sequence", "cancelled_why")
    free(window)
    write_event(window, WindowEventKind.CANCELLED, at=at, by=by, text=why)
    follow_window(window=window, at=at)
    look_again(tenant_id=window.tenant_id, at=at)


def _check_plan(window: Window, by: Membership | None, at: datetime, emergency_reason: str) -> Terms:
    """Decide whether the window may be announced as it is now planned; returns what plans say of it."""
    adjusted = adjusted_of(window)
    keep_customers(window, added=adjusted.added, left_out=adjusted.left_out)  # companies come and go
    customers, terms = terms_of_window(window, at)
    if emergency_reason:
        if by is None or not can_declare_emergency(by, window.tenant_id):
            raise NotAllowed
        if not emergency_reason.strip():
            raise EmergencyNeedsReason
        if window.ends_at <= at:
            raise StartsInThePast
    else:
        if window.starts_at <= at:
            raise StartsInThePast
        if found := breaches_of(customers, terms, window.starts_at, at):
            raise NoticeTooShort(found)
    window.is_emergency = bool(emergency_reason)
    window.emergency_reason = emergency_reason.strip()[:500]
    window.emergency_by = by if emergency_reason else None
    return terms


def _announce(
    window: Window,
    notice: NoticeKind,
    event: WindowEventKind,
    terms: Terms,
    *,
    by: Membership | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Make the window's times, services and customers its plan: block, count, tell, let clocks follow."""
    window.sequence += 1
    block(window, window.starts_at, window.ends_at)
    # An occurrence of a series may be told of later; the sweep that does so notes when.
    window.told_at = at if plan_notices(window, notice, terms, at=at) <= at else None
    window.overran_at = None
    save_window(window, *PLAN)
    keep_promises(window, terms, told_at=window.told_at)
    times = {"starts_at": window.starts_at.isoformat(), "ends_at": window.ends_at.isoformat()}
    text = window.emergency_reason
    write_event(window, event, at=at, by=by, text=text, data={**times, **(data or {})})
    follow_window(window=window, at=at)
    look_again(tenant_id=window.tenant_id, at=at)
