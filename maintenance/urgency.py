"""How long the mail of a notice may wait for the end of its reader's quiet hours.

What stands under the bell and above the pages stands there at once, whatever the hour. Mail of what is far
off waits; what is near, what changes the present, and what would come too late does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.quiet import QuietHours, awake_at
from maintenance.models import NoticeKind
from maintenance.promised import HOUR

NEAR = timedelta(hours=24)
LEAST_LEFT = timedelta(hours=4)
"""So long before the start a reminder that waited leaves at the latest."""


@dataclass(frozen=True)
class Moment:
    """What a notice is about: its kind and offset, the start, and the `earliest` of the start and the one
    before it moved."""

    kind: str
    hours: int
    starts_at: datetime
    earliest: datetime
    is_emergency: bool


def leaves_at(
    moment: Moment, quiet: QuietHours, *, promised_hours: int | None, at: datetime
) -> datetime | None:
    """When the mail of a notice that is given at `at` leaves, None: at once.

    Reminders of a day or more and plans that begin no sooner wait for the end of quiet hours, as long as the
    mail then still gives the notice that the reader's plan promises.
    """
    latest = _latest(moment, promised_hours, at)
    if latest is None:
        return None
    awake = awake_at(quiet, at)
    return awake if at < awake <= latest else None


def _latest(moment: Moment, promised_hours: int | None, at: datetime) -> datetime | None:
    """Until when it may wait, None: not at all."""
    if moment.kind == NoticeKind.REMINDER:
        return moment.starts_at - LEAST_LEFT if moment.hours * HOUR >= NEAR else None
    if moment.kind not in (NoticeKind.ANNOUNCED, NoticeKind.MOVED, NoticeKind.CHANGED) or moment.is_emergency:
        return None
    if moment.earliest - at < NEAR:
        return None
    return min(moment.earliest - NEAR, moment.starts_at - (promised_hours or 0) * HOUR)
