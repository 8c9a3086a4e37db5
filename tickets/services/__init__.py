"""Intentions about tickets: one function each, keyword-only.

Each opens its own transaction, locks the ticket, refuses what the rules refuse by an exception named here,
writes, and ends in `record_event`. `at` is the instant at which it happens, `by` who does it.
"""

from tickets.services.approvals import Clause, ask_approval, decide_approval, withdraw_approval
from tickets.services.conversation import add_note, reply_to_ticket
from tickets.services.due import clear_due, set_due
from tickets.services.errors import (
    AccountStopped,
    ApprovalOver,
    ApprovalWaits,
    CannotMerge,
    CannotSplit,
    CustomerClosed,
    EditedMeanwhile,
    NotAllowed,
    RefusedApproval,
    RefusedDue,
    RefusedFile,
    SentBefore,
    TicketClosed,
    TicketMerged,
    TicketRuleBroken,
    WrongStatus,
)
from tickets.services.filing import file_ticket
from tickets.services.handling import (
    assign_ticket,
    change_category,
    change_priority,
    change_service,
    change_status,
    close_ticket,
    reopen_ticket,
    resolve_ticket,
)
from tickets.services.history import Happening, earlier_event, record_event, record_events
from tickets.services.intake import FaultyQuestions, RefusedAnswers, change_intake_form, intake_form_of
from tickets.services.merging import merge_tickets
from tickets.services.people import (
    add_person,
    change_privacy,
    remove_person,
    withdraw_ticket,
)
from tickets.services.ratings import RatingOver, ask_for_rating, follow_up_rating, rate_ticket
from tickets.services.splitting import split_ticket

__all__ = [
    "AccountStopped",
    "ApprovalOver",
    "ApprovalWaits",
    "CannotMerge",
    "CannotSplit",
    "Clause",
    "CustomerClosed",
    "EditedMeanwhile",
    "FaultyQuestions",
    "Happening",
    "NotAllowed",
    "RatingOver",
    "RefusedAnswers",
    "RefusedApproval",
    "RefusedDue",
    "RefusedFile",
    "SentBefore",
    "TicketClosed",
    "TicketMerged",
    "TicketRuleBroken",
    "WrongStatus",
    "add_note",
    "add_person",
    "ask_approval",
    "ask_for_rating",
    "assign_ticket",
    "change_category",
    "change_intake_form",
    "change_priority",
    "change_privacy",
    "change_service",
    "change_status",
    "clear_due",
    "close_ticket",
    "decide_approval",
    "earlier_event",
    "file_ticket",
    "follow_up_rating",
    "intake_form_of",
    "merge_tickets",
    "rate_ticket",
    "record_event",
    "record_events",
    "remove_person",
    "reopen_ticket",
    "reply_to_ticket",
    "resolve_ticket",
    "set_due",
    "split_ticket",
    "withdraw_approval",
    "withdraw_ticket",
]
