"""What a status page says: the state of each public service, work that is coming, outages, the last 90 days.

Everything here is fit to be read by anybody: only services that are public, only windows that were announced,
and no text that names a customer or a private service (`maintenance.discretion`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import Membership, Tenant
from accounts.months import month_after
from maintenance.availability import Period, reckon
from maintenance.discretion import Discreet, discretion, discretion_towards
from maintenance.downtime import down_periods, excused_periods, troubled_periods
from maintenance.entries import uid_of
from maintenance.lifecycle import ANNOUNCED, BLOCKING, Status
from maintenance.models import (
    Impact,
    Outage,
    OutageService,
    OutageUpdate,
    StatusPage,
    Visibility,
    Window,
    WindowEvent,
    WindowEventKind,
    WindowService,
)
from maintenance.status_content import (
    Content,
    OutageShown,
    ServiceShown,
    StretchShown,
    UpdateShown,
    WindowShown,
    worst,
)
from maintenance.status_days import bounds_of, days_of
from maintenance.window_reading import texts_of
from tickets.models import Service

DAYS = 90
RECENT = timedelta(days=14)


def status_page_of(tenant_id: int) -> StatusPage:
    """What the desk has settled about its page, or how a page is before anybody has."""
    return StatusPage.objects.filter(tenant_id=tenant_id).first() or StatusPage(
        tenant_id=tenant_id, visibility=Visibility.CUSTOMERS
    )


def read_status(tenant: Tenant, *, now: datetime) -> Content:
    """The page as it is at `now`; days are those of the desk's zone."""
    zone = ZoneInfo(tenant.time_zone)
    last = now.astimezone(zone).date()
    first = last - timedelta(days=DAYS - 1)
    say = discretion(tenant.pk, tenant.name)
    outages = _outages(tenant.pk, since=bounds_of(first, zone)[0], until=now)
    windows = _windows(tenant.pk, since=bounds_of(first, zone)[0], until=None)
    shown = {window.pk: _window_shown(window, say, now) for window in windows}
    recent = [o for o in outages if o.ended_at is not None and o.ended_at >= now - RECENT]
    return Content(
        now=now,
        services=_services(tenant, outages, windows, say, first=first, last=last, now=now),
        outages=tuple(_outage_shown(o, say) for o in outages if o.ended_at is None),
        past_outages=tuple(_outage_shown(o, say) for o in recent),
        running=tuple(shown[w.pk] for w in windows if w.status == Status.IN_PROGRESS),
        coming=tuple(shown[w.pk] for w in windows if w.status == Status.SCHEDULED),
        cancelled=tuple(shown[w.pk] for w in windows if w.status == Status.CANCELLED and w.ends_at > now),
        past=tuple(
            shown[w.pk]
            for w in reversed(windows)
            if w.status == Status.COMPLETED and _ended(w) >= now - RECENT
        ),
    )


def read_month(tenant: Tenant, *, first: date, now: datetime) -> Content:
    """A month of the past or the present one: figures, outages and work of it, the newest first."""
    zone = ZoneInfo(tenant.time_zone)
    following = month_after(first)
    last = min(following - timedelta(days=1), now.astimezone(zone).date())
    start, end = bounds_of(first, zone)[0], bounds_of(last, zone)[1]
    say = discretion(tenant.pk, tenant.name)
    outages = _outages(tenant.pk, since=start, until=min(end, now))
    windows = _windows(tenant.pk, since=start, until=min(end, now))
    done = [w for w in windows if w.status in (Status.COMPLETED, Status.IN_PROGRESS)]
    return Content(
        now=now,
        services=_services(tenant, outages, windows, say, first=first, last=last, now=now),
        past_outages=tuple(_outage_shown(o, say) for o in outages),
        past=tuple(_window_shown(w, say, now) for w in reversed(done)),
    )


def windows_of_person(person: Membership, *, now: datetime) -> list[WindowShown]:
    """Announced windows that concern one person, services of the own company included, in order."""
    own = WindowService.objects.filter(service__in=Service.objects.visible_to(person))
    windows = (
        Window.objects.visible_to(person)
        .filter(status__in=ANNOUNCED, sequence__gt=0, ends_at__gt=now - timedelta(days=DAYS))
        .prefetch_related(_services_of("window_services", own))
        .order_by("starts_at", "id")
    )
    say = discretion_towards(person, texts_of(windows))
    return [_window_shown(window, say, now) for window in windows]


