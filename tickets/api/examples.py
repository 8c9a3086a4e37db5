"""Examples that the documentation shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample

from accounts.api.documenting import EXAMPLE_DESK

FILE_TICKET = OpenApiExample(
    "A contact files a ticket",
    summary=_("A contact files a ticket"),
    value={
        "subject": "The till does not print",
        "body": "It worked **yesterday**. Today it does not.",
        "category": 3,
        "priority": "high",
        "service": 5,
    },
    request_only=True,
)
REPLY = OpenApiExample(
    "An agent replies and waits",
    summary=_("An agent replies and waits"),
    value={"body": "Which paper is in it?", "then": "pending"},
    request_only=True,
)
ASSIGN = OpenApiExample(
    "An agent takes a ticket that nobody had",
    summary=_("An agent takes a ticket that nobody had"),
    value={"assignee": 7, "seen": None},
    request_only=True,
)
CHANGE_PRIORITY = OpenApiExample(
    "From medium to high",
    summary=_("From medium to high"),
    value={"priority": "high", "seen": "medium"},
    request_only=True,
)
SET_DUE = OpenApiExample(
    "A date that was agreed on by telephone",
    summary=_("A date that was agreed on by telephone"),
    value={
        "metric": "resolution",
        "due_at": "2026-03-06T13:00:00Z",
        "reason": "Agreed with Carla: the spare part comes on Friday.",
        "seen": None,
    },
    request_only=True,
)
MERGE = OpenApiExample(
    "Both are about the same till",
    summary=_("Both are about the same till"),
    value={"into": 1040},
    request_only=True,
)
SPLIT = OpenApiExample(
    "The second question of a reply",
    summary=_("The second question of a reply"),
    value={"message": 9, "subject": "The scanner beeps twice"},
    request_only=True,
)

_MESSAGE: dict[str, Any] = {
    "id": 5,
    "kind": "reply",
    "author": {"id": 12, "name": "Carla Contact", "is_staff": False},
    "from_staff": False,
    "is_automatic": False,
    "body": "It worked **yesterday**. Today it does not.",
    "body_html": "<p>It worked <strong>yesterday</strong>. Today it does not.</p>\n",
    "created_at": "2026-03-02T05:00:00Z",
    "attachments": [],
}

TICKET = OpenApiExample(
    "A ticket as an agent sees it",
    summary=_("A ticket as an agent sees it"),
    value={
        "number": 1042,
        "reference": "ACME-1042",
        "subject": "The till does not print",
        "status": "new",
        "priority": "high",
        "channel": "api",
        "category": {"id": 3, "name": "Technical issue"},
        "service": {"id": 5, "name": "Tills"},
        "affected_service": "",
        "customer": {"id": 2, "name": "Bright Bakery"},
        "requester": {"id": 12, "name": "Carla Contact", "is_staff": False},
        "assignee": None,
        "filed_at": "2026-03-02T05:00:00Z",
        "updated_at": "2026-03-02T05:00:00Z",
        "resolved_at": None,
        "closed_at": None,
        "merged_into": None,
        "quiet_until": None,
        "due": {
            "state": "running",
            "metric": "first_response",
            "at": "2026-03-02T13:00:00Z",
            "at_risk_at": "2026-03-02T09:00:00Z",
            "remaining_seconds": None,
            "is_at_risk": False,
            "is_breached": False,
        },
        "has_breached": False,
        "url": f"{EXAMPLE_DESK}/api/v1/tickets/1042/",
        "page_url": f"{EXAMPLE_DESK}/tickets/1042/",
        "answers": [],
        "actions": [
            "reply",
            "note",
            "assign",
            "change_priority",
            "change_category",
            "change_service",
            "change_status",
            "set_due",
            "merge",
            "split",
            "resolve",
        ],
        "messages": [_MESSAGE],
        "assignee_back_at": None,
    },
    response_only=True,
    status_codes=["200", "201"],
)
