"""Intentions about alert sources, and what their alerts say (the webhook format of Prometheus Alertmanager).

The source's row is locked while its alerts are taken, so what two deliveries say happens one after the other.
An alert is known by its fingerprint and the instant at which it began to fire: sent again it does nothing.
Alerts of one source about one service share an outage, which ends with the last of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.services.tokens import hash_token
from maintenance.alarms import file_alarm, in_desks_words, settle_alarm
from maintenance.models import Alert, AlertSource, Impact, Outage, OutageService
from maintenance.permissions import can_configure
from maintenance.services.errors import NotAllowed
from maintenance.services.monitors import DEGRADED, DOWN, FOUND, OVER
from maintenance.services.outages import end_outage, link_tickets, open_outage
from maintenance.staff_bells import tell_staff_found, tell_staff_over
from tickets.lifecycle import Priority
from tickets.models import Service

TOKEN_START = "as_"  # noqa: S105 - how every token begins
# What the label "severity" may say for a service that is not down.
MILD = frozenset({"warning", "warn", "info", "informational", "minor", "none"})


@dataclass(frozen=True, kw_only=True)
class SourceTerms:
    """Where alerts come from. `service` is that of alerts whose label names none of the desk's."""

    name: str
    label: str = "service"
    service: Service | None = None
    requester: Membership | None = None
    priority: str = Priority.HIGH


@dataclass(frozen=True, kw_only=True)
class GivenAlert:
    """One alert as it came in; it has ended where `ended_at` is set."""

    fingerprint: str
    starts_at: datetime
    ended_at: datetime | None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Taken:
    """What came of a delivery: alerts that did something, those known before, those without a service."""

    new: int = 0
    known: int = 0
    ignored: list[str] = field(default_factory=list)


@transaction.atomic
def create_source(*, terms: SourceTerms, by: Membership, at: datetime) -> tuple[AlertSource, str]:
    """Let alerts in from somewhere; the token is returned once and never kept. Raises NotAllowed."""
    _may(by, by.tenant_id)
    token = TOKEN_START + secrets.token_urlsafe(32)
    source = AlertSource(tenant_id=by.tenant_id, token_hash=hash_token(token), start=token[:9], created_at=at)
    _set(source, terms, by)
    source.save()
    return source, token


@transaction.atomic
def change_source(*, source: AlertSource, terms: SourceTerms, by: Membership, at: datetime) -> AlertSource:
    """Change what its alerts mean; its token stays. Raises NotAllowed."""
    source = _lock(source, by)
    _set(source, terms, by)
    source.save()
    return source


@transaction.atomic
def revoke_source(*, source: AlertSource, by: Membership, at: datetime) -> AlertSource:
    """Its token stops working at once; what it opened is left to people. Raises NotAllowed."""
    source = _lock(source, by)
    source.revoked_at = source.revoked_at or at
    source.save(update_fields=["revoked_at"])
    return source


@transaction.atomic
def take_alerts(*, source: AlertSource, alerts: Sequence[GivenAlert], at: datetime) -> Taken:
    """Open, join and end outages as the alerts say."""
    locked = AlertSource.objects.select_for_update(no_key=True, of=("self",))
    source = locked.select_related("tenant", "service", "requester", "ticket").get(pk=source.pk)
    source.last_used_at = at
    source.save(update_fields=["last_used_at"])
    names = {service.name.lower(): service for service in _services_of(source)}
    taken = Taken()
    for given in alerts:
        service = names.get(given.labels.get(source.label, "").strip().lower(), source.service)
        if service is None:
            taken.ignored.append(given.fingerprint)
        elif _take(source, service, given, at):
            taken.new += 1
        else:
            taken.known += 1
    return taken


