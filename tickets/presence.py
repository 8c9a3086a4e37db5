"""Who is writing on a ticket now, kept in the cache for seconds: it may be missed, not wrong for long."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from accounts.models import Membership
from tickets.models import Ticket

LASTS = 12
"""Seconds after the last sign of somebody until they count as gone."""


def note_writing(ticket: Ticket, *, by: Membership, at: datetime) -> None:
    """Somebody types a public reply. Of two who begin in the same instant one may be shown a moment later."""
    known = _known(ticket, at) | {by.pk: (by.name, by.is_staff_member, at.timestamp() + LASTS)}
    cache.set(_key(ticket), known, timeout=LASTS)


def stop_writing(ticket: Ticket, *, by: Membership, at: datetime) -> None:
    """They have sent it."""
    known = _known(ticket, at)
    if known.pop(by.pk, None):
        cache.set(_key(ticket), known, timeout=LASTS)


def writers(ticket: Ticket, reader: Membership, *, at: datetime) -> list[tuple[str, bool]]:
    """The others who write now: name, and whether they are of the staff."""
    known = _known(ticket, at)
    return sorted((name, is_staff) for pk, (name, is_staff, _until) in known.items() if pk != reader.pk)


def _known(ticket: Ticket, at: datetime) -> dict[int, tuple[str, bool, float]]:
    found: dict[int, tuple[str, bool, float]] = cache.get(_key(ticket)) or {}
    return {pk: one for pk, one in found.items() if one[2] > at.timestamp()}


def _key(ticket: Ticket) -> str:
    return f"writing:{ticket.tenant_id}:{ticket.pk}"
