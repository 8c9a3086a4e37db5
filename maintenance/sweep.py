"""The sweep of maintenance windows: what begins and ends by itself, what overruns, who is to be told.

Any number of sweeps may run at once. Each takes a window by its lock, passes over those that another holds,
and looks again at what it found: a change, its event, its notices and mails are one transaction. What cannot
be done is logged, holds up nothing else and is tried again by the next sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from maintenance.lifecycle import Status
from maintenance.models import Kind, Notice, NoticeKind, Series, Window, WindowEventKind
from maintenance.newcomers import with_newcomers
from maintenance.readers import readers_of
from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.services.history import write_event
from maintenance.services.series import extend_series
from maintenance.services.windows import complete_window, start_window
from maintenance.staff_notices import tell_overrun, tell_untold
from maintenance.telling import give_notice, welcome

log = logging.getLogger(__name__)

BATCH = 500
LATE_START = timedelta(minutes=5)
"""So long after the planned start nobody is asked whether work has begun."""


def sweep_tenant(*, now: datetime) -> int:
    """Do everything about windows that is due by `now` in the current desk; returns how much was done."""
    return start_due(now) + end_due(now) + note_overruns(now) + tell_due(now)


def start_due(now: datetime) -> int:
    """Start what starts by itself."""
    due = Window.objects.filter(status=Status.SCHEDULED, starts_by_itself=True, starts_at__lte=now)
    return sum(_alone(window.pk, lambda row: _start(row, now)) for window in due[:BATCH])


def end_due(now: datetime) -> int:
    """End what ends by itself; a restore test has a result that somebody must write."""
    due = Window.objects.filter(status=Status.IN_PROGRESS, ends_by_itself=True, ends_at__lte=now)
    due = due.exclude(kind=Kind.RESTORE_TEST)
    return sum(_alone(window.pk, lambda row: _end(row, now)) for window in due[:BATCH])


def note_overruns(now: datetime) -> int:
    """Tell staff, once for each plan, of work that is not done by its end or was not begun.

    What starts by itself has begun by then, unless earlier work still goes on on its services.
    """
    still = Q(status=Status.IN_PROGRESS, ends_at__lte=now)
    unbegun = Q(status=Status.SCHEDULED, starts_at__lte=now - LATE_START)
    due = Window.objects.filter(still | unbegun, overran_at=None)
    return sum(_alone(window.pk, lambda row: _overrun(row, now)) for window in due[:BATCH])


def tell_due(now: datetime) -> int:
    """Give the notices that are due, those that wait longest first."""
    due = Notice.objects.due(now).order_by("due_at", "pk").values_list("pk", "window_id")
    return sum(_alone(window_id, partial(_tell, notice_id=pk, now=now)) for pk, window_id in due[:BATCH])


def welcome_newcomers(*, now: datetime) -> int:
    """Tell of announced windows whoever came since; returns of how many windows somebody was told."""
    found = with_newcomers(now).values_list("pk", flat=True)
    return sum(_alone(pk, lambda row: welcome(row, at=now) > 0) for pk in found[:BATCH])


def extend_all(*, now: datetime) -> int:
    """Make what has come into sight of every series of the current desk; returns how many windows."""
    made = 0
    for series in Series.objects.filter(ended_at=None).order_by("pk"):
        try:
            made += extend_series(series=series, at=now)
        except Exception:  # one bad row must not stop the rest
            log.exception("series %s left for the next time", series.pk)
    return made


def _alone(window_id: int, act: Callable[[Window], bool]) -> bool:
    """Do something to a window in a transaction of its own, unless somebody else is at it."""
    try:
        with transaction.atomic():
            rows = Window.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            window = rows.select_related("tenant").filter(pk=window_id).first()
            return window is not None and act(window)
    except MaintenanceRuleBroken:
        return False  # somebody was first
    except Exception:  # one bad row must not stop the rest
        log.exception("window %s left for the next sweep", window_id)
        return False


def _start(window: Window, now: datetime) -> bool:
    start_window(window=window, by=None, at=now)
    return True


def _end(window: Window, now: datetime) -> bool:
    if window.ends_at > now:  # it was extended
        return False
    tell_untold(complete_window(window=window, by=None, at=now), at=now)
    return True


def _overrun(window: Window, now: datetime) -> bool:
    begun = window.status == Status.IN_PROGRESS
    if window.overran_at is not None or now < (window.ends_at if begun else window.starts_at + LATE_START):
        return False
    if not begun and window.status != Status.SCHEDULED:
        return False
    window.overran_at = now
    window.save(update_fields=["overran_at"])
    if begun:
        write_event(window, WindowEventKind.OVERRAN, at=now, by=None)
    tell_overrun(window, at=now)
    return True


def _tell(window: Window, *, notice_id: int, now: datetime) -> bool:
    # Whoever changes notices holds the window's lock, so what is read here stays true.
    notice = Notice.objects.due(now).filter(pk=notice_id).first()
    if notice is None:
        return False
    notice.window = window
    if notice.kind == NoticeKind.REMINDER and not _reminds(notice, window, now):
        notice.cancelled_at = now
        notice.save(update_fields=["cancelled_at"])
        return False
    give_notice(notice, window, at=now)
    return True


def _reminds(notice: Notice, window: Window, now: datetime) -> bool:
    """Whether a reminder says anything to anybody: work lies ahead, and no nearer one says it as well."""
    if window.status != Status.SCHEDULED or now >= window.starts_at or notice.sequence != window.sequence:
        return False
    return bool(readers_of(notice, window, at=now))