def _take(source: AlertSource, service: Service, given: GivenAlert, at: datetime) -> bool:
    """Whether the alert said something new."""
    known = Alert.objects.filter(
        source=source, fingerprint=given.fingerprint, starts_at=given.starts_at
    ).select_related("outage")
    alert = known.first()
    if alert is None:
        alert = Alert(
            tenant_id=source.tenant_id,
            source=source,
            fingerprint=given.fingerprint,
            starts_at=given.starts_at,
            ended_at=min(given.ended_at, at) if given.ended_at is not None else None,
            labels=dict(given.labels),
        )
        # One that has ended before anybody heard of it opens nothing.
        if given.ended_at is None:
            alert.outage = _outage_for(source, service, given, at)
        alert.save()
        return True
    if given.ended_at is None or alert.ended_at is not None:
        return False
    alert.ended_at = max(alert.starts_at, min(given.ended_at, at))
    alert.save(update_fields=["ended_at"])
    if alert.outage is not None:
        _end_if_last(source, alert.outage, service, at)
    return True


def _outage_for(source: AlertSource, service: Service, given: GivenAlert, at: datetime) -> Outage:
    """The outage of this source and service that runs, made worse if the alert says so; else a new one."""
    mild = given.labels.get("severity", "").strip().lower() in MILD
    impact = Impact.DEGRADED if mild else Impact.DOWN
    running = Outage.objects.running().filter(
        alerts__source=source, alerts__ended_at=None, outage_services__service=service
    )
    outage: Outage | None = running.order_by("pk").first()
    if outage is not None:
        if impact == Impact.DOWN:
            OutageService.objects.filter(outage=outage, service=service).update(impact=impact)
        return outage
    words = DEGRADED if mild else DOWN
    title = in_desks_words(source, words, service=service.name)
    text = in_desks_words(source, FOUND, service=service.name)
    outage = open_outage(
        tenant_id=source.tenant_id,
        title=title[:120],
        services={service: impact},
        text=text,
        started_at=min(given.starts_at, at),
        by=None,
        at=at,
    )
    ticket = file_alarm(source, subject=title, body=text, service=service, at=at)
    if ticket is not None:
        link_tickets(outage=outage, tickets=[ticket], by=None, at=at)
    tell_staff_found(outage, name=source.name, at=at)
    return outage


def _end_if_last(source: AlertSource, outage: Outage, service: Service, at: datetime) -> None:
    """End the outage with its last alert, and the ticket with the last outage."""
    alerts = Alert.objects.filter(source=source)
    if alerts.filter(outage=outage, ended_at=None).exists():
        return
    text = in_desks_words(source, OVER, service=service.name)
    if outage.ended_at is None:
        last = max(
            ended for ended in alerts.filter(outage=outage).values_list("ended_at", flat=True) if ended
        )
        ended_at = min(at, max(last, outage.started_at))
        end_outage(outage=outage, text=text, by=None, at=at, ended_at=ended_at)
        tell_staff_over(outage, name=source.name, at=at)
    if not alerts.filter(outage__isnull=False, ended_at=None).exists():
        settle_alarm(source, text=text, at=at)


def _services_of(source: AlertSource) -> list[Service]:
    services: Any = Service.objects.filter(tenant_id=source.tenant_id).in_use()
    # Of two with one name, of different customers, none is meant by the name alone.
    found = list(services)
    names = [service.name.lower() for service in found]
    return [service for service in found if names.count(service.name.lower()) == 1]


def _set(source: AlertSource, terms: SourceTerms, by: Membership) -> None:
    rows: list[Any] = [row for row in (terms.service, terms.requester) if row is not None]
    if any(row.tenant_id != by.tenant_id for row in rows):
        raise NotAllowed
    source.name, source.label = one_line(terms.name), one_line(terms.label)
    source.service, source.requester = terms.service, terms.requester
    source.priority = Priority(terms.priority)


def _may(by: Membership, tenant_id: int) -> None:
    if not can_configure(by, tenant_id):
        raise NotAllowed


def _lock(source: AlertSource, by: Membership) -> AlertSource:
    _may(by, source.tenant_id)
    locked: AlertSource = AlertSource.objects.select_for_update(no_key=True).get(pk=source.pk)
    return locked
