"""The times that the address of a planning page names, as a proposal of "find a time" does."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.requests import DeskRequest


def proposed_times(request: DeskRequest) -> dict[str, datetime]:
    """`starts_at` and `ends_at` from `start` (an instant) and `minutes`; empty without both."""
    start, minutes = _instant(request.GET.get("start", "")), request.GET.get("minutes", "")
    if start is None or not minutes.isdecimal() or len(minutes) > 5:
        return {}
    return {"starts_at": start, "ends_at": start + timedelta(minutes=int(minutes))}


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 2000 <= found.year < 2100 else None
