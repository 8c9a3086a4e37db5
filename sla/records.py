"""From a ticket's history to what the pure core reckons from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sla.clock import Kind, Pause, Target, TimelineEntry
from sla.models import Metric
from sla.terms import Pausing, Targets, Terms
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
    # Asking comes with a reply, which carries the status; the answer ends the wait.
    EventKind.APPROVAL_GIVEN: Kind.STATUS,
    EventKind.APPROVAL_DECLINED: Kind.STATUS,
    EventKind.APPROVAL_WITHDRAWN: Kind.STATUS,
    # Nobody solved it: what was promised is neither kept nor missed.
    EventKind.WITHDRAWN: Kind.MERGED,
}


def events_of(ticket: Ticket) -> list[TicketEvent]:
    """The history of a ticket, in order; one query."""
    return list(TicketEvent.objects.filter(ticket=ticket).select_related("actor").order_by("at", "id"))


def histories_of(tickets: Iterable[Ticket]) -> dict[int, list[TicketEvent]]:
    """What clocks are reckoned from, of each ticket by its id, in order; one query.

    The events lack who did it and what they say besides: neither moves an instant.
    """
    found: dict[int, list[TicketEvent]] = defaultdict(list)
    events = TicketEvent.objects.filter(ticket__in=tickets).order_by("at", "id")
    for event in events.only("ticket", "kind", "at", "status", "priority", "data"):
        event.actor = None
        found[event.ticket_id].append(event)
    return found


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


def planned_of(events: Iterable[TicketEvent]) -> tuple[Pause, ...]:
    """The periods of announced maintenance on a ticket's service, by their starts; `status` is the title.

    Each instant is what was said of it when it came: a window that is extended after its end leaves the time
    between as it was, and what was over when it was announced is none. So nothing that was judged changes.
    """
    said: dict[int, TicketEvent] = {}
    found: dict[int, list[Pause]] = defaultdict(list)
    for event in events:
        if event.kind in (EventKind.MAINTENANCE_PLANNED, EventKind.MAINTENANCE_LIFTED):
            window = event.data["window"]
            if window in said:
                _add(found[window], said.pop(window), event.at)
            if event.kind == EventKind.MAINTENANCE_PLANNED:
                said[window] = event
    for window, event in said.items():
        _add(found[window], event, None)
    periods = (period for of_window in found.values() for period in of_window)
    return tuple(sorted(periods, key=lambda period: period.start))


def planned_under(metric: str, terms: Terms, events: Iterable[TicketEvent]) -> tuple[Pause, ...]:
    """What `evaluate` takes as planned for one clock: of a resolution, while the plan's version says so."""
    if metric != Metric.RESOLUTION or not terms.ever_pauses:
        return ()
    return pausing_periods(terms.pausing, planned_of(events))


def pausing_periods(pausing: Pausing, periods: Iterable[Pause]) -> tuple[Pause, ...]:
    """The parts of planned periods in which resolution clocks stand."""
    ends = [since for since, _pauses in pausing[1:]]
    changes = zip(pausing, [*ends, None], strict=False)
    stretches = [(since, until) for (since, pauses), until in changes if pauses]
    parts = (_within(period, *stretch) for period in periods for stretch in stretches)
    return tuple(part for part in parts if part is not None)


def _add(periods: list[Pause], event: TicketEvent, until: datetime | None) -> None:
    """Add what an event says of a window, up to when something else was said of it."""
    starts_at, ends_at = (datetime.fromisoformat(event.data[name]) for name in ("starts_at", "ends_at"))
    period = _within(Pause(starts_at, ends_at, event.data["title"]), event.at, until)
    if period is None:
        return
    if periods and periods[-1].end == period.start:
        period = replace(period, start=periods.pop().start)
    periods.append(period)


def _within(period: Pause, since: datetime | None, until: datetime | None) -> Pause | None:
    """The part of a period with an end that lies between two instants, if any does."""
    end = period.end if until is None or period.end is None else min(period.end, until)
    start = period.start if since is None else max(period.start, since)
    return replace(period, start=start, end=end) if end is not None and start < end else None


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
