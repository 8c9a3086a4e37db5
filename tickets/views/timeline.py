"""The conversation with the events between its messages, as the ticket page shows it.

A contact gets public replies and the events that concern the customer; nothing else is even loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from accounts.models import Membership
from sla.models import Metric, Step
from tickets.lifecycle import Priority, Status
from tickets.models import EventKind, Message, MessageKind, Ticket, TicketEvent
from tickets.views.wording import status_label

MOST_MESSAGES = 25
MOST_EVENTS = 200
SHOWN_SINGLY = 2

FOR_CONTACTS = (
    EventKind.FILED,
    EventKind.REPLIED,
    EventKind.PRIORITY_CHANGED,
    EventKind.STATUS_CHANGED,
    EventKind.RESOLVED,
    EventKind.REOPENED,
    EventKind.CLOSED,
)
ICONS = {
    EventKind.FILED: "phone",
    EventKind.REPLIED: "circle-dot",
    EventKind.ASSIGNED: "user",
    EventKind.PRIORITY_CHANGED: "flag",
    EventKind.STATUS_CHANGED: "circle-dot",
    EventKind.RESOLVED: "circle-check",
    EventKind.REOPENED: "rotate-ccw",
    EventKind.CLOSED: "archive",
    EventKind.ESCALATED: "siren",
}


@dataclass
class MessageItem:
    """A message as the component draws it."""

    kind: str
    author: str
    detail: str
    at: datetime
    body: Markup
    id: str
    attachments: list[dict[str, Any]]


@dataclass
class EventItem:
    """One line between messages."""

    text: str
    at: datetime
    icon: str
    actor: str


@dataclass
class EventFold:
    """Several lines behind one, `summary`."""

    summary: str
    items: list[EventItem]


@dataclass
class Timeline:
    """What is shown, in order; `hidden` messages stand between the first and the rest."""

    first: MessageItem | None = None
    items: list[MessageItem | EventItem | EventFold] = field(default_factory=list)
    hidden: int = 0


def timeline_of(ticket: Ticket, reader: Membership, *, whole: bool = False) -> Timeline:
    """The conversation for that reader. Long ones are folded in the middle unless `whole` is asked for."""
    messages = _messages(ticket, reader)
    if whole:
        shown = list(messages.order_by("created_at", "id"))
        return Timeline(items=_woven(shown, _events(ticket, reader, None), reader))
    shown = list(messages.order_by("-created_at", "-id")[: MOST_MESSAGES + 1])
    if len(shown) <= MOST_MESSAGES:
        return Timeline(items=_woven(shown[::-1], _events(ticket, reader, None), reader))
    shown = shown[:MOST_MESSAGES][::-1]
    first = messages.order_by("created_at", "id").first()
    since = shown[0].created_at
    return Timeline(
        first=_message_item(first, reader) if first else None,
        items=_woven(shown, _events(ticket, reader, since), reader),
        hidden=messages.count() - len(shown) - 1,
    )


def _messages(ticket: Ticket, reader: Membership) -> QuerySet[Message]:
    messages = Message.objects.filter(ticket=ticket).select_related("author__customer")
    if reader.is_contact:
        messages = messages.filter(kind=MessageKind.REPLY)
    return messages.prefetch_related("attachments")


def _events(ticket: Ticket, reader: Membership, since: datetime | None) -> list[EventItem]:
    events = TicketEvent.objects.filter(ticket=ticket).exclude(kind=EventKind.NOTED).select_related("actor")
    if reader.is_contact:
        events = events.filter(kind__in=FOR_CONTACTS)
    if since is not None:
        events = events.filter(at__gte=since)
    newest = list(events.order_by("-at", "-id")[:MOST_EVENTS])
    said = ((event, event_words(event, reader)) for event in reversed(newest))
    return [
        EventItem(text, event.at, ICONS[EventKind(event.kind)], event.actor.name if event.actor else "")
        for event, text in said
        if text
    ]


def _woven(
    messages: list[Message], events: list[EventItem], reader: Membership
) -> list[MessageItem | EventItem | EventFold]:
    """Both by time; a message stands before what was changed with it. Runs of many events are folded."""
    both: list[MessageItem | EventItem] = [*(_message_item(m, reader) for m in messages), *events]
    both.sort(key=lambda item: (item.at, isinstance(item, EventItem)))
    woven: list[MessageItem | EventItem | EventFold] = []
    run: list[EventItem] = []
    for item in both:
        if isinstance(item, EventItem):
            run.append(item)
            continue
        woven.extend(_folded(run))
        woven.append(item)
        run = []
    return [*woven, *_folded(run)]


def _folded(run: list[EventItem]) -> list[EventItem | EventFold]:
    if len(run) <= SHOWN_SINGLY:
        return list(run)
    count = len(run) - 1
    return [EventFold(ngettext("%(n)d change", "%(n)d changes", count) % {"n": count}, run[:-1]), run[-1]]


def _message_item(message: Message, reader: Membership) -> MessageItem:
    author = message.author
    kind = "note" if message.is_note else ("staff" if message.from_staff else "customer")
    detail = ""
    if author is not None and author.customer is not None and reader.is_staff_member:
        detail = author.customer.name
    elif message.from_staff and reader.is_contact:
        detail = _("Support")
    return MessageItem(
        kind=kind,
        author=author.name if author else _("Support desk"),
        detail=detail,
        at=message.created_at,
        body=Markup(message.body_html),  # noqa: S704 - rendered and cleaned when it was written
        id=f"m{message.pk}",
        attachments=[
            {"name": file.name, "url": reverse("attachment", args=[file.pk]), "size": file.size}
            for file in message.attachments.all()  # type: ignore[attr-defined]
        ],
    )


def event_words(event: TicketEvent, reader: Membership) -> str:
    """What happened, as a clause; "" for what the message beside it says already."""
    before, after = event.data.get("from", ""), event.data.get("to", "")
    match event.kind:
        case EventKind.FILED:
            return _("logged this on behalf of the customer") if event.data.get("channel") == "agent" else ""
        case EventKind.REPLIED | EventKind.STATUS_CHANGED:
            return _status_words(before, after, reader)
        case EventKind.ASSIGNED:
            return _("assigned it to %(name)s") % {"name": after} if after else _("left it unassigned")
        case EventKind.PRIORITY_CHANGED:
            return _("changed the priority from %(before)s to %(after)s") % {
                "before": Priority(before).label,
                "after": Priority(after).label,
            }
        case EventKind.ESCALATED:
            return _escalation_words(event)
    return {
        EventKind.RESOLVED: _("resolved it"),
        EventKind.REOPENED: _("reopened it"),
        EventKind.CLOSED: _("Closed"),
    }.get(EventKind(event.kind), "")


def _status_words(before: str, after: str, reader: Membership) -> str:
    if before == after or not after:
        return ""
    if after == Status.RESOLVED:
        return _("resolved it")
    return _("set the status to “%(status)s”") % {"status": status_label(after, reader)}


def _escalation_words(event: TicketEvent) -> str:
    metric = str(Metric(event.data["metric"]).label)
    if event.data.get("step") == Step.AIM:
        return _("At risk: the aim for “%(metric)s” has passed") % {"metric": metric}
    return _("Breached: the limit for “%(metric)s” has passed") % {"metric": metric}
