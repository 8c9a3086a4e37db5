"""Intentions about monitors: what is watched how often, and what came of a check or a heartbeat.

The monitor's row is locked first, then what it opens or ends. Trouble opens one outage, and if asked one
ticket; the first good answer ends both. An outage that somebody ended by hand is not opened again before an
answer was good. While announced or running maintenance takes the service down, a bad answer says nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.services.tokens import hash_token
from maintenance.alarms import file_alarm, in_desks_words, settle_alarm
from maintenance.checks import Result, target_to_check
from maintenance.lifecycle import Status
from maintenance.models import Impact, Monitor, MonitorKind, MonitorState, WindowService
from maintenance.permissions import can_configure
from maintenance.services.errors import NotAllowed
from maintenance.services.outage_errors import AddressNotChecked, EditedMeanwhile
from maintenance.services.outages import end_outage, link_tickets, open_outage
from maintenance.staff_bells import tell_staff_found, tell_staff_over
from notifications.addresses import AddressRefused
from tickets.lifecycle import Priority
from tickets.models import Service

DOWN = gettext_noop("%(service)s is down")
DEGRADED = gettext_noop("%(service)s is degraded")
FOUND = gettext_noop("Our monitoring has found that %(service)s does not answer as it should.")
MISSED = gettext_noop("A report of %(service)s that was expected has not come in.")
OVER = gettext_noop("Our monitoring finds %(service)s as it should be again.")
SECRET_START = "hb_"  # noqa: S105 - how every secret begins


@dataclass(frozen=True, kw_only=True)
class MonitorTerms:
    """What is watched; seconds. `requester` is the contact for whom a ticket is filed, None for no ticket."""

    name: str
    service: Service
    kind: str
    address: str = ""
    expected_status: int | None = None
    expected_text: str = ""
    interval_seconds: int = 60
    timeout_seconds: int = 10
    grace_seconds: int = 300
    failures_to_open: int = 2
    impact: str = Impact.DOWN
    requester: Membership | None = None
    priority: str = Priority.HIGH


@transaction.atomic
def create_monitor(*, terms: MonitorTerms, by: Membership, at: datetime) -> tuple[Monitor, str]:
    """Watch something from now on; with it the secret of a heartbeat's address, which is never kept.

    Raises NotAllowed, AddressNotChecked.
    """
    _may(by, by.tenant_id)
    monitor = Monitor(tenant_id=by.tenant_id, created_at=at)
    _set(monitor, terms, by)
    secret = ""
    if monitor.kind == MonitorKind.HEARTBEAT:
        secret = _new_secret()
        monitor.token_hash = hash_token(secret)
    else:
        monitor.next_check_at = at
    monitor.save()
    return monitor, secret


@transaction.atomic
def change_monitor(
    *, monitor: Monitor, terms: MonitorTerms, seen: int, by: Membership, at: datetime
) -> Monitor:
    """Watch it otherwise; its kind stays. Raises NotAllowed, EditedMeanwhile, AddressNotChecked."""
    monitor = _lock(monitor, by)
    if monitor.version != seen:
        raise EditedMeanwhile(monitor.name, monitor.version)
    _set(monitor, terms, by)
    if monitor.kind != MonitorKind.HEARTBEAT:
        monitor.next_check_at = at
    elif monitor.last_good_at is not None and monitor.state != MonitorState.DOWN:
        monitor.next_check_at = _late_from(monitor, monitor.last_good_at)
    monitor.version += 1
    monitor.save()
    return monitor


@transaction.atomic
def pause_monitor(*, monitor: Monitor, is_paused: bool, by: Membership, at: datetime) -> Monitor:
    """Stop watching for a while, or go on. A heartbeat is late anew from now. Raises NotAllowed."""
    monitor = _lock(monitor, by)
    monitor.is_paused = is_paused
    monitor.failures, monitor.first_failed_at = 0, None
    if not is_paused and monitor.kind != MonitorKind.HEARTBEAT:
        monitor.next_check_at = at
    elif not is_paused and monitor.state == MonitorState.UP:
        monitor.next_check_at = _late_from(monitor, at)
    monitor.version += 1
    monitor.save()
    return monitor


@transaction.atomic
def archive_monitor(*, monitor: Monitor, by: Membership, at: datetime) -> Monitor:
    """Watch it no more; what it opened is left to people. Raises NotAllowed."""
    monitor = _lock(monitor, by)
    monitor.archived_at = monitor.archived_at or at
    monitor.next_check_at = None
    monitor.version += 1
    monitor.save()
    return monitor


@transaction.atomic
def restore_monitor(*, monitor: Monitor, by: Membership, at: datetime) -> Monitor:
    """Watch it again. Raises NotAllowed."""
    monitor = _lock(monitor, by)
    monitor.archived_at = None
    monitor.state, monitor.failures, monitor.first_failed_at = MonitorState.UNKNOWN, 0, None
    monitor.outage = monitor.ticket = None
    if monitor.kind != MonitorKind.HEARTBEAT:
        monitor.next_check_at = at
    monitor.version += 1
    monitor.save()
    return monitor


@transaction.atomic
def renew_heartbeat(*, monitor: Monitor, by: Membership, at: datetime) -> str:
    """Give a heartbeat another address; the old one leads nowhere from now on. Raises NotAllowed."""
    monitor = _lock(monitor, by)
    if monitor.kind != MonitorKind.HEARTBEAT:
        raise NotAllowed
    secret = _new_secret()
    monitor.token_hash = hash_token(secret)
    monitor.version += 1
    monitor.save(update_fields=["token_hash", "version"])
    return secret


@transaction.atomic
def note_result(*, monitor_id: int, result: Result, at: datetime) -> Monitor | None:
    """What came of a check at that instant; None for a monitor that nobody watches any more."""
    monitor = _lock_watched(monitor_id)
    if monitor is None:
        return None
    monitor.last_checked_at, monitor.last_milliseconds = at, result.milliseconds
    monitor.last_error = result.error[:500]
    if result.is_good:
        _note_good(monitor, at)
    elif not taken_down_by_maintenance(monitor.service_id, at):
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
    monitor.last_checked_at, monitor.last_error = at, ""
    _note_good(monitor, at)
    monitor.next_check_at = _late_from(monitor, at)
    monitor.save()
    return monitor


@transaction.atomic
def note_missing_beat(*, monitor_id: int, at: datetime) -> Monitor | None:
    """A heartbeat is late; None if one came meanwhile, or maintenance keeps it away."""
    monitor = _lock_watched(monitor_id)
    if monitor is None or monitor.next_check_at is None or monitor.next_check_at > at:
        return None
    if taken_down_by_maintenance(monitor.service_id, at):
        return None
    expected = monitor.next_check_at - timedelta(seconds=monitor.grace_seconds)
    monitor.failures += 1
    monitor.first_failed_at = monitor.first_failed_at or expected
    monitor.last_checked_at, monitor.last_error = (
        at,
        f"nothing since {monitor.last_good_at:%Y-%m-%d %H:%M:%S} UTC",
    )
    monitor.next_check_at = None
    if monitor.state != MonitorState.DOWN:
        _open(monitor, MISSED, since=expected, at=at)
    monitor.save()
    return monitor


def taken_down_by_maintenance(service_id: int, at: datetime) -> bool:
    """A window that customers were told would hit the service is being worked on."""
    running = WindowService.objects.filter(service=service_id, window__status=Status.IN_PROGRESS)
    return running.exclude(window__impact=Impact.NONE).exists()


def _note_good(monitor: Monitor, at: datetime) -> None:
    was_down = monitor.state == MonitorState.DOWN
    monitor.state, monitor.last_good_at = MonitorState.UP, at
    monitor.failures, monitor.first_failed_at = 0, None
    if not was_down:
        return
    text = in_desks_words(monitor, OVER, service=monitor.service.name)
    outage, monitor.outage = monitor.outage, None
    if outage is not None and outage.ended_at is None:
        end_outage(outage=outage, text=text, by=None, at=at, ended_at=max(at, outage.started_at))
        tell_staff_over(outage, name=monitor.name, at=at)
    settle_alarm(monitor, text=text, at=at)


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


def _set(monitor: Monitor, terms: MonitorTerms, by: Membership) -> None:
    """Put terms on a monitor. Raises NotAllowed, AddressNotChecked."""
    people = [terms.requester] if terms.requester is not None else []
    if any(row.tenant_id != by.tenant_id for row in (terms.service, *people)):
        raise NotAllowed
    monitor.kind = monitor.kind or MonitorKind(terms.kind)
    monitor.name, monitor.service = one_line(terms.name), terms.service
    monitor.address = "" if monitor.kind == MonitorKind.HEARTBEAT else terms.address.strip()
    if monitor.kind != MonitorKind.HEARTBEAT:
        try:
            target_to_check(monitor.kind, monitor.address)
        except AddressRefused as refused:
            raise AddressNotChecked(str(refused)) from refused
    monitor.expected_status, monitor.expected_text = terms.expected_status, terms.expected_text
    monitor.interval_seconds, monitor.timeout_seconds = terms.interval_seconds, terms.timeout_seconds
    monitor.grace_seconds, monitor.failures_to_open = terms.grace_seconds, terms.failures_to_open
    monitor.impact = Impact(terms.impact)
    monitor.requester, monitor.priority = terms.requester, Priority(terms.priority)


def _late_from(monitor: Monitor, last: datetime) -> datetime:
    return last + timedelta(seconds=monitor.interval_seconds + monitor.grace_seconds)


def _new_secret() -> str:
    return SECRET_START + secrets.token_urlsafe(32)


def _may(by: Membership, tenant_id: int) -> None:
    if not can_configure(by, tenant_id):
        raise NotAllowed


def _lock(monitor: Monitor, by: Membership) -> Monitor:
    _may(by, monitor.tenant_id)
    locked: Monitor = Monitor.objects.select_for_update(no_key=True).get(pk=monitor.pk)
    return locked


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
