"""Why something is due when it is due, in a sentence: for customers, who read no receipt.

"…because our promise is 4 business hours from Wed 11 Mar, 17:30; we count Wed 17:30 to 18:00 and Thu 09:00
to 12:30 and leave out the night." Texts are in the active language; times are in the reader's zone, while
nights and weekends are those of the desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from babel.lists import format_list
from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts import humantime
from sla.amounts import target_words
from sla.receipt_words import stretch
from sla.receipts import Part, Segment
from sla.timeline import Target, Unit
from tickets.lifecycle import Status

MOST_WINDOWS = 3
_CLOSED = (Part.OUTSIDE_HOURS, Part.HOLIDAY)
_DAY = timedelta(days=1)
_SATURDAY = 5


def due_sentence(metric: str, due_at: datetime, why: str, *, zone: tzinfo, now: datetime) -> str:
    """By when we act, in the reader's time and in the desk's, and why: `why` of `because`, "" for none."""
    when = _in_both(due_at, zone, now)
    if due_at < now:
        said = {
            "first_response": _("We are late: our first reply was due by %(when)s"),
            "next_response": _("We are late: our reply was due by %(when)s"),
            "restore": _("We are late: the service was to work again by %(when)s"),
        }.get(metric, _("We are late: the solution was due by %(when)s"))
    else:
        said = {
            "first_response": _("First reply due by %(when)s"),
            "next_response": _("Reply due by %(when)s"),
            "restore": _("The service works again by %(when)s"),
        }.get(metric, _("Solution due by %(when)s"))
    sentence = said % {"when": when}
    return _("%(sentence)s, because %(why)s.") % {"sentence": sentence, "why": why} if why else f"{sentence}."


def because(segments: Sequence[Segment], target: Target | None, *, zone: tzinfo, now: datetime) -> str:
    """The words after "because" for the limit of a receipt; "" where it has none."""
    marks = {part.part: part.start for part in segments if part.start == part.end}
    if Part.RECKONED_LIMIT in marks or (target is None and Part.LIMIT in marks):
        return _("this time was agreed for this ticket")
    limit, start = marks.get(Part.LIMIT), marks.get(Part.RECEIVED)
    if target is None or limit is None or start is None:
        return ""
    amount = target_words(replace(target, aim=target.limit))
    began = humantime.short_moment(start, now=now)
    promised = _("our promise is %(amount)s from %(start)s") % {"amount": amount, "start": began}
    way = [part for part in segments if part.start < limit and part.start != part.end]
    counts, left_out = _counting(way, zone), list(_left_out(way, zone, now))
    if not left_out:
        return promised
    values = {"promised": promised, "hours": _listed(counts), "others": _listed(left_out)}
    if target.unit == Unit.ELAPSED_TIME:
        return _("%(promised)s; we leave out %(others)s") % values
    return _("%(promised)s; we count %(hours)s and leave out %(others)s") % values


def _in_both(at: datetime, zone: tzinfo, now: datetime) -> str:
    reader = timezone.get_current_timezone()
    mine = humantime.short_moment(at, now=now, zone=reader)
    here, there = at.astimezone(reader), at.astimezone(zone)
    if here.utcoffset() == there.utcoffset():
        return mine
    # Translators: Django date format for a time of day, as in "11:30".
    clock = dateformat.format(there, pgettext("date format", "H:i"))
    theirs = clock if here.date() == there.date() else humantime.short_moment(at, now=now, zone=zone)
    values = {"mine": mine, "theirs": theirs, "city": humantime.zone_city(zone)}
    return _("%(mine)s your time (%(theirs)s in %(city)s)") % values


def _counting(way: Iterable[Segment], zone: tzinfo) -> list[str]:
    """The hours that count, in the reader's time; of many, on how many days of the desk."""
    windows: list[tuple[datetime, datetime]] = []
    for part in way:
        if part.part != Part.COUNTED:
            continue
        touches = windows and windows[-1][1] == part.start  # cut at the aim or at now
        windows.append((windows.pop()[0] if touches else part.start, part.end))
    if len(windows) <= MOST_WINDOWS:
        return [stretch(*window, timezone.get_current_timezone()) for window in windows]
    days = len({start.astimezone(zone).date() for start, _end in windows})
    return [ngettext("the support hours of %(n)s day", "the support hours of %(n)s days", days) % {"n": days}]


