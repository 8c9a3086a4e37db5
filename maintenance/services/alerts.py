"""What alerts of other systems say (the webhook format of Prometheus Alertmanager).

The source's row is locked while its alerts are taken, so what two deliveries say happens one after the other.
An alert is known by its fingerprint and the instant at which it began to fire: sent again it does nothing.
Alerts of one source about one service with one impact share an outage, with a ticket of its own where one is
asked for; both end with the last of them. So what gets worse does not change what was, and what gets better
is not down for longer than it was. An alert that maintenance explains (`maintenance.silence`), or that says
that what is down is degraded, is held; it opens an outage as soon as nothing explains it any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from maintenance.alarms import file_for, in_desks_words, settle_outage
from maintenance.models import Alert, AlertSource, Impact, Outage
from maintenance.services.outages import link_tickets, open_outage
from maintenance.services.watching import DEGRADED, DOWN, FOUND, OVER, end_for
from maintenance.silence import is_explained
from maintenance.staff_bells import tell_staff_found
from tickets.models import Service

# What the label "severity" may say for a service that is not down.
MILD = frozenset({"warning", "warn", "info", "informational", "minor", "none"})


@dataclass(frozen=True, kw_only=True)
class GivenAlert:
    """One alert as it came in; it has ended where `ended_at` is set."""

    fingerprint: str
    starts_at: datetime
    ended_at: datetime | None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Taken:
    """What came of a delivery: alerts that said something new, known ones, those without a service."""

    new: int = 0
    known: int = 0
    ignored: list[str] = field(default_factory=list)


@transaction.atomic
def take_alerts(*, source: AlertSource, alerts: Sequence[GivenAlert], at: datetime) -> Taken:
    """Open, join and end outages as the alerts say."""
    source = _lock(source.pk)
    source.last_used_at = at
    source.save(update_fields=["last_used_at"])
    named, taken = _services_of(source), Taken()
    # What is down first: that it is degraded too is no news then.
    for given in sorted(alerts, key=lambda given: _is_mild(given.labels)):
        known = Alert.objects.filter(
            source=source, fingerprint=given.fingerprint, starts_at=given.starts_at
        ).select_related("outage")
        alert = known.first()
        if alert is not None and _note_end(source, alert, given, at):
            taken.new += 1
        elif alert is not None:
            taken.known += 1
        elif (service := _service_for(source, named, given.labels)) is not None:
            _note_new(source, service, given, at)
            taken.new += 1
        else:
            taken.ignored.append(given.fingerprint)
    return taken


@transaction.atomic
def take_held_alerts(*, source_id: int, at: datetime) -> int:
    """Open outages for held alerts that nothing explains any more; returns for how many."""
    source = _lock(source_id)
    named, opened = _services_of(source), 0
    for alert in Alert.objects.held().filter(source=source).order_by("starts_at", "pk"):
        service = _service_for(source, named, alert.labels)
        if service is not None and _give_outage(source, service, alert, started_at=at, at=at):
            alert.save(update_fields=["outage"])
            opened += 1
    return opened


def _note_end(source: AlertSource, alert: Alert, given: GivenAlert, at: datetime) -> bool:
    """Whether a known alert ends with this; what its service is called by now does not matter."""
    if given.ended_at is None or alert.ended_at is not None:
        return False
    alert.ended_at = max(alert.starts_at, min(given.ended_at, at))
    alert.save(update_fields=["ended_at"])
    if alert.outage is not None:
        _end_if_last(source, alert.outage, at)
    return True


def _note_new(source: AlertSource, service: Service, given: GivenAlert, at: datetime) -> None:
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
        _give_outage(source, service, alert, started_at=min(given.starts_at, at), at=at)
    alert.save()
    # It cannot begin again before it has ended: the word of that was lost.
    lost = Alert.objects.filter(source=source, fingerprint=given.fingerprint, ended_at=None)
    lost.filter(starts_at__lt=given.starts_at).update(ended_at=given.starts_at)


def _give_outage(
    source: AlertSource, service: Service, alert: Alert, *, started_at: datetime, at: datetime
) -> bool:
    """Give a firing alert its outage, unless something explains it; whether it has one now."""
    impact = Impact.DEGRADED if _is_mild(alert.labels) else Impact.DOWN
    if is_explained(service_id=service.pk, impact=impact, at=at):
        return False
    if impact == Impact.DEGRADED and _running(source, service, Impact.DOWN) is not None:
        return False
    alert.outage = _running(source, service, impact) or _open(
        source, service, impact, started_at=started_at, at=at
    )
    return True


def _running(source: AlertSource, service: Service, impact: Impact) -> Outage | None:
    hit = Outage.objects.running().filter(
        alerts__source=source,
        outage_services__service=service,
        outage_services__impact=impact,
        outage_services__ended_at=None,
    )
    found: Outage | None = hit.order_by("pk").first()
    return found


def _is_mild(labels: Mapping[str, str]) -> bool:
    return labels.get("severity", "").strip().lower() in MILD


def _open(
    source: AlertSource, service: Service, impact: Impact, *, started_at: datetime, at: datetime
) -> Outage:
    title = in_desks_words(source, DOWN if impact == Impact.DOWN else DEGRADED, service=service.name)
    text = in_desks_words(source, FOUND, service=service.name)
    outage = open_outage(
        tenant_id=source.tenant_id,
        title=title[:120],
        services={service: impact},
        text=text,
        started_at=started_at,
        by=None,
        at=at,
    )
    ticket = file_for(source, subject=title, body=text, service=service, at=at)
    if ticket is not None:
        link_tickets(outage=outage, tickets=[ticket], by=None, at=at)
    tell_staff_found(outage, name=source.name, at=at)
    return outage


def _end_if_last(source: AlertSource, outage: Outage, at: datetime) -> None:
    """End the outage, and settle its ticket, with the last of its alerts."""
    alerts = Alert.objects.filter(source=source, outage=outage)
    if alerts.filter(ended_at=None).exists():
        return
    said, named = set(outage.services.all()), _services_of(source)
    watched = {_service_for(source, named, labels) for labels in alerts.values_list("labels", flat=True)}
    over = {service for service in said if service in watched} or said
    text = in_desks_words(source, OVER, service=", ".join(sorted(service.name for service in over)))
    if outage.ended_at is None:
        last = max(ended for ended in alerts.values_list("ended_at", flat=True) if ended)
        end_for(outage, over, name=source.name, text=text, ended_at=min(at, last), at=at)
    settle_outage(outage, text=text, at=at)


def _service_for(
    source: AlertSource, named: Mapping[str, Service], labels: Mapping[str, str]
) -> Service | None:
    """The service that the label names; that of the source where there is no such label.

    A name that no service has, or more than one, means none: a slip of the pen must not take down another.
    """
    name = labels.get(source.label, "").strip().lower()
    return named.get(name) if name else source.service


def _services_of(source: AlertSource) -> dict[str, Service]:
    """Services in use by their name; of two with one name, of different customers, none is meant by it."""
    services = list(Service.objects.filter(tenant_id=source.tenant_id).in_use())
    times = Counter(service.name.lower() for service in services)
    return {service.name.lower(): service for service in services if times[service.name.lower()] == 1}


def _lock(source_id: int) -> AlertSource:
    locked = AlertSource.objects.select_for_update(no_key=True, of=("self",))
    found: AlertSource = locked.select_related("tenant", "service", "requester").get(pk=source_id)
    return found
