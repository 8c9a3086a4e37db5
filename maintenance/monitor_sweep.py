"""The sweep of monitors: run the checks that are due, find the heartbeats that have not come.

A check is claimed by a conditional update of its next instant, so of many workers one runs it; a worker that
dies after it leaves one check out, and the next comes after the interval. The network is asked outside any
transaction, by a few threads that touch no database; what came of it is written one monitor at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from django.db import InterfaceError, OperationalError

from maintenance.checks import Check, run_check
from maintenance.models import Monitor, MonitorKind
from maintenance.querysets import MonitorQuerySet
from maintenance.services.monitors import note_missing_beat, note_result

log = logging.getLogger(__name__)

BATCH = 64
THREADS = 16


def due_monitors(now: datetime) -> MonitorQuerySet:
    """Of the current tenant: what is to be looked at by `now`."""
    due: MonitorQuerySet = Monitor.objects.in_use().filter(is_paused=False, next_check_at__lte=now)
    return due


def sweep_monitors(*, now: datetime) -> int:
    """Look at what is due by `now` in the current tenant; returns at how many monitors."""
    return _miss_beats(now) + _run_checks(now)


def _run_checks(now: datetime) -> int:
    due = due_monitors(now).exclude(kind=MonitorKind.HEARTBEAT).order_by("next_check_at", "pk")[:BATCH]
    claimed = [monitor for monitor in due if _claim(monitor, now)]
    if not claimed:
        return 0
    with ThreadPoolExecutor(min(THREADS, len(claimed))) as threads:
        results = list(threads.map(run_check, [_check_of(monitor) for monitor in claimed]))
    for monitor, result in zip(claimed, results, strict=True):
        _guarded(partial(note_result, monitor_id=monitor.pk, result=result, at=now), monitor.pk)
    return len(claimed)


def _claim(monitor: Monitor, now: datetime) -> bool:
    """Whether this worker runs the check."""
    following = now + timedelta(seconds=monitor.interval_seconds)
    mine = Monitor.objects.filter(pk=monitor.pk, next_check_at=monitor.next_check_at)
    return mine.update(next_check_at=following) == 1


def _check_of(monitor: Monitor) -> Check:
    return Check(
        kind=monitor.kind,
        address=monitor.address,
        timeout=monitor.timeout_seconds,
        expected_status=monitor.expected_status,
        expected_text=monitor.expected_text,
    )


def _miss_beats(now: datetime) -> int:
    late = due_monitors(now).filter(kind=MonitorKind.HEARTBEAT).order_by("next_check_at", "pk")
    found = 0
    for pk in late.values_list("pk", flat=True)[:BATCH]:
        found += bool(_guarded(partial(note_missing_beat, monitor_id=pk, at=now), pk))
    return found


def _guarded(act: Callable[[], object], monitor_id: int) -> object:
    """One monitor that fails must not stop the rest; it is looked at again."""
    try:
        return act()
    except (OperationalError, InterfaceError):
        log.warning("monitor %s left for the next sweep", monitor_id, exc_info=True)
    except Exception:
        log.exception("nothing could be noted of monitor %s", monitor_id)
    return None
