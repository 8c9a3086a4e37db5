"""What a clock is reckoned from: the promise, and what happened to the ticket, as plain values.

The caller turns its own records into these (a ticket's events into `TimelineEntry`, a plan's rows into
`Target`); nothing here knows where they are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Metric(StrEnum):
    """What is promised. Restore is a resolution clock for outages, usually around the clock."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    RESTORE = "restore"


class Unit(StrEnum):
    """What a target counts: open seconds, business days, or seconds around the clock."""

    BUSINESS_TIME = "business_time"
    BUSINESS_DAYS = "business_days"
    ELAPSED_TIME = "elapsed_time"


class Kind(StrEnum):
    """What an entry of the timeline is. Any entry may also carry a new status or priority."""

    FILED = "filed"
    REQUESTER_MESSAGE = "requester_message"
    STAFF_REPLY = "staff_reply"
    AUTOMATIC_REPLY = "automatic_reply"
    NOTE = "note"
    STATUS = "status"
    PRIORITY = "priority"
    TARGETS = "targets"
    DUE_SET = "due_set"
    DUE_CLEARED = "due_cleared"
    MERGED = "merged"


class State(StrEnum):
    """Where a clock stands. `met` may be late: then `breached_at` is set as well."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    NO_COMMITMENT = "no_commitment"


RESPONSES = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE})
PAUSING = frozenset({"pending", "on_hold", "awaiting_approval"})
DONE = frozenset({"resolved", "closed"})


@dataclass(frozen=True, slots=True)
class Target:
    """A promise: past `aim` the clock is at risk, past `limit` breached. Seconds, or days for business days.

    `end_of_day` lets business days end at the last close of their date. Raises ValueError unless
    0 <= aim <= limit.
    """

    metric: str
    unit: str
    aim: int
    limit: int
    end_of_day: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.aim <= self.limit:
            raise ValueError(f"aim {self.aim} and limit {self.limit} are not in order")
        Unit(self.unit)  # raises ValueError for a unit that no clock knows


Targets = Mapping[str, Target | None]
"""Priority to target; None or absent where nothing is promised."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a ticket.

    `status` and `priority` are the new ones, empty where unchanged. `targets` belongs to TARGETS (plan,
    contract or category changed: from here on these are promised; empty for a suspended contract). `due_at`
    belongs to DUE_SET, and `metric` says which clock DUE_SET and DUE_CLEARED speak of. `by` is whoever did
    it, for the receipt.
    """

    at: datetime
    kind: str
    status: str = ""
    priority: str = ""
    by: str = ""
    targets: Targets | None = None
    due_at: datetime | None = None
    metric: str = Metric.RESOLUTION


@dataclass(frozen=True, slots=True)
class Pause:
    """A period that is left out; open where `end` is None. `status` says why: a status, or a reason of the
    caller's."""

    start: datetime
    end: datetime | None
    status: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised from an instant on: a target, or none, and a due time set by hand, or none."""

    since: datetime
    priority: str
    target: Target | None
    manual_due_at: datetime | None

    @property
    def promises(self) -> bool:
        """Whether there is any commitment at all."""
        return self.target is not None or self.manual_due_at is not None
