"""Intentions about recurring maintenance. Its windows are made some months ahead, each with its own life.

An occurrence that somebody edits, moves or cancels stands apart: what is changed about the series leaves it
alone. So does an occurrence that is too near to be told of anew in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from accounts.models import Membership
from maintenance.models import Series, SeriesService
from maintenance.permissions import can_plan_windows
from maintenance.promised import HOUR
from maintenance.recurrence import Recurrence, UnreadableRule, occurrences
from maintenance.services.drafting import WORDS
from maintenance.services.errors import (
    BadRule,
    Breach,
    LastBeforeFirst,
    NoServices,
    NotAllowed,
    NoticeTooShort,
    Overtaken,
    SeriesEnded,
    ServiceTaken,
    TakesNoTime,
)
from maintenance.services.occurrences import (
    TIMES,
    ahead_of,
    bring_into_line,
    days_ahead,
    draft_occurrence,
    drop,
    is_settled,
    make_occurrence,
    missing,
)
from maintenance.services.periods import free
from maintenance.services.planning import call_off
from maintenance.staff_notices import tell_unscheduled
from tickets.models import Service

RULE_BEARS_WITHIN = timedelta(days=5 * 366)
CHANGED = gettext_noop("The recurring maintenance was changed and does not take place on this day.")
ENDED = gettext_noop("The recurring maintenance has ended.")


@dataclass(frozen=True, kw_only=True)
class SeriesTerms:
    """What a form says about recurring maintenance; see `maintenance.models.Series`."""

    title: str
    kind: str
    impact: str
    rule: str
    zone: str
    first_date: date
    starts_at_time: time
    minutes: int
    services: Sequence[Service]
    last_date: date | None = None
    summary: str = ""
    advice: str = ""
    runbook: str = ""
    responsible: Membership | None = None
    starts_by_itself: bool = True
    ends_by_itself: bool = False
    checklist: Sequence[str] = ()


@transaction.atomic
def begin_series(*, terms: SeriesTerms, by: Membership, at: datetime) -> Series:
    """Announce maintenance that recurs: every occurrence of the next months is scheduled.

    Raises NotAllowed, NoServices, BadRule, TakesNoTime, LastBeforeFirst, NoticeTooShort (of
    the first occurrence), ServiceTaken.
    """
    if not can_plan_windows(by, by.tenant_id):
        raise NotAllowed
    _check(terms)
    series = Series(tenant_id=by.tenant_id, created_by=by, created_at=at)
    _write(series, terms)
    for occurrence in missing(series, at):
        make_occurrence(series, occurrence, by=by, at=at)
    return series


@transaction.atomic
def change_series(*, series: Series, terms: SeriesTerms, seen: int, by: Membership, at: datetime) -> Series:
    """Change recurring maintenance, and with it every occurrence ahead that can be told of it in time.

    An occurrence whose day goes is cancelled, one whose time changes is moved. `seen` is the version on the
    form. Raises NotAllowed, SeriesEnded, Overtaken, and what `begin_series` raises.
    """
    series = _lock(series, by)
    if series.version != seen:
        raise Overtaken
    _check(terms)
    series.version += 1
    _write(series, terms)
    kept = [window for window in ahead_of(series, by, at) if not is_settled(window, at)]
    wanted = {occurrence.day: occurrence for occurrence in days_ahead(series, at)}
    for window in kept:
        free(window)  # all at once: an occurrence may take the time that the one before it leaves
    for window in kept:
        occurrence = wanted.get(window.occurrence) if window.occurrence else None
        if occurrence is None:
            drop(window, _said(series, CHANGED), by=by, at=at)
        else:
            bring_into_line(window, series, occurrence, by=by, at=at)
    for occurrence in missing(series, at):
        # What can no longer be told in time begins with the first occurrence that can.
        with suppress(NoticeTooShort), transaction.atomic():
            make_occurrence(series, occurrence, by=by, at=at)
    return series


@transaction.atomic
def end_series(*, series: Series, by: Membership, at: datetime, why: str = "") -> Series:
    """Let it recur no more: what has not begun is cancelled. Raises NotAllowed, SeriesEnded."""
    series = _lock(series, by)
    series.ended_at = at
    series.version += 1
    series.save(update_fields=["ended_at", "version"])
    for window in ahead_of(series, by, at, apart=True):
        call_off(window, why.strip() or _said(series, ENDED), by=by, at=at)
    return series


@transaction.atomic
def extend_series(*, series: Series, at: datetime) -> int:
    """Make the occurrences that have come into sight; returns how many. Nothing while somebody else does.

    One that cannot be announced, since another window takes its time or it is too near, stays a draft, and
    staff are told.
    """
    rows = Series.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    locked = rows.filter(pk=series.pk, ended_at=None).first()
    if locked is None:
        return 0
    found = missing(locked, at, behind_last=True)
    for occurrence in found:
        try:
            with transaction.atomic():
                make_occurrence(locked, occurrence, by=None, at=at)
        except (NoticeTooShort, ServiceTaken) as refused:
            tell_unscheduled(draft_occurrence(locked, occurrence, by=None, at=at), refused, at=at)
    return len(found)


def first_day_in_time(terms: SeriesTerms, breaches: Sequence[Breach], *, at: datetime) -> date | None:
    """The first day of the rule, from the first day on, that keeps the notice of these; None within years."""
    longest = max((breach.promised_hours for breach in breaches), default=0) * HOUR
    recurrence = Recurrence(*(getattr(terms, name) for name in TIMES))
    found = occurrences(recurrence, terms.first_date, terms.first_date + RULE_BEARS_WITHIN)
    return next((one.day for one in found if one.starts_at - at >= longest), None)


def terms_of_series(series: Series) -> SeriesTerms:
    """What a form that changes the series starts from."""
    return SeriesTerms(
        **{name: getattr(series, name) for name in (*WORDS, *TIMES)},
        services=list(series.services.all()),
        checklist=tuple(series.checklist),
    )


def _lock(series: Series, by: Membership) -> Series:
    if not can_plan_windows(by, series.tenant_id):
        raise NotAllowed
    rows = Series.objects.select_for_update(no_key=True, of=("self",)).select_related("tenant")
    locked = rows.get(pk=series.pk)
    if locked.ended_at is not None:
        raise SeriesEnded
    return locked


def _check(terms: SeriesTerms) -> None:
    if not terms.services:
        raise NoServices
    if terms.minutes < 1:
        raise TakesNoTime
    if terms.last_date is not None and terms.last_date < terms.first_date:
        raise LastBeforeFirst
    recurrence = Recurrence(*(getattr(terms, name) for name in TIMES))
    try:
        found = occurrences(recurrence, terms.first_date, terms.first_date + RULE_BEARS_WITHIN)
    except UnreadableRule as error:
        raise BadRule from error
    if not found:
        raise BadRule


def _write(series: Series, terms: SeriesTerms) -> None:
    for name in (*WORDS, *TIMES):
        setattr(series, name, getattr(terms, name))
    series.checklist = [text.strip() for text in terms.checklist if text.strip()]
    series.save()
    wanted = {service.pk for service in terms.services}
    rows = SeriesService.objects.filter(series=series)
    present = set(rows.values_list("service_id", flat=True))
    rows.exclude(service_id__in=wanted).delete()
    SeriesService.objects.bulk_create(
        SeriesService(tenant_id=series.tenant_id, series=series, service_id=pk)
        for pk in sorted(wanted - present)
    )


def _said(series: Series, text: str) -> str:
    """Words that customers of the desk will read, in its language."""
    with translation.override(series.tenant.language):
        return gettext(text)