def _outages(tenant_id: int, *, since: datetime, until: datetime) -> list[Outage]:
    """Outages of public services that touch a period, the newest first, with what is public of them."""
    public = OutageService.objects.filter(service__is_public=True)
    touched = Q(ended_at__isnull=True) | Q(ended_at__gt=since)
    return list(
        Outage.objects.filter(touched, tenant_id=tenant_id, started_at__lt=until)
        .filter(pk__in=public.values("outage"))
        .prefetch_related(
            _services_of("outage_services", public, "started_at", "pk"),
            Prefetch("updates", OutageUpdate.objects.order_by("-at", "-id"), "shown_updates"),
        )
        .order_by("-started_at", "-id")
    )


def _windows(tenant_id: int, *, since: datetime, until: datetime | None) -> list[Window]:
    """Announced windows on public services that touch a period, in order, with what is public of them.

    `until` None: all that are to come. A cancelled one says when it was (`cancelled_at`).
    """
    public = WindowService.objects.filter(service__is_public=True)
    touched = Q(status__in=BLOCKING) | Q(ends_at__gt=since) | Q(ended_at__gt=since)
    if until is not None:
        touched &= Q(starts_at__lt=until)
    called_off = WindowEvent.objects.filter(window=OuterRef("pk"), kind=WindowEventKind.CANCELLED)
    return list(
        Window.objects.filter(touched, tenant_id=tenant_id, status__in=ANNOUNCED, sequence__gt=0)
        .filter(pk__in=public.values("window"))
        .annotate(cancelled_at=Subquery(called_off.order_by("-at").values("at")[:1]))
        .prefetch_related(_services_of("window_services", public))
        .order_by("starts_at", "id")
    )


def _services_of(name: str, rows: QuerySet[Any], *of_one: str) -> Prefetch[Any]:
    """The services of outages or windows in their order, as `shown_services`; those of one by `of_one`."""
    rows = rows.select_related("service").order_by(
        "service__position", "service__name", "service_id", *of_one
    )
    return Prefetch(name, rows, "shown_services")


def _services(
    tenant: Tenant,
    outages: Sequence[Outage],
    windows: Sequence[Window],
    say: Discreet,
    *,
    first: date,
    last: date,
    now: datetime,
) -> tuple[ServiceShown, ...]:
    hits, work = _hits(outages), _work(windows)
    states = _states(outages, windows)
    zone = ZoneInfo(tenant.time_zone)
    start = max(bounds_of(first, zone)[0], tenant.created_at)
    end = min(bounds_of(last, zone)[1], now)
    services = Service.objects.filter(tenant_id=tenant.pk, is_public=True).in_use().select_related("group")
    shown = []
    for service in sorted(services, key=_place):
        down = down_periods(hits[service.pk], work[service.pk], now)
        planned = excused_periods(work[service.pk], Impact.DOWN, now)
        days = days_of(
            down=down,
            degraded=troubled_periods(hits[service.pk], work[service.pk], Impact.DEGRADED, now),
            planned=planned,
            slow=excused_periods(work[service.pk], Impact.DEGRADED, now),
            first=first,
            last=last,
            zone=zone,
            since=tenant.created_at,
            now=now,
        )
        shown.append(
            ServiceShown(
                name=service.name,
                description=say(service.description),
                group=say(service.group.name) if service.group else "",
                state=worst(states[service.pk], "up"),
                days=tuple(days),
                percentage=_percentage(down, planned, start, end),
            )
        )
    return tuple(shown)


def _percentage(
    down: Iterable[Period], planned: Iterable[Period], start: datetime, end: datetime
) -> Decimal | None:
    return reckon(down, planned, start, end).percentage if start < end else None


def _place(service: Service) -> tuple[bool, int, str, int, str]:
    """Groups in their order, then services without one, each in its order."""
    group = service.group
    position, name = (group.position, group.name) if group else (0, "")
    return (group is None, position, name, service.position, service.name.casefold())


