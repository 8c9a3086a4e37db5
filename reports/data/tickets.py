"""Tickets with their public conversation, what happened to them, files, approvals and ratings.

What a reader gets is what its pages show: rows come from `visible_to`, messages are public replies, events
those that contacts read, in the same words. Notes are not even loaded.
"""

from __future__ import annotations

import html
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.models import Membership
from reports.data.archive import Archive, Sheet, safe_name
from reports.models import Scope
from tickets.models import Approval, Attachment, Message, MessageKind, Rating, Ticket, TicketEvent
from tickets.notices import reference
from tickets.querysets import TicketQuerySet
from tickets.services.intake import answered, with_intake
from tickets.views.event_words import event_words
from tickets.views.timeline import FOR_CONTACTS
from tickets.views.wording import status_label

log = logging.getLogger(__name__)

MOST_TICKETS = 10_000
MOST_FILE_BYTES = 2 * 1024**3
BATCH = 50
Progress = Callable[[int, int], None]


class TicketFiles:
    """Writes the tickets of one reader; `left_out` counts files beyond the limit or gone from the store."""

    def __init__(self, archive: Archive, reader: Membership) -> None:
        self.archive, self.reader = archive, reader
        self.left_out, self._bytes = 0, 0
        self._tickets = Sheet(
            [
                *(_("Ticket"), _("Subject"), _("Status"), _("Priority"), _("Category"), _("Service")),
                *(_("Requester"), _("Private"), _("Filed"), _("Resolved"), _("Closed")),
            ]
        )
        self._messages = Sheet(
            [_("Ticket"), _("When"), _("Who"), _("From support"), _("Message"), _("Files")]
        )
        self._events = Sheet([_("Ticket"), _("When"), _("Who"), _("What happened")])
        self._approvals = Sheet(
            [
                *(_("Ticket"), _("Asked"), _("By"), _("Question"), _("Clause"), _("Estimate in minutes")),
                *(_("Price"), _("Answer"), _("Answered"), _("By"), _("Comment")),
            ]
        )
        self._ratings = Sheet([_("Ticket"), _("When"), _("Who"), _("Answer of 5"), _("Comment")])

    def write(self, tickets: TicketQuerySet, note: Progress) -> None:
        """All of them, some at a time, the newest first."""
        wanted = list(tickets.order_by("-pk").values_list("pk", flat=True)[:MOST_TICKETS])
        note(0, len(wanted))
        for start in range(0, len(wanted), BATCH):
            self._write_some(tickets, wanted[start : start + BATCH])
            note(min(start + BATCH, len(wanted)), len(wanted))
        for name, sheet in (
            ("tickets", self._tickets),
            ("messages", self._messages),
            ("events", self._events),
            ("approvals", self._approvals),
            ("ratings", self._ratings),
        ):
            self.archive.sheet(f"{name}.csv", sheet)

    def _write_some(self, tickets: TicketQuerySet, wanted: list[int]) -> None:
        found = with_intake(tickets.filter(pk__in=wanted)).with_people().with_services().with_participants()
        messages = Message.objects.filter(ticket__in=wanted, kind=MessageKind.REPLY)
        files = Attachment.objects.visible_to(self.reader).filter(message__ticket__in=wanted)
        events = TicketEvent.objects.filter(ticket__in=wanted, kind__in=FOR_CONTACTS)
        approvals = Approval.objects.visible_to(self.reader).filter(ticket__in=wanted)
        ratings = Rating.objects.answered().filter(ticket__in=wanted)
        said = _grouped(messages.select_related("author").order_by("created_at", "pk"), "ticket_id")
        kept = _grouped(files, "message_id")
        happened = _grouped(events.select_related("actor").order_by("at", "pk"), "ticket_id")
        asked = _grouped(approvals.select_related("asked_by", "decided_by"), "ticket_id")
        rated = _grouped(ratings.select_related("rated_by"), "ticket_id")
        for ticket in found.order_by("-pk"):
            ticket.tenant = self.reader.tenant
            name, place = reference(ticket), f"tickets/{safe_name(reference(ticket))}"
            self._tickets.add(name, *self._cells(ticket))
            value = self._ticket(ticket) | {
                "conversation": [self._message(name, place, one, kept[one.pk]) for one in said[ticket.pk]],
                "events": list(self._history(name, happened[ticket.pk])),
                "approvals": [self._approval(name, one) for one in asked[ticket.pk]],
                "ratings": [self._rating(name, one) for one in rated[ticket.pk]],
            }
            self.archive.json(f"{place}/ticket.json", value)

    def _cells(self, ticket: Ticket) -> Iterator[Any]:
        yield ticket.subject
        yield status_label(ticket.status, self.reader)
        yield ticket.get_priority_display()
        yield ticket.category.name
        yield ticket.service_words
        yield ticket.requester.name
        yield _("yes") if ticket.is_private else _("no")
        yield from (moment(at) for at in (ticket.filed_at, ticket.resolved_at, ticket.closed_at))

    def _ticket(self, ticket: Ticket) -> dict[str, Any]:
        return {
            "ticket": reference(ticket),
            "subject": ticket.subject,
            "status": ticket.status,
            "priority": ticket.priority,
            "category": ticket.category.name,
            "service": ticket.service_words,
            "requester": ticket.requester.name,
            "others": [one["name"] for one in ticket.joined],  # type: ignore[attr-defined] # annotated
            "is_private": ticket.is_private,
            "filed_at": ticket.filed_at,
            "resolved_at": ticket.resolved_at,
            "closed_at": ticket.closed_at,
            "answers": [{"question": one.label, "answer": given} for one, given in answered(ticket)],
        }

    def _message(self, name: str, place: str, message: Message, files: list[Any]) -> dict[str, Any]:
        paths = [path for number, one in enumerate(files, 1) if (path := self._file(place, number, one))]
        author = message.author.name if message.author else _("Support desk")
        is_staff = _("yes") if message.from_staff else _("no")
        when = moment(message.created_at)
        self._messages.add(name, when, author, is_staff, message.body, "; ".join(paths))
        return {
            "at": message.created_at,
            "by": author,
            "from_support": message.from_staff,
            "text": message.body,
            "files": paths,
        }

    def _file(self, place: str, number: int, attachment: Attachment) -> str:
        """Where it lies in the ZIP; "" for one that is left out."""
        path = f"{place}/files/{attachment.message_id}-{number}-{safe_name(attachment.name)}"
        if self._bytes + attachment.size > MOST_FILE_BYTES:
            self.left_out += 1
            return ""
        try:
            with attachment.file.open("rb") as opened:
                self.archive.file(path, opened)
        except FileNotFoundError:
            log.warning("the file of attachment %s is gone", attachment.pk)
            self.left_out += 1
            return ""
        self._bytes += attachment.size
        return path

    def _history(self, name: str, events: Iterable[TicketEvent]) -> Iterator[dict[str, Any]]:
        for event in events:
            words = html.unescape(strip_tags(str(event_words(event, self.reader))))
            who = event.actor.name if event.actor else ""
            self._events.add(name, moment(event.at), who, words or event.get_kind_display())
            yield {"at": event.at, "kind": event.kind, "by": who, "words": words}

    def _approval(self, name: str, approval: Approval) -> dict[str, Any]:
        decided_by = approval.decided_by.name if approval.decided_by else ""
        self._approvals.add(
            *(name, moment(approval.asked_at), approval.asked_by.name, approval.question),
            *(approval.clause_title, approval.estimate_minutes, approval.price, approval.get_state_display()),
            *(moment(approval.decided_at), decided_by, approval.comment),
        )
        return {
            "asked_at": approval.asked_at,
            "asked_by": approval.asked_by.name,
            "question": approval.question,
            "clause": approval.clause_title,
            "clause_text": approval.clause_text,
            "estimate_minutes": approval.estimate_minutes,
            "price": approval.price,
            "state": approval.state,
            "decided_at": approval.decided_at,
            "decided_by": decided_by,
            "comment": approval.comment,
        }

    def _rating(self, name: str, rating: Rating) -> dict[str, Any]:
        who = rating.rated_by.name if rating.rated_by else ""
        self._ratings.add(name, moment(rating.rated_at), who, rating.score, rating.comment)
        return {"at": rating.rated_at, "by": who, "score": rating.score, "comment": rating.comment}


def tickets_for(reader: Membership, scope: str) -> TicketQuerySet:
    """Those that the reader may see; of its own data only those that it requested."""
    tickets: TicketQuerySet = Ticket.objects.visible_to(reader)
    return tickets if scope == Scope.COMPANY else tickets.filter(requester=reader)


def moment(at: Any) -> str:
    """An instant in the reader's zone, as spreadsheets read it."""
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes") if at else ""


def _grouped(rows: Iterable[Model], key: str) -> defaultdict[Any, list[Any]]:
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
