"""Intentions about a window that is being worked on: start, complete, the work log, the checklist."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from maintenance.banner import look_again
from maintenance.lifecycle import ENDED, Status
from maintenance.models import ChecklistItem, Kind, NoticeKind, Window, WindowEvent, WindowEventKind
from maintenance.notices import add_notice, stop_reminding
from maintenance.pauses import follow_window
from maintenance.services.errors import ResultNeeded, StartsLater, TextNeeded, WrongStatus
from maintenance.services.history import lock_window, save_window, write_event
from maintenance.services.periods import free, refuse_while_worked_on


@transaction.atomic
def start_window(*, window: Window, by: Membership | None, at: datetime) -> Window:
    """Say that work has begun, not before the announced time, nor while other work goes on on its services.

    The worker's start is the planned one, unless staff were told that it had not begun by then. Raises
    NotAllowed, WrongStatus, StartsLater, StillWorkedOn.
    """
    window = lock_window(window, by, (Status.SCHEDULED,))
    if at < window.starts_at:
        raise StartsLater(window.starts_at)
    refuse_while_worked_on(window)
    window.status = Status.IN_PROGRESS
    was_late = by is not None or window.overran_at is not None
    window.started_at = at if was_late else window.starts_at
    window.overran_at = None
    save_window(window, "status", "started_at", "overran_at")
    write_event(window, WindowEventKind.STARTED, at=at, by=by)
    stop_reminding(window, at=at)
    add_notice(window, NoticeKind.STARTED, due_at=at)
    follow_window(window=window, at=at)
    look_again(tenant_id=window.tenant_id, at=at)
    return window


@transaction.atomic
def complete_window(*, window: Window, by: Membership | None, at: datetime, result: str = "") -> Window:
    """Say that work is done, with its result. The worker's end is the planned one.

    Raises NotAllowed, WrongStatus, ResultNeeded (a restore test).
    """
    window = lock_window(window, by, (Status.IN_PROGRESS,))
    if window.kind == Kind.RESTORE_TEST and not result.strip():
        raise ResultNeeded
    started_at = window.started_at or window.starts_at
    window.status = Status.COMPLETED
    window.ended_at = max(started_at, at if by is not None else window.ends_at)
    window.result = result.strip()
    save_window(window, "status", "ended_at", "result")
    free(window)
    write_event(window, WindowEventKind.COMPLETED, at=at, by=by, text=window.result)
    add_notice(window, NoticeKind.COMPLETED, due_at=at)
    follow_window(window=window, at=at)
    look_again(tenant_id=window.tenant_id, at=at)
    return window


@transaction.atomic
def log_work(*, window: Window, text: str, by: Membership, at: datetime) -> WindowEvent:
    """Write into the work log, also after the end. Raises NotAllowed, WrongStatus (cancelled), TextNeeded."""
    window = lock_window(window, by)
    if window.status == Status.CANCELLED:
        raise WrongStatus(window)
    if not text.strip():
        raise TextNeeded
    return write_event(window, WindowEventKind.LOGGED, at=at, by=by, text=text.strip())


@transaction.atomic
def tick_item(*, item: ChecklistItem, is_done: bool, by: Membership, at: datetime) -> ChecklistItem:
    """Say that a step of the checklist is done, or is not. Raises NotAllowed, WrongStatus (it has ended)."""
    window = lock_window(item.window, by)
    if window.status in ENDED:
        raise WrongStatus(window)
    item = ChecklistItem.objects.get(pk=item.pk)
    if is_done != (item.done_at is not None):
        item.done_at, item.done_by = (at, by) if is_done else (None, None)
        item.save(update_fields=["done_at", "done_by"])
    return item
