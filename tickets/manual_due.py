"""The due times that people set by hand, read from a ticket's events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tickets.models import EventKind, TicketEvent

# `Metric` is `sla`'s; an answer ends these, and with them what was set by hand.
ENDED_BY_AN_ANSWER = ("first_response", "next_response")


@dataclass(frozen=True)
class ManualDue:
    """A due time in force: what was agreed for one metric, why, by whom and when."""

    metric: str
    due_at: datetime
    reason: str
    by: str
    at: datetime


def manual_dues(events: Iterable[TicketEvent]) -> dict[str, ManualDue]:
    """Those in force after the events, which come in order with their actors, by metric."""
    found: dict[str, ManualDue] = {}
    for event in events:
        if event.kind == EventKind.DUE_SET:
            found[event.data["metric"]] = _due(event)
        elif event.kind == EventKind.DUE_CLEARED:
            found.pop(event.data["metric"], None)
        elif _is_answer(event):
            for metric in ENDED_BY_AN_ANSWER:
                found.pop(metric, None)
    return found


def _is_answer(event: TicketEvent) -> bool:
    if event.kind != EventKind.REPLIED:
        return False
    return bool(event.data.get("from_staff")) and not event.data.get("automatic")


def _due(event: TicketEvent) -> ManualDue:
    return ManualDue(
        metric=event.data["metric"],
        due_at=datetime.fromisoformat(event.data["due_at"]),
        reason=event.data["reason"],
        by=event.actor.name if event.actor else "",
        at=event.at,
    )
