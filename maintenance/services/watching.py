"""What came of a check or a heartbeat.

The monitor's row is locked first, then what it opens or ends. Trouble opens one outage, and if asked one
ticket; the first good answer ends both. An outage that somebody ended by hand is not opened again before an
answer was good. While maintenance explains it (`maintenance.silence`), a bad answer says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from maintenance.alarms import file_alarm, in_desks_words, settle_alarm
from maintenance.checks import Result
from maintenance.faults import Fault
from maintenance.models import Impact, Monitor, MonitorState, Outage
from maintenance.services.monitors import late_from
from maintenance.services.outages import end_outage, link_tickets, open_outage, update_outage
from maintenance.silence import is_explained
from maintenance.staff_bells import tell_staff_found, tell_staff_over, tell_staff_recovered
from tickets.models import Service

DOWN = gettext_noop("%(service)s is down")
DEGRADED = gettext_noop("%(service)s is degraded")
FOUND = gettext_noop("Our monitoring has found that %(service)s does not answer as it should.")
MISSED = gettext_noop("A report of %(service)s that was expected has not come in.")
OVER = gettext_noop("Our monitoring finds %(service)s as it should be again.")


@transaction.atomic
def note_result(*, monitor_id: int, result: Result, at: datetime) -> Monitor | None:
    """What came of a check at that instant.

    None for a monitor that nobody watches any more, and for what comes after a later result: it is history.
    """
    monitor = _lock_watched(monitor_id)
    if monitor is None or (monitor.last_checked_at is not None and at < monitor.last_checked_at):
        return None
    monitor.last_checked_at, monitor.last_milliseconds = at, result.milliseconds
    _note_fault(monitor, result.fault)
    if result.is_good:
        _note_good(monitor, at)
    elif not _is_explained(monitor, at):
        monitor.failures += 1
        monitor.first_failed_at = monitor.first_failed_at or at
        if monitor.failures >= monitor.failures_to_open and monitor.state != MonitorState.DOWN:
            _open(monitor, FOUND, since=monitor.first_failed_at, at=at)
    monitor.save()
    return monitor


@transaction.atomic
def note_beat(*, monitor_id: int, at: datetime) -> Monitor | None:
    """A heartbeat came in; None for a monitor that nobody watches any more."""
    monitor = _lock_watched(monitor_id, even_paused=True)
    if monitor is None:
        return None
    monitor.last_checked_at = at
    _note_fault(monitor, None)
    _note_good(monitor, at)
    monitor.next_check_at = late_from(monitor, at)
    monitor.save()
    return monitor


@transaction.atomic
def note_missing_beat(*, monitor_id: int, at: datetime) -> Monitor | None:
    """A heartbeat is late; None if one came meanwhile, or maintenance keeps it away."""
    monitor = _lock_watched(monitor_id)
    if monitor is None or monitor.next_check_at is None or monitor.next_check_at > at:
        return None
    if _is_explained(monitor, at):
        return None
    expected = monitor.next_check_at - timedelta(seconds=monitor.grace_seconds)
    monitor.failures += 1
    monitor.first_failed_at = monitor.first_failed_at or expected
    monitor.last_checked_at = at
    since = monitor.last_good_at or monitor.created_at
    _note_fault(monitor, Fault("silent", {"since": since.isoformat()}))
    monitor.next_check_at = None
    if monitor.state != MonitorState.DOWN:
        _open(monitor, MISSED, since=expected, at=at)
    monitor.save()
    return monitor


def _note_fault(monitor: Monitor, fault: Fault | None) -> None:
    monitor.last_error = fault.code if fault is not None else ""
    monitor.last_error_values = dict(fault.values) if fault is not None else {}


def _note_good(monitor: Monitor, at: datetime) -> None:
    was_down = monitor.state == MonitorState.DOWN
    monitor.state, monitor.last_good_at = MonitorState.UP, at
    monitor.failures, monitor.first_failed_at = 0, None
    if not was_down:
        return
    text = in_desks_words(monitor, OVER, service=monitor.service.name)
    outage, monitor.outage = monitor.outage, None
    if outage is not None and outage.ended_at is None:
        end_for(outage, [monitor.service], name=monitor.name, text=text, ended_at=at, at=at)
    settle_alarm(monitor, text=text, at=at)


def end_for(
    outage: Outage, services: Collection[Service], *, name: str, text: str, ended_at: datetime, at: datetime
) -> None:
    """What `name` watches is as it should be again, and so is all, unless people said that more is hit.

    That is theirs to end: nobody has looked at it.
    """
    # Somebody may have corrected its beginning to a later instant than this.
    ended_at = max(ended_at, outage.started_at)
    hit = outage.outage_services.filter(ended_at=None)
    is_about_them = outage.outage_services.filter(service__in=services).exists()  # it may have been corrected
    if not is_about_them or not hit.exclude(service__in=services).exists():
        end_outage(outage=outage, text=text, by=None, at=max(at, ended_at), ended_at=ended_at)
        tell_staff_over(outage, name=name, at=at)
        return
    begun = hit.filter(service__in=services).values_list("started_at", flat=True)
    since = max([ended_at, *begun])
    update_outage(
        outage=outage,
        text=text,
        stage=outage.stage,
        by=None,
        at=max(at, since),
        recovered=services,
        since=since,
    )
    tell_staff_recovered(outage, text=text, at=at)


def _open(monitor: Monitor, found: str, *, since: datetime, at: datetime) -> None:
    monitor.state = MonitorState.DOWN
    service = monitor.service
    title = DOWN if monitor.impact == Impact.DOWN else DEGRADED
    title = in_desks_words(monitor, title, service=service.name)
    text = in_desks_words(monitor, found, service=service.name)
    monitor.outage = open_outage(
        tenant_id=monitor.tenant_id,
        title=title[:120],
        services={service: monitor.impact},
        text=text,
        started_at=min(since, at),
        by=None,
        at=at,
    )
    ticket = file_alarm(monitor, subject=title, body=text, service=service, at=at)
    if ticket is not None:
        link_tickets(outage=monitor.outage, tickets=[ticket], by=None, at=at)
    tell_staff_found(monitor.outage, name=monitor.name, at=at)


def _is_explained(monitor: Monitor, at: datetime) -> bool:
    return is_explained(service_id=monitor.service_id, impact=monitor.impact, at=at)


def _lock_watched(monitor_id: int, *, even_paused: bool = False) -> Monitor | None:
    watched = Monitor.objects.select_for_update(no_key=True, of=("self",)).in_use()
    if not even_paused:
        watched = watched.filter(is_paused=False)
    found: Monitor | None = (
        watched.select_related("tenant", "service", "outage", "ticket", "requester")
        .filter(pk=monitor_id)
        .first()
    )
    return found
