"""The forms in which programs read a status page: Atom, JSON, iCalendar. Values in, texts out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.humantime import machine_time
from accounts.models import Tenant
from maintenance.lifecycle import Status
from maintenance.status_content import Content, OutageShown, UpdateShown, WindowShown
from notifications.invitations import Invitation, calendar_of, event_of


@dataclass(frozen=True)
class AtomEntry:
    """One outage or window in a feed. `anchor` is its place on the page, `updates` are the newest first."""

    id: str
    anchor: str
    title: str
    published: datetime
    updated: datetime
    services: tuple[str, ...]
    text: str
    window: WindowShown | None = None
    updates: tuple[UpdateShown, ...] = ()


def atom_entries(tenant: Tenant, content: Content) -> list[AtomEntry]:
    """Outages and windows, what changed last first."""
    entries = [_outage_entry(tenant, outage) for outage in (*content.outages, *content.past_outages)]
    entries += [_window_entry(window) for window in content.windows]
    return sorted(entries, key=lambda entry: entry.updated, reverse=True)


def _outage_entry(tenant: Tenant, outage: OutageShown) -> AtomEntry:
    instants = [outage.started_at, *(update.at for update in outage.updates)]
    if outage.ended_at is not None:
        instants.append(outage.ended_at)
    return AtomEntry(
        id=f"tag:{settings.MESSAGE_ID_DOMAIN},2026:{tenant.slug}/outages/{outage.pk}",
        anchor=f"outage-{outage.pk}",
        title=f"{outage.label}: {outage.title}",
        published=outage.started_at,
        updated=max(instants),
        services=tuple(name for name, _impact in outage.services),
        text=outage.cause,
        updates=outage.updates,
    )


def _window_entry(window: WindowShown) -> AtomEntry:
    return AtomEntry(
        id=f"urn:uuid:{window.uid}",
        anchor=f"window-{window.uid}",
        title=f"{Status(window.status).label}: {window.title}",
        published=window.told_at,
        updated=max(window.changed_at, window.told_at),
        services=window.services,
        text=window.summary,
        window=window,
    )


def json_of(tenant: Tenant, content: Content, *, address: str) -> dict[str, Any]:
    """What the page says, for programs; availability in per cent, planned maintenance left out."""
    return {
        "page": {"name": tenant.name, "url": address, "time_zone": tenant.time_zone},
        "updated_at": machine_time(content.now),
        "state": content.state,
        "services": [
            {
                "name": service.name,
                "group": service.group or None,
                "state": service.state,
                "availability_90_days": None if service.percentage is None else float(service.percentage),
            }
            for service in content.services
        ],
        "outages": [_outage_json(outage) for outage in (*content.outages, *content.past_outages)],
        "maintenance": [_window_json(window) for window in content.windows],
    }


def _outage_json(outage: OutageShown) -> dict[str, Any]:
    return {
        "title": outage.title,
        "stage": outage.stage,
        "impact": outage.impact,
        "services": [{"name": name, "impact": impact} for name, impact in outage.services],
        "stretches": [
            {
                "service": stretch.service,
                "impact": stretch.impact,
                "started_at": machine_time(stretch.started_at),
                "ended_at": machine_time(stretch.ended_at) if stretch.ended_at else None,
            }
            for stretch in outage.stretches
        ],
        "started_at": machine_time(outage.started_at),
        "ended_at": machine_time(outage.ended_at) if outage.ended_at else None,
        "cause": outage.cause,
        "updates": [
            {"at": machine_time(update.at), "stage": update.stage, "text": update.text}
            for update in outage.updates
        ],
    }


def _window_json(window: WindowShown) -> dict[str, Any]:
    return {
        "uid": window.uid,
        "title": window.title,
        "status": window.status,
        "impact": window.impact,
        "services": list(window.services),
        "starts_at": machine_time(window.starts_at),
        "ends_at": machine_time(window.ends_at),
        "summary": window.summary,
        "advice": window.advice,
    }


def window_calendar(tenant: Tenant, windows: Iterable[WindowShown], *, address: str, now: datetime) -> str:
    """A calendar of windows; each is the entry that invitations know, by the same identity."""
    events = [event_of(_entry(window, now), url=f"{address}#window-{window.uid}") for window in windows]
    return calendar_of(events, name=_("Maintenance by %(desk)s") % {"desk": tenant.name})


def _entry(window: WindowShown, now: datetime) -> Invitation:
    paragraphs = [", ".join(window.services), window.summary.strip(), window.advice.strip()]
    return Invitation(
        uid=window.calendar_uid,
        sequence=window.sequence,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        stamped_at=now,
        summary=window.title,
        description="\n\n".join(filter(None, paragraphs)),
        is_cancelled=window.status == Status.CANCELLED,
    )
