"""The sweep of monitors: run the checks that are due, find the heartbeats that have not come.

A check is claimed by a conditional update of its next instant, so of many workers one runs it; a worker that
dies after it leaves one check out, and the next comes after the interval. It is claimed when a thread is free
for it, and its result is written as it comes: what answers slowly keeps nothing else waiting. The network is
asked outside any transaction, by threads that touch no database.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db import InterfaceError, OperationalError

from maintenance.checks import Check, Result, run_check
from maintenance.models import Alert, Monitor, MonitorKind
from maintenance.querysets import MonitorQuerySet
from maintenance.services.alerts import take_held_alerts
from maintenance.services.watching import note_missing_beat, note_result

log = logging.getLogger(__name__)

BATCH = 64
THREADS = 16


def due_monitors(now: datetime) -> MonitorQuerySet:
    """Of the current tenant: what is to be looked at by `now`."""
    due: MonitorQuerySet = Monitor.objects.in_use().filter(is_paused=False, next_check_at__lte=now)
    return due


def is_anything_due(now: datetime) -> bool:
    """Whether a sweep of the current tenant by `now` has anything to look at."""
    return due_monitors(now).exists() or Alert.objects.held().exists()


def sweep_monitors(*, now: datetime) -> int:
    """Look at what is due by `now` in the current tenant; returns at how many monitors."""
    _open_held(now)
    return _miss_beats(now) + _run_checks(now)


def _open_held(now: datetime) -> None:
    for source_id in set(Alert.objects.held().values_list("source", flat=True)):
        _guarded(partial(take_held_alerts, source_id=source_id, at=now), f"alert source {source_id}")


def _run_checks(now: datetime) -> int:
    due = due_monitors(now).exclude(kind=MonitorKind.HEARTBEAT).order_by("next_check_at", "pk")[:BATCH]
    claimed = (monitor for monitor in list(due) if _claim(monitor, now))
    clock, found = _Clock(now), 0
    with ThreadPoolExecutor(THREADS) as threads:
        asked: dict[Future[tuple[Result, datetime]], int] = {}
        while True:
            for monitor in islice(claimed, THREADS - len(asked)):
                asked[threads.submit(_ask, _check_of(monitor), clock)] = monitor.pk
            if not asked:
                return found
            for answered in wait(asked, return_when=FIRST_COMPLETED).done:
                pk = asked.pop(answered)
                _guarded(partial(_note, pk, answered), f"monitor {pk}")
                found += 1


class _Clock:
    """The time, from the sweep's on."""

    def __init__(self, now: datetime) -> None:
        self.now, self.started = now, time.monotonic()

    def read(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.started)


def _ask(check: Check, clock: _Clock) -> tuple[Result, datetime]:
    """The answer, and the instant at which it came."""
    return run_check(check), clock.read()


def _note(monitor_id: int, answered: Future[tuple[Result, datetime]]) -> None:
    result, at = answered.result()
    note_result(monitor_id=monitor_id, result=result, at=at)


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
        found += bool(_guarded(partial(note_missing_beat, monitor_id=pk, at=now), f"monitor {pk}"))
    return found


def _guarded(act: Callable[[], object], what: str) -> object:
    """One that fails must not stop the rest; it is looked at again."""
    try:
        return act()
    except (OperationalError, InterfaceError):
        log.warning("%s left for the next sweep", what, exc_info=True)
    except Exception:
        log.exception("nothing could be noted of %s", what)
    return None
