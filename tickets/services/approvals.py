"""Asking the customer before going on: an agent asks, the customer answers, the clocks wait in between.

Asking is a public reply that sets the status "awaiting approval": the question stands in the conversation,
counts as an answer, and the solution's clock rests. The answer opens the ticket again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.oneline import one_line
from tickets import approval_notices, permissions
from tickets.lifecycle import Status, may_become
from tickets.models import Approval, ApprovalState, EventKind, Ticket
from tickets.models.approvals import COMMENT_LENGTH, PRICE_LENGTH, QUESTION_LENGTH
from tickets.services.conversation import write_message
from tickets.services.errors import ApprovalOver, ApprovalWaits, NotAllowed, RefusedApproval, WrongStatus
from tickets.services.history import lock_ticket, lock_to_handle, record_event, refuse_closed, save_ticket
from tickets.services.standing import check_answerable, check_open

MOST_MINUTES = 10_000 * 60


@dataclass(frozen=True)
class Clause:
    """The exclusion of a plan that an agent names, in the words that customers read."""

    key: str
    title: str
    text: str = ""


@transaction.atomic
def ask_approval(
    *,
    ticket: Ticket,
    question: str,
    by: Membership,
    at: datetime,
    clause: Clause | None = None,
    estimate_minutes: int | None = None,
    price: str = "",
    submission: UUID | None = None,
) -> Approval:
    """Ask the requester, and the company's admins who see the ticket, for a yes.

    With a `clause` it is out of scope, and needs an estimate or a price. The ticket awaits approval until one
    of them answers; one that nobody has becomes the asker's.
    Raises TicketClosed, TicketMerged, NotAllowed, CustomerClosed, WrongStatus (it is resolved),
    ApprovalWaits, RefusedApproval, SentBefore.
    """
    ticket = lock_to_handle(ticket, by)
    check_answerable(ticket)
    if not permissions.can_ask_approval(by, ticket):
        raise WrongStatus
    if Approval.objects.filter(ticket=ticket, state=ApprovalState.WAITING).exists():
        raise ApprovalWaits
    question, price = question.strip(), one_line(price)
    _check(question, clause, estimate_minutes, price)
    approval = Approval.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        question=question,
        clause_key=clause.key if clause else "",
        clause_title=clause.title if clause else "",
        clause_text=clause.text if clause else "",
        estimate_minutes=estimate_minutes,
        price=price,
        asked_by=by,
        asked_at=at,
    )
    _say(ticket, approval, by, at, submission)
    approval_notices.tell_asked(approval, ticket, at=at)
    return approval


def _check(question: str, clause: Clause | None, estimate_minutes: int | None, price: str) -> None:
    if not question:
        raise RefusedApproval("question", _("Write what the customer shall approve."))
    if len(question) > QUESTION_LENGTH:
        raise RefusedApproval("question", _("At most %(most)d characters.") % {"most": QUESTION_LENGTH})
    if len(price) > PRICE_LENGTH:
        raise RefusedApproval("price", _("At most %(most)d characters.") % {"most": PRICE_LENGTH})
    if estimate_minutes is not None and not 0 < estimate_minutes <= MOST_MINUTES:
        raise RefusedApproval("estimate", _("Write an estimate of more than nothing, as in 1:30."))
    if clause is not None and estimate_minutes is None and not price:
        raise RefusedApproval("estimate", _("What is out of scope needs an estimate: hours, or a price."))


def _say(ticket: Ticket, approval: Approval, by: Membership, at: datetime, submission: UUID | None) -> None:
    """The question in the conversation, the status that waits, and the history of both."""
    before = Status(ticket.status)
    if before != Status.AWAITING_APPROVAL and not may_become(before, Status.AWAITING_APPROVAL):
        raise WrongStatus
    takes_it = ticket.assignee is None
    if takes_it:
        ticket.assignee = by
    ticket.status = Status.AWAITING_APPROVAL
    message = write_message(ticket, by=by, body=approval.question, at=at)
    save_ticket(ticket, "status", "assignee", at=at)
    data = {"from_staff": True, "automatic": False, "from": before, "to": Status.AWAITING_APPROVAL}
    record_event(
        ticket, EventKind.REPLIED, at=at, actor=by, message=message, data=data, submission=submission
    )
    asked = {
        "approval": approval.pk,
        "estimate": approval.estimate_minutes,
        "price": approval.price,
        "clause": approval.clause_title,
    }
    record_event(ticket, EventKind.APPROVAL_ASKED, at=at, actor=by, data=asked)
    if takes_it:
        record_event(ticket, EventKind.ASSIGNED, at=at, actor=by, data={"from": "", "to": by.name})


@transaction.atomic
def decide_approval(
    *,
    approval: Approval,
    approve: bool,
    comment: str = "",
    by: Membership,
    at: datetime,
    through: str = "portal",
) -> Approval:
    """The customer's answer; the ticket is open again and whoever has it is told.

    `through` is one of DecidedBy. Raises TicketClosed, TicketMerged, CustomerClosed, NotAllowed,
    ApprovalOver, and RefusedApproval for a comment that is too long.
    """
    approval, ticket = _lock(approval)
    refuse_closed(ticket)
    check_open(by)
    if not permissions.can_decide(by, ticket):
        raise NotAllowed
    if not approval.is_waiting or ticket.is_resolved:
        raise ApprovalOver
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH:
        raise RefusedApproval("comment", _("At most %(most)d characters.") % {"most": COMMENT_LENGTH})
    state = ApprovalState.APPROVED if approve else ApprovalState.DECLINED
    kind = EventKind.APPROVAL_GIVEN if approve else EventKind.APPROVAL_DECLINED
    approval.comment, approval.decided_through = comment, through
    _end(approval, ticket, state, kind, by=by, at=at)
    approval_notices.tell_decided(approval, ticket, by=by, at=at)
    return approval


@transaction.atomic
def withdraw_approval(*, approval: Approval, by: Membership, at: datetime) -> Approval:
    """Ask for it no longer; the ticket is open again. Raises TicketClosed, NotAllowed, ApprovalOver."""
    approval, ticket = _lock(approval)
    refuse_closed(ticket)
    if not permissions.can_handle(by, ticket):
        raise NotAllowed
    if not approval.is_waiting:
        raise ApprovalOver
    _end(approval, ticket, ApprovalState.WITHDRAWN, EventKind.APPROVAL_WITHDRAWN, by=by, at=at)
    approval_notices.take_back(approval, at=at)
    return approval


def end_waiting(ticket: Ticket, *, by: Membership, at: datetime) -> Approval | None:
    """Withdraw what waits for an answer on a ticket whose row the caller has locked; None where nothing does.

    Whoever was asked is told by the caller.
    """
    waiting = Approval.objects.select_for_update(of=("self",)).filter(
        ticket=ticket, state=ApprovalState.WAITING
    )
    approval: Approval | None = waiting.first()
    if approval is not None:
        _end(approval, ticket, ApprovalState.WITHDRAWN, EventKind.APPROVAL_WITHDRAWN, by=by, at=at)
    return approval


def _lock(approval: Approval) -> tuple[Approval, Ticket]:
    """Both rows as they are now; the ticket first, as everywhere."""
    ticket = lock_ticket(Ticket(pk=approval.ticket_id))
    return Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk), ticket


def _end(
    approval: Approval,
    ticket: Ticket,
    state: ApprovalState,
    kind: EventKind,
    *,
    by: Membership,
    at: datetime,
) -> None:
    """Nobody waits for the answer any more. A status that somebody set by hand meanwhile stays."""
    approval.state, approval.decided_by, approval.decided_at = state, by, at
    approval.save()
    before = Status(ticket.status)
    if before == Status.AWAITING_APPROVAL:
        ticket.status = Status.OPEN
    save_ticket(ticket, "status", at=at)
    data = {"approval": approval.pk, "comment": approval.comment, "from": before, "to": ticket.status}
    record_event(ticket, kind, at=at, actor=by, data=data)
