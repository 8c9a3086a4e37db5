"""From a ticket's history to what the pure core reckons from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sla.clock import Kind, Target, TimelineEntry
from sla.models import Metric
from sla.terms import Targets, Terms
from tickets.models import EventKind, Ticket, TicketEvent

_KINDS = {
    EventKind.FILED: Kind.FILED,
    EventKind.NOTED: Kind.NOTE,
    EventKind.PRIORITY_CHANGED: Kind.PRIORITY,
    EventKind.STATUS_CHANGED: Kind.STATUS,
    EventKind.RESOLVED: Kind.STATUS,
    EventKind.REOPENED: Kind.STATUS,
    EventKind.CLOSED: Kind.STATUS,
    EventKind.DUE_SET: Kind.DUE_SET,
    EventKind.DUE_CLEARED: Kind.DUE_CLEARED,
    EventKind.MERGED: Kind.MERGED,
}


def events_of(ticket: Ticket) -> list[TicketEvent]:
    """The history of a ticket, in order; one query."""
    return list(TicketEvent.objects.filter(ticket=ticket).select_related("actor").order_by("at", "id"))


def timeline_of(events: Iterable[TicketEvent]) -> list[TimelineEntry]:
    """The history of a ticket as the core reads it, from all its events in order; no query."""
    return list(_entries(events))


def under_terms(
    metric: str, terms: Terms, timeline: Sequence[TimelineEntry], events: Iterable[TicketEvent] = ()
) -> tuple[dict[str, Target], list[TimelineEntry]]:
    """What `evaluate` takes for one clock: the promises at filing and the timeline with their changes.

    A restore clock promises something only while the ticket is about an outage, which its events say.
    """
    if metric == Metric.RESTORE:
        return _restoring(terms, timeline, events)
    changes = [
        TimelineEntry(at=since, kind=Kind.TARGETS, targets=targets.get(metric, {}))
        for since, targets in terms.changes
    ]
    # What is promised from an instant on holds for what happens at it.
    return terms.targets_for(metric), [*changes, *timeline]


def _restoring(
    terms: Terms, timeline: Sequence[TimelineEntry], events: Iterable[TicketEvent]
) -> tuple[dict[str, Target], list[TimelineEntry]]:
    """The promises of a restore clock: those of the plan, in the stretches in which it is an outage."""
    steps: list[tuple[datetime, bool | Targets]] = [*terms.changes]
    said = [(event.at, bool(event.data["is_outage"])) for event in events if "is_outage" in event.data]
    steps.extend(said)
    first = said[0][1] if said else False
    is_outage, targets = first, terms.targets
    changes = []
    for at, step in sorted(steps, key=lambda step: step[0]):
        is_outage, targets = (step, targets) if isinstance(step, bool) else (is_outage, step)
        now = targets.get(Metric.RESTORE, {}) if is_outage else {}
        changes.append(TimelineEntry(at=at, kind=Kind.TARGETS, targets=now))
    return (terms.targets_for(Metric.RESTORE) if first else {}), [*changes, *timeline]


def is_ever_outage(events: Iterable[TicketEvent]) -> bool:
    """Whether the ticket was about an outage at any time, so that a restore clock may have run."""
    return any(event.data.get("is_outage") for event in events)


def _entries(events: Iterable[TicketEvent]) -> Iterable[TimelineEntry]:
    for event in events:
        kind = _kind_of(event)
        if kind is not None:
            yield TimelineEntry(
                at=event.at,
                kind=kind,
                status=event.status,
                priority=event.priority,
                by=event.actor.name if event.actor else "",
                **_manual(event),
            )


def _manual(event: TicketEvent) -> dict[str, Any]:
    """What an entry about a due time set by hand carries besides."""
    if event.kind == EventKind.DUE_SET:
        return {"metric": event.data["metric"], "due_at": datetime.fromisoformat(event.data["due_at"])}
    return {"metric": event.data["metric"]} if event.kind == EventKind.DUE_CLEARED else {}


def _kind_of(event: TicketEvent) -> Kind | None:
    if event.kind != EventKind.REPLIED:
        return _KINDS.get(EventKind(event.kind))
    if not event.data.get("from_staff"):
        return Kind.REQUESTER_MESSAGE
    return Kind.AUTOMATIC_REPLY if event.data.get("automatic") else Kind.STAFF_REPLY
