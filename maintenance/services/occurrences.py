"""The windows of a series: which days they stand for, how they are made and follow a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Membership
from maintenance.lifecycle import Status
from maintenance.models import Series, Window, WindowEventKind
from maintenance.promised import HOUR, promised_hours, terms_of_window
from maintenance.recurrence import Occurrence, Recurrence, occurrences
from maintenance.services.drafting import (
    WORDS,
    WindowTerms,
    changed_fields,
    make_window,
    write_audience,
    write_terms,
)
from maintenance.services.history import lock_window, write_event
from maintenance.services.periods import block
from maintenance.services.planning import call_off, plan_anew, schedule_window
from maintenance.services.replanning import AUDIENCE, tell_changes

TIMES = ("rule", "zone", "first_date", "last_date", "starts_at_time", "minutes")
HORIZON = timedelta(days=120)
MOST_AHEAD = 60
"""Occurrences that are made ahead: daily work reaches no further than this."""


def days_ahead(series: Series, at: datetime) -> list[Occurrence]:
    """The occurrences that begin after `at` and are in sight."""
    recurrence = Recurrence(*(getattr(series, name) for name in TIMES))
    today = at.astimezone(ZoneInfo(series.zone)).date()
    found = occurrences(recurrence, today, today + HORIZON)
    return [one for one in found if one.starts_at > at][:MOST_AHEAD]


def missing(series: Series, at: datetime, *, behind_last: bool = False) -> list[Occurrence]:
    """Those for which no window was made yet; `behind_last` looks only behind the last one that was.

    A day that was left out once, because nobody could be told in time, is not taken up again.
    """
    known = set(series.windows.values_list("occurrence", flat=True))
    last = max((day for day in known if day is not None), default=series.first_date - timedelta(days=1))
    found = [one for one in days_ahead(series, at) if one.day not in known]
    return [one for one in found if one.day > last] if behind_last else found


def make_occurrence(series: Series, occurrence: Occurrence, *, by: Membership | None, at: datetime) -> Window:
    """Draft and schedule one window of a series. Raises what `schedule_window` raises."""
    window = draft_occurrence(series, occurrence, by=by, at=at)
    return schedule_window(window=window, by=by, at=at)


def draft_occurrence(
    series: Series, occurrence: Occurrence, *, by: Membership | None, at: datetime
) -> Window:
    """One window of a series, not announced."""
    window = make_window(
        _terms(series, occurrence),
        tenant_id=series.tenant_id,
        series=series,
        occurrence=occurrence.day,
        created_by=by or series.created_by,
        created_at=at,
    )
    write_event(window, WindowEventKind.DRAFTED, at=at, by=by, data={"series": series.pk})
    return window


def ahead_of(series: Series, by: Membership | None, at: datetime, *, apart: bool = False) -> list[Window]:
    """The windows of a series that have not begun, locked; those that stand apart only if asked for."""
    windows = series.windows.filter(status__in=(Status.DRAFT, Status.SCHEDULED), starts_at__gt=at)
    if not apart:
        windows = windows.filter(is_apart=False)
    locked = [lock_window(window, by) for window in windows.order_by("starts_at", "pk")]
    return [one for one in locked if one.status in (Status.DRAFT, Status.SCHEDULED)]


def is_settled(window: Window, at: datetime) -> bool:
    """It was announced, and is too near for anybody to be told of another plan in time."""
    if window.status == Status.DRAFT:
        return False
    customers, terms = terms_of_window(window, at)
    longest = max((promised_hours(terms, pk) or 0 for pk in customers), default=0)
    return window.starts_at - at < longest * HOUR


def bring_into_line(
    window: Window, series: Series, occurrence: Occurrence, *, by: Membership | None, at: datetime
) -> None:
    """Let a window, locked and blocking nothing, be as its series says. Raises what `move_window` raises."""
    terms = _terms(series, occurrence)
    changed = changed_fields(window, terms)
    is_moved = (terms.starts_at, terms.ends_at) != (window.starts_at, window.ends_at)
    is_draft = window.status == Status.DRAFT
    write_terms(
        window, terms if is_draft else replace(terms, starts_at=window.starts_at, ends_at=window.ends_at)
    )
    new = set() if AUDIENCE.isdisjoint(changed) else write_audience(window, terms)
    data = {"series": series.pk, "fields": changed}
    write_event(window, WindowEventKind.CHANGED, at=at, by=by, data=data)
    if is_draft:
        return
    if is_moved:
        plan_anew(window, terms.starts_at, terms.ends_at, by=by, at=at)
    else:
        block(window, window.starts_at, window.ends_at)
        tell_changes(window, changed, new, by=by, at=at)


def drop(window: Window, why: str, *, by: Membership | None, at: datetime) -> None:
    """Cancel a window whose day is no longer one of its series, and leave the day free for another."""
    call_off(window, why, by=by, at=at)
    window.series, window.occurrence = None, None
    window.save(update_fields=["series", "occurrence"])


def _terms(series: Series, occurrence: Occurrence) -> WindowTerms:
    return WindowTerms(
        **{name: getattr(series, name) for name in WORDS},
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        services=list(series.services.all()),
        checklist=tuple(series.checklist),
    )
