"""Public replies and internal notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from tickets import markdown, notices, permissions
from tickets.lifecycle import Status, may_become
from tickets.models import EventKind, Message, MessageKind, Ticket
from tickets.quiet import stays_resolved
from tickets.services.errors import NotAllowed, WrongStatus
from tickets.services.files import check_files, keep_files, no_file_left_behind
from tickets.services.history import lock_ticket, record_event, refuse_closed, save_ticket
from tickets.services.ratings import ask_for_rating
from tickets.services.standing import check_open


def write_message(
    ticket: Ticket,
    *,
    by: Membership | None,
    body: str,
    at: datetime,
    kind: MessageKind = MessageKind.REPLY,
    files: Sequence[UploadedFile[Any]] = (),
    is_automatic: bool = False,
) -> Message:
    """Add to the conversation; the Markdown is rendered and cleaned once, here."""
    message = Message.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        author=by,
        kind=kind,
        from_staff=by is None or by.is_staff_member,
        is_automatic=is_automatic,
        body=body.strip(),
        body_html=markdown.render(body),
        created_at=at,
    )
    keep_files(message, files, at=at)
    return message


@no_file_left_behind()
@transaction.atomic
def reply_to_ticket(
    *,
    ticket: Ticket,
    by: Membership,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]] = (),
    then: str = "",
    not_solved: bool = False,
    submission: UUID | None = None,
) -> Message:
    """Answer in public. Staff may set a status with it (`then`); an unassigned ticket becomes the answerer's.

    A requester's answer takes a pending ticket back to open. It reopens a resolved one, unless it comes
    within the desk's quiet period and does not say that this is `not_solved`.
    Raises TicketClosed, TicketMerged, CustomerClosed, NotAllowed, WrongStatus, RefusedFile, SentBefore.
    """
    check_files(files)
    ticket = lock_ticket(ticket)
    refuse_closed(ticket)
    check_open(by)
    if not permissions.can_reply(by, ticket):
        raise NotAllowed
    before = Status(ticket.status)
    if by.is_contact:
        after = _status_after_asking(ticket, at, not_solved)
    else:
        after = _status_after_answer(before, then)
    message = write_message(ticket, by=by, body=body, files=files, at=at)
    takes_it = by.is_staff_member and ticket.assignee is None
    ticket.assignee = by if takes_it else ticket.assignee
    if by.is_staff_member or after == Status.RESOLVED:
        ticket.chat_since = None
    _set_status(ticket, after, at)
    save_ticket(ticket, "status", "resolved_at", "assignee", "chat_since", at=at)
    data = {"from_staff": by.is_staff_member, "automatic": False, "from": before, "to": after}
    record_event(
        ticket, EventKind.REPLIED, at=at, actor=by, message=message, data=data, submission=submission
    )
    if takes_it:
        record_event(ticket, EventKind.ASSIGNED, at=at, actor=by, data={"from": "", "to": by.name})
    if after == Status.RESOLVED != before:
        ask_for_rating(ticket, at=at)
    notices.tell_replied(ticket, message, by=by, at=at, was_resolved=before == Status.RESOLVED)
    return message


def _status_after_asking(ticket: Ticket, at: datetime, not_solved: bool) -> Status:
    before = Status(ticket.status)
    if not not_solved and stays_resolved(ticket, ticket.tenant, at):
        return before
    return Status.OPEN if before in (Status.PENDING, Status.RESOLVED) else before


def _status_after_answer(before: Status, then: str) -> Status:
    after = Status(then) if then else (Status.OPEN if before == Status.NEW else before)
    if after == Status.CLOSED or (after != before and not may_become(before, after)):
        raise WrongStatus
    return after


def _set_status(ticket: Ticket, status: Status, at: datetime) -> None:
    if status == Status.RESOLVED and ticket.status != Status.RESOLVED:
        ticket.resolved_at = at
    elif status not in (Status.RESOLVED, Status.CLOSED):
        ticket.resolved_at = None
    ticket.status = status


@no_file_left_behind()
@transaction.atomic
def add_note(
    *,
    ticket: Ticket,
    by: Membership,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]] = (),
    submission: UUID | None = None,
) -> Message:
    """Write a note that staff alone will read. Raises NotAllowed, RefusedFile, SentBefore."""
    check_files(files)
    ticket = lock_ticket(ticket)
    if not permissions.can_note(by, ticket):
        raise NotAllowed
    message = write_message(ticket, by=by, body=body, kind=MessageKind.NOTE, files=files, at=at)
    save_ticket(ticket, at=at)
    record_event(ticket, EventKind.NOTED, at=at, actor=by, message=message, submission=submission)
    notices.tell_noted(ticket, message, by=by, at=at)
    return message
