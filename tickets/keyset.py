"""Pages of the queue: by what falls due next, tickets without a running promise last.

`accounts.keyset` pages over columns that are never empty; this one knows that `due_at` may be. A cursor
stands in the URL as `<a|b>.<microseconds|->.<id>`: after, or before, the ticket with that due time and id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db.models import F, Q

from accounts.keyset import KeysetPage
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"([ab])\.(-|[0-9]{1,17})\.([0-9]{1,18})")


@dataclass(frozen=True)
class _Cursor:
    due_at: datetime | None
    pk: int
    backwards: bool = False

    @classmethod
    def read(cls, text: str) -> Self | None:
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        side, micros, pk = match.groups()
        due_at = None if micros == "-" else _EPOCH + timedelta(microseconds=int(micros))
        return cls(due_at, int(pk), side == "b")

    def __str__(self) -> str:
        micros = "-" if self.due_at is None else str((self.due_at - _EPOCH) // timedelta(microseconds=1))
        return f"{'b' if self.backwards else 'a'}.{micros}.{self.pk}"

    def beyond(self) -> Q:
        """What stands on the asked side of the cursor."""
        side = "lt" if self.backwards else "gt"
        if self.due_at is None:
            same = Q(**{"due_at__isnull": True, f"id__{side}": self.pk})
            return same | Q(due_at__isnull=False) if self.backwards else same
        same = Q(**{"due_at": self.due_at, f"id__{side}": self.pk})
        beyond = Q(**{f"due_at__{side}": self.due_at}) | same
        return beyond if self.backwards else beyond | Q(due_at__isnull=True)


def page_by_next_due(tickets: TicketQuerySet, cursor: str, *, size: int) -> KeysetPage[Ticket]:
    """One page in one query; a cursor that is not understood, or leads to nothing, gives the first page."""
    at = _Cursor.read(cursor)
    if at is None:
        found = tickets.by_next_due()
    elif at.backwards:
        found = tickets.filter(at.beyond()).order_by(F("due_at").desc(nulls_first=True), "-id")
    else:
        found = tickets.filter(at.beyond()).by_next_due()
    rows = list(found[: size + 1])
    if at is not None and not rows:
        return page_by_next_due(tickets, "", size=size)
    more, rows = len(rows) > size, rows[:size]
    if at is not None and at.backwards:
        rows.reverse()
        return KeysetPage(rows, _mark(rows[0], back=True) if more else "", _mark(rows[-1]))
    newer = _mark(rows[0], back=True) if at is not None else ""
    return KeysetPage(rows, newer, _mark(rows[-1]) if more else "")


def _mark(row: Ticket, *, back: bool = False) -> str:
    return str(_Cursor(row.due_at, row.pk, back))
