"""What happens in the demo: one act is one thing that one person does at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Filing:
    """What a new ticket says."""

    requester: str
    subject: str
    category: str
    priority: str
    service: str
    file: str = ""


@dataclass(frozen=True)
class Act:
    """`kind` is file, reply, note, assign, priority, status, resolve, reopen or close; people go by email.

    `to` is the new assignee, priority or status, `status` what a reply of staff sets.
    """

    at: datetime
    desk: str
    ticket: int
    kind: str
    who: str = ""
    text: str = ""
    to: str = ""
    status: str = ""
    filing: Filing | None = None
    file_text: str = ""
