"""The conversation with the events between its messages, as the ticket page shows it.

A contact gets public replies and the events that concern the customer; nothing else is even loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from accounts.models import Membership
from knowledge.permissions import can_write
from tickets.models import Attachment, EventKind, Message, MessageKind, Ticket, TicketEvent
from tickets.permissions import can_handle
from tickets.views.event_words import event_words

MOST_MESSAGES = 25
SHOWN_SINGLY = 2

FOR_CONTACTS = (
    EventKind.FILED,
    EventKind.REPLIED,
    EventKind.PRIORITY_CHANGED,
    EventKind.STATUS_CHANGED,
    EventKind.RESOLVED,
    EventKind.REOPENED,
    EventKind.CLOSED,
    EventKind.CATEGORY_CHANGED,
    EventKind.SERVICE_CHANGED,
    EventKind.MERGED,
    EventKind.MERGED_IN,
    EventKind.SPLIT,
    EventKind.EMERGENCY_DECLARED,
    EventKind.EMERGENCY_ACKNOWLEDGED,
    EventKind.EMERGENCY_ENDED,
    EventKind.MAINTENANCE_PLANNED,
    EventKind.MAINTENANCE_LIFTED,
    EventKind.APPROVAL_ASKED,
    EventKind.APPROVAL_GIVEN,
    EventKind.APPROVAL_DECLINED,
    EventKind.APPROVAL_WITHDRAWN,
    EventKind.HOURS_DRAWN,
    EventKind.WITHDRAWN,
    EventKind.PERSON_ADDED,
    EventKind.PERSON_REMOVED,
    EventKind.PRIVACY_CHANGED,
    EventKind.CHAT_ASKED,
)
ICONS = {
    EventKind.FILED: "phone",
    EventKind.NOTED: "lock",
    EventKind.REPLIED: "circle-dot",
    EventKind.ASSIGNED: "user",
    EventKind.PRIORITY_CHANGED: "flag",
    EventKind.STATUS_CHANGED: "circle-dot",
    EventKind.RESOLVED: "circle-check",
    EventKind.REOPENED: "rotate-ccw",
    EventKind.CLOSED: "archive",
    EventKind.ESCALATED: "siren",
    EventKind.CATEGORY_CHANGED: "tags",
    EventKind.SERVICE_CHANGED: "server",
    EventKind.DUE_SET: "calendar-clock",
    EventKind.DUE_CLEARED: "calendar-clock",
    EventKind.MERGED: "merge",
    EventKind.MERGED_IN: "merge",
    EventKind.SPLIT: "split",
    EventKind.PROMISE_CHANGED: "scroll-text",
    EventKind.EMERGENCY_DECLARED: "siren",
    EventKind.EMERGENCY_CALLED: "phone-call",
    EventKind.EMERGENCY_ACKNOWLEDGED: "siren",
    EventKind.EMERGENCY_ENDED: "siren",
    EventKind.MAINTENANCE_PLANNED: "wrench",
    EventKind.MAINTENANCE_LIFTED: "wrench",
    EventKind.OUTAGE_LINKED: "triangle-alert",
    EventKind.WINDOW_LINKED: "wrench",
    EventKind.WINDOW_UNLINKED: "wrench",
    EventKind.APPROVAL_ASKED: "stamp",
    EventKind.APPROVAL_GIVEN: "circle-check",
    EventKind.APPROVAL_DECLINED: "circle-x",
    EventKind.APPROVAL_WITHDRAWN: "undo-2",
    EventKind.TIME_LOGGED: "hourglass",
    EventKind.TIME_VOIDED: "hourglass",
    EventKind.HOURS_DRAWN: "hourglass",
    EventKind.RATED: "star",
    EventKind.RATING_FOLLOWED_UP: "star",
    EventKind.WITHDRAWN: "archive",
    EventKind.PERSON_ADDED: "user-plus",
    EventKind.PERSON_REMOVED: "user-minus",
    EventKind.PRIVACY_CHANGED: "eye-off",
    EventKind.CHAT_ASKED: "message-circle",
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
    split_url: str = ""
    article_url: str = ""


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


def events_of(ticket: Ticket) -> list[TicketEvent]:
    """The whole history in order, without the texts of its messages: one query for page and clocks."""
    return list(TicketEvent.objects.filter(ticket=ticket).select_related("actor").order_by("at", "id"))


def merged_in(events: Sequence[TicketEvent]) -> list[int]:
    """The numbers of the tickets that were merged into this one."""
    return [event.data["from"] for event in events if event.kind == EventKind.MERGED_IN]


def timeline_of(
    ticket: Ticket, reader: Membership, events: Sequence[TicketEvent], *, whole: bool = False
) -> Timeline:
    """The conversation for that reader, in one query. Long ones are folded in the middle unless `whole`.

    Every message has its event, so the events say which messages there are.
    """
    if reader.is_contact:
        events = [event for event in events if event.kind in FOR_CONTACTS]
    wanted = [event.message_id for event in events if event.message_id is not None]
    hidden = 0 if whole else max(0, len(wanted) - MOST_MESSAGES - 1)
    if hidden:
        wanted = [wanted[0], *wanted[-MOST_MESSAGES:]]
    messages = _messages(ticket, reader, wanted)
    _offer_to_split(ticket, reader, events, messages)
    _offer_article(ticket, reader, messages)
    if not hidden or len(messages) < 2:
        return Timeline(items=_woven(messages, _event_items(events, reader), reader))
    first, *recent = messages
    later = [event for event in events if event.at >= recent[0].created_at]
    return Timeline(_message_item(first, reader), _woven(recent, _event_items(later, reader), reader), hidden)


def _messages(ticket: Ticket, reader: Membership, wanted: Sequence[int]) -> list[Message]:
    """Those messages with their authors and files; a note is left out again for a contact."""
    files = Attachment.objects.filter(message=OuterRef("pk")).order_by("created_at", "id")
    messages = Message.objects.filter(ticket=ticket, pk__in=wanted).select_related("author__customer")
    if reader.is_contact:
        messages = messages.filter(kind=MessageKind.REPLY)
    with_files = messages.annotate(
        files=ArraySubquery(files.values(shown=JSONObject(id="id", name="name", size="size")))
    )
    return list(with_files.defer("body", "search").order_by("created_at", "id"))


def _offer_to_split(
    ticket: Ticket, reader: Membership, events: Sequence[TicketEvent], messages: list[Message]
) -> None:
    """Mark the messages that staff may make a ticket of: later ones of the customer, once each."""
    if not can_handle(reader, ticket):
        return
    gone = {event.data.get("message") for event in events if event.kind == EventKind.SPLIT}
    later = {event.message_id for event in events if event.kind == EventKind.REPLIED}
    for message in messages:
        if not message.from_staff and message.pk in later - gone:
            message.split_url = reverse("split_ticket", args=[ticket.number, message.pk])  # type: ignore[attr-defined]


def _offer_article(ticket: Ticket, reader: Membership, messages: list[Message]) -> None:
    """Mark what staff wrote last: staff may make an article of it."""
    if not can_write(reader, ticket.tenant_id):
        return
    for message in reversed(messages):
        if message.from_staff and message.kind == MessageKind.REPLY:
            message.article_url = reverse("article_of_answer", args=[ticket.number, message.pk])  # type: ignore[attr-defined]
            return


def _event_items(events: Sequence[TicketEvent], reader: Membership) -> list[EventItem]:
    said = ((event, event_words(event, reader)) for event in events)
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
            {"name": file["name"], "url": reverse("attachment", args=[file["id"]]), "size": file["size"]}
            for file in message.files  # type: ignore[attr-defined]  # annotated above
        ],
        split_url=getattr(message, "split_url", ""),
        article_url=getattr(message, "article_url", ""),
    )