@dataclass(frozen=True)
class _Closed:
    """Closed time without an opening in it: the holidays in it, and what it is besides."""

    holidays: tuple[Segment, ...]
    kind: str


def _left_out(way: Sequence[Segment], zone: tzinfo, now: datetime) -> Iterator[str]:
    runs = [_closed_run(list(run), zone) for is_closed, run in groupby(way, _is_closed) if is_closed]
    for kind in ("break", "night", "weekend", "day"):
        if count := sum(run.kind == kind for run in runs):
            yield _closed_words(kind, count)
    named = [holiday for run in runs for holiday in run.holidays]
    for holiday in named:
        day = humantime.short_date(holiday.start, now=now, zone=zone)
        yield f"{holiday.name or _('a closed day')} ({day})"
    for part, key in ((Part.PAUSED, "status"), (Part.PLANNED, "name")):
        spent: dict[str, timedelta] = {}
        for pause in way:
            if pause.part == part:
                reason = getattr(pause, key)
                spent[reason] = spent.get(reason, timedelta()) + (pause.end - pause.start)
        for reason, length in spent.items():
            yield _pause_words(part, reason, humantime.duration(length.total_seconds()))


def _is_closed(part: Segment) -> bool:
    return part.part in _CLOSED


def _closed_run(run: Sequence[Segment], zone: tzinfo) -> _Closed:
    holidays = tuple(part for part in run if part.part == Part.HOLIDAY)
    shut = {day for part in holidays for day in _days(part.start, part.end, zone)}
    start, end = run[0].start, run[-1].end
    days = [day for day in _days(start, end, zone) if day not in shut]
    if start.astimezone(zone).date() == (end - timedelta.resolution).astimezone(zone).date():
        kind = "" if holidays else "break"
    elif days:
        kind = "weekend" if any(day.weekday() >= _SATURDAY for day in days) else "day"
    else:
        kind = "" if holidays else "night"
    return _Closed(holidays, kind)


def _days(start: datetime, end: datetime, zone: tzinfo) -> Iterator[date]:
    """The dates of which more than half lies in a stretch: more than evenings and mornings do."""
    first, last = (at.astimezone(zone).replace(tzinfo=None) for at in (start, end))
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < last:
        if min(last, day + _DAY) - max(first, day) > _DAY / 2:
            yield day.date()
        day += _DAY


def _closed_words(kind: str, count: int) -> str:
    said = {
        "break": ngettext("the break", "%(n)s breaks", count),
        "night": ngettext("the night", "%(n)s nights", count),
        "weekend": ngettext("the weekend", "%(n)s weekends", count),
        "day": ngettext("a closed day", "%(n)s times of closed days", count),
    }[kind]
    return said % {"n": count}


def _pause_words(part: Part, reason: str, length: str) -> str:
    if part == Part.PLANNED:
        said = _("%(duration)s of planned maintenance")
    else:
        said = {
            Status.PENDING: _("%(duration)s in which we waited for your answer"),
            Status.ON_HOLD: _("%(duration)s in which we waited for somebody outside"),
            Status.AWAITING_APPROVAL: _("%(duration)s in which we waited for approval"),
            Status.RESOLVED: _("%(duration)s in which it was resolved"),
            Status.CLOSED: _("%(duration)s in which it was closed"),
        }.get(Status(reason) if reason in Status.values else Status.ON_HOLD, _("%(duration)s of pause"))
    return said % {"duration": length}


def _listed(items: Sequence[str]) -> str:
    return format_list(list(items), locale=(get_language() or "en").replace("-", "_")) if items else ""
