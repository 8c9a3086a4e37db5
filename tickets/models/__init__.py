"""Tickets, their conversation and history, and what they are about."""

from tickets.models.approvals import Approval, ApprovalState, DecidedBy
from tickets.models.catalogue import Service, ServiceGroup
from tickets.models.conversation import BODY_LENGTH, Attachment, Message, MessageKind, attachment_path
from tickets.models.drafts import FilingDraft
from tickets.models.handovers import HandOver
from tickets.models.history import EventKind, TicketEvent
from tickets.models.intake import IntakeAnswers, IntakeForm
from tickets.models.participants import Participant
from tickets.models.purposes import CategoryPurpose, Purpose
from tickets.models.ratings import COMMENT_LENGTH, LOW, SATISFIED, Rating, Score
from tickets.models.tickets import SUBJECT_LENGTH, Category, Channel, DueState, Ticket, TicketCounter

__all__ = [
    "BODY_LENGTH",
    "COMMENT_LENGTH",
    "LOW",
    "SATISFIED",
    "SUBJECT_LENGTH",
    "Approval",
    "ApprovalState",
    "Attachment",
    "Category",
    "CategoryPurpose",
    "Channel",
    "DecidedBy",
    "DueState",
    "EventKind",
    "FilingDraft",
    "HandOver",
    "IntakeAnswers",
    "IntakeForm",
    "Message",
    "MessageKind",
    "Participant",
    "Purpose",
    "Rating",
    "Score",
    "Service",
    "ServiceGroup",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "attachment_path",
]
