"""The stretches in which an outage hits its services: what changes from an instant on, and what is corrected.

In the transaction of whoever holds the outage's row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.humantime import exact_moment
from maintenance.models import Impact, Outage, OutageService
from maintenance.services.outage_errors import NothingLeft, WrongInstant
from tickets.models import Service


@dataclass(frozen=True)
class Stretch:
    """How a service was hit for a while.

    `started_at` None: since the outage began. `ended_at` None: until the next stretch or the outage's end.
    """

    impact: str
    started_at: datetime | None = None
    ended_at: datetime | None = None


Hits = Mapping[Service, str | Sequence[Stretch]]
"""Services with their stretches; an impact alone is one stretch, which keeps what it has of its own times."""


@dataclass
class Turn:
    """What an update changed, as ids of services; `known` are those that the outage had hit before it."""

    known: set[int] = field(default_factory=set)
    worse: set[int] = field(default_factory=set)
    recovered: set[int] = field(default_factory=set)


def turn(
    outage: Outage, impacts: Mapping[Service, str], recovered: Iterable[Service], *, since: datetime
) -> Turn:
    """From `since` on these services are hit so, and `recovered` are not hit any more; what stays so stays.

    Raises WrongInstant (before what is recorded), NothingLeft.
    """
    rows = list(outage.outage_services.select_related("service").order_by("started_at", "pk"))
    last = {row.service_id: row for row in rows}
    found = Turn(known=set(last))
    for service in recovered:
        row = last.get(service.pk)
        if row is not None and row.ended_at is None:
            _end(row, since)
            found.recovered.add(service.pk)
    for service, impact in impacts.items():
        row = last.get(service.pk)
        if row is not None and row.ended_at is None and row.impact == impact:
            continue
        if row is None or row.ended_at is not None or impact == Impact.DOWN:
            found.worse.add(service.pk)
        _hit(outage, service, row, impact, since)
    if not outage.outage_services.filter(ended_at=None).exists():
        raise NothingLeft
    return found


def end_stretches(outage: Outage, ended_at: datetime) -> list[int]:
    """End what lasts at that instant; returns the services that were hit until now.

    What was said of later instants meanwhile, when nobody knew yet that it was over, did not happen.
    """
    rows = list(outage.outage_services.order_by("started_at", "pk"))
    until_now = [row.service_id for row in rows if row.ended_at is None]
    first = {row.service_id: row.pk for row in reversed(rows)}
    for row in rows:
        if row.started_at >= ended_at and row.pk != first[row.service_id]:
            row.delete()
        elif row.ended_at is None or row.ended_at > ended_at:
            row.started_at, row.ended_at = min(row.started_at, ended_at), ended_at
            row.save(update_fields=["started_at", "ended_at"])
    return until_now


def _end(row: OutageService, since: datetime) -> None:
    if since < row.started_at:
        raise _too_early(row.started_at)
    row.ended_at = since
    row.save(update_fields=["ended_at"])


def _hit(outage: Outage, service: Service, row: OutageService | None, impact: str, since: datetime) -> None:
    """Begin a stretch after `row`, the last one of the service."""
    if row is None and since < outage.started_at:
        raise _too_early(outage.started_at)
    if row is not None and row.ended_at is None:
        if since <= row.started_at:  # to say that it was never so is a correction
            raise _too_early(row.started_at)
        _end(row, since)
    elif row is not None and row.ended_at is not None and since < row.ended_at:
        raise _too_early(row.ended_at)
    OutageService.objects.create(
        tenant_id=outage.tenant_id, outage=outage, service=service, impact=impact, started_at=since
    )


def _too_early(after: datetime) -> WrongInstant:
    words = _("Choose a time after %(when)s; what was recorded wrong is corrected under “Edit outage”.")
    return WrongInstant("since", words % {"when": exact_moment(after)})


def recorded_of(outage: Outage) -> dict[Service, list[Stretch]]:
    """What is recorded, to be saved again as it is or within another period of the outage."""
    found: dict[Service, list[Stretch]] = {}
    rows = outage.outage_services.select_related("service").order_by("-started_at", "-pk")
    following: dict[int, datetime | None] = {}
    for row in rows:
        end = row.ended_at if row.ended_at != following.get(row.service_id, outage.ended_at) else None
        start = row.started_at if row.started_at != outage.started_at else None
        following[row.service_id] = row.started_at
        found.setdefault(row.service, []).insert(0, Stretch(row.impact, start, end))
    return found


def set_services(
    outage: Outage, services: Hits, before: tuple[datetime, datetime | None], *, at: datetime
) -> None:
    """Bring the services' rows to what was corrected; `before` is the outage's old period.

    Stretches end where the next one begins at the latest, and lie in the outage's period. Raises
    WrongInstant, NothingLeft.
    """
    rows: dict[int, list[OutageService]] = {}
    for row in outage.outage_services.order_by("started_at", "pk"):
        rows.setdefault(row.service_id, []).append(row)
    found: list[OutageService] = []
    for service, wanted in services.items():
        own = [_kept(wanted, rows.get(service.pk, []), before)] if isinstance(wanted, str) else wanted
        found += _rows(outage, service, own, at)
    if outage.ended_at is None and all(row.ended_at is not None for row in found):
        raise NothingLeft
    OutageService.objects.filter(outage=outage).delete()
    OutageService.objects.bulk_create(found)


def _kept(impact: str, rows: list[OutageService], before: tuple[datetime, datetime | None]) -> Stretch:
    """One stretch instead of all, with the start and the end that were the service's own."""
    if not rows:
        return Stretch(impact)
    start, end = rows[0].started_at, rows[-1].ended_at
    return Stretch(impact, start if start != before[0] else None, end if end != before[1] else None)


def _rows(outage: Outage, service: Service, wanted: Sequence[Stretch], at: datetime) -> list[OutageService]:
    found: list[OutageService] = []
    first, last = outage.started_at, outage.ended_at
    following: datetime | None = None
    _check(wanted, at)
    for each in sorted(wanted, key=lambda one: one.started_at or first, reverse=True):
        ends = [instant for instant in (each.ended_at, following, last) if instant is not None]
        end = max(first, min(ends)) if ends else None
        start = max(first, each.started_at or first)
        start = start if end is None else min(start, end)
        following = start
        row = OutageService(tenant_id=outage.tenant_id, outage=outage, service=service)
        row.impact, row.started_at, row.ended_at = each.impact, start, end
        found.insert(0, row)
    # One stays in any case: that the outage hit the service is told by its rows.
    return [row for row in found if row.started_at != row.ended_at] or found[:1]


def _check(wanted: Sequence[Stretch], at: datetime) -> None:
    for each in wanted:
        if any(instant is not None and instant > at for instant in (each.started_at, each.ended_at)):
            raise WrongInstant("services", _("Choose a time that has passed."))
        if each.started_at and each.ended_at and each.ended_at < each.started_at:
            raise WrongInstant("services", _("A stretch ends after it begins."))
    if sum(each.started_at is None for each in wanted) > 1:
        raise WrongInstant("services", _("Say from when a service was hit otherwise than before."))
