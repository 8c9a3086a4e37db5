"""Intentions about monitors: what is watched how often. What comes of it stands in `watching`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.services.tokens import hash_token
from maintenance.alarms import is_used_by
from maintenance.checks import target_to_check
from maintenance.models import Impact, Monitor, MonitorKind, MonitorState
from maintenance.permissions import can_configure
from maintenance.services.errors import NotAllowed
from maintenance.services.outage_errors import AddressNotChecked, EditedMeanwhile, NotTheirService
from notifications.addresses import AddressRefused
from tickets.lifecycle import Priority
from tickets.models import Service

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


def terms_of(monitor: Monitor) -> MonitorTerms:
    """How it is watched now."""
    return MonitorTerms(**{term.name: getattr(monitor, term.name) for term in fields(MonitorTerms)})


@transaction.atomic
def create_monitor(*, terms: MonitorTerms, by: Membership, at: datetime) -> tuple[Monitor, str]:
    """Watch something from now on; with it the secret of a heartbeat's address, which is never kept.

    Raises NotAllowed, AddressNotChecked, NotTheirService.
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
    """Watch it otherwise; its kind stays.

    Raises NotAllowed, EditedMeanwhile, AddressNotChecked, NotTheirService.
    """
    monitor = _lock(monitor, by)
    if monitor.version != seen:
        raise EditedMeanwhile(monitor.name, monitor.version)
    _set(monitor, terms, by)
    if monitor.kind != MonitorKind.HEARTBEAT:
        monitor.next_check_at = at
    elif monitor.last_good_at is not None and monitor.state != MonitorState.DOWN:
        monitor.next_check_at = late_from(monitor, monitor.last_good_at)
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
        monitor.next_check_at = late_from(monitor, at)
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


def _set(monitor: Monitor, terms: MonitorTerms, by: Membership) -> None:
    """Put terms on a monitor. Raises NotAllowed, AddressNotChecked, NotTheirService."""
    people = [terms.requester] if terms.requester is not None else []
    if any(row.tenant_id != by.tenant_id for row in (terms.service, *people)):
        raise NotAllowed
    check_requester(terms.service, terms.requester)
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


def check_requester(service: Service | None, requester: Membership | None) -> None:
    """Tickets about a customer's own service are filed for that customer alone. Raises NotTheirService."""
    if service is None or requester is None or is_used_by(service, requester):
        return
    raise NotTheirService(service.name, service.customer.name if service.customer else "")


def late_from(monitor: Monitor, last: datetime) -> datetime:
    """From when on a heartbeat is late, after one that came, or was to come, at that instant."""
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
