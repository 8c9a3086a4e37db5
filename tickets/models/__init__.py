"""Tickets, their conversation and history, and what they are about."""

from tickets.models.approvals import Approval, ApprovalState, DecidedBy
from tickets.models.catalogue import Service, ServiceGroup
from tickets.models.drafts import FilingDraft
from tickets.models.intake import IntakeAnswers, IntakeForm
from tickets.models.purposes import CategoryPurpose, Purpose
from tickets.models.tickets import (
    BODY_LENGTH,
    SUBJECT_LENGTH,
    Attachment,
    Category,
    Channel,
    DueState,
    EventKind,
    Message,
    MessageKind,
    Ticket,
    TicketCounter,
    TicketEvent,
    attachment_path,
)

__all__ = [
    "BODY_LENGTH",
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
    "IntakeAnswers",
    "IntakeForm",
    "Message",
    "MessageKind",
    "Purpose",
    "Service",
    "ServiceGroup",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "attachment_path",
]