def _hits(outages: Sequence[Outage]) -> defaultdict[int, list[OutageService]]:
    """Service to how outages hit it."""
    hits: defaultdict[int, list[OutageService]] = defaultdict(list)
    for outage in outages:
        for hit in outage.shown_services:  # type: ignore[attr-defined]
            hits[hit.service_id].append(hit)
    return hits


def _work(windows: Sequence[Window]) -> defaultdict[int, list[Window]]:
    """Service to the windows on it."""
    work: defaultdict[int, list[Window]] = defaultdict(list)
    for window in windows:
        for row in window.shown_services:  # type: ignore[attr-defined]
            work[row.service_id].append(window)
    return work


def _states(outages: Sequence[Outage], windows: Sequence[Window]) -> defaultdict[int, list[str]]:
    states: defaultdict[int, list[str]] = defaultdict(list)
    for outage in outages:
        for hit in outage.shown_services:  # type: ignore[attr-defined]
            if hit.ended_at is None:
                states[hit.service_id].append(hit.impact)
    for window in windows:
        if window.status == Status.IN_PROGRESS and window.impact != "none":
            for work in window.shown_services:  # type: ignore[attr-defined]
                states[work.service_id].append("maintenance")
    return states


def _ended(window: Window) -> datetime:
    return window.ended_at or window.ends_at


def _changed_at(window: Window) -> datetime:
    cancelled_at: datetime | None = getattr(window, "cancelled_at", None)
    return cancelled_at or window.ended_at or window.started_at or window.told_at or window.created_at


def _window_shown(window: Window, say: Discreet, now: datetime) -> WindowShown:
    return WindowShown(
        uid=str(window.uid),
        calendar_uid=uid_of(window),
        title=say(window.title),
        summary=say(window.summary),
        advice=say(window.advice),
        kind=window.get_kind_display(),
        impact=window.impact,
        status=window.status,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        sequence=window.sequence,
        told_at=window.told_at or window.created_at,
        changed_at=_changed_at(window),
        services=tuple(work.service.name for work in window.shown_services),  # type: ignore[attr-defined]
        overruns=window.overruns(now),
        started_at=window.started_at,
        ended_at=window.ended_at,
    )


def _hit_now(outage: Outage, hits: Sequence[OutageService]) -> Iterator[tuple[str, str]]:
    """Each service with its state now, or as it was at worst where all is over."""
    for _service_id, same in groupby(hits, key=lambda hit: hit.service_id):
        rows = list(same)
        counted = rows if outage.ended_at is not None else [row for row in rows if row.ended_at is None]
        yield rows[0].service.name, worst([row.impact for row in counted], "up")


def _outage_shown(outage: Outage, say: Discreet) -> OutageShown:
    hits: list[OutageService] = outage.shown_services  # type: ignore[attr-defined]
    period = (outage.started_at, outage.ended_at)
    changed = any((hit.started_at, hit.ended_at) != period for hit in hits)
    stretches = [StretchShown(hit.service.name, hit.impact, hit.started_at, hit.ended_at) for hit in hits]
    return OutageShown(
        pk=outage.pk,
        title=say(outage.title),
        stage=outage.stage,
        label=outage.get_stage_display(),
        cause=say(outage.cause),
        started_at=outage.started_at,
        ended_at=outage.ended_at,
        services=tuple(_hit_now(outage, hits)),
        stretches=tuple(stretches) if changed else (),
        updates=tuple(
            UpdateShown(update.at, update.stage, str(update.get_stage_display()), say(update.text))
            for update in outage.shown_updates  # type: ignore[attr-defined]
        ),
    )


def next_months(tenant: Tenant, first: date, now: datetime) -> tuple[date | None, date | None]:
    """The months before and after one, None where there is no record."""
    zone = ZoneInfo(tenant.time_zone)
    oldest = tenant.created_at.astimezone(zone).date().replace(day=1)
    newest = now.astimezone(zone).date().replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = month_after(first)
    return (before if before >= oldest else None), (after if after <= newest else None)
