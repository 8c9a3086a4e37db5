"""A receipt as people read it: a band with marks for those who see, the same in sentences for everybody."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import humantime
from sla.receipts import Part, Segment
from tickets.lifecycle import Status

FULL = 1000  # the band's width, in thousandths
MOST_TICKS = 8
# A year is six hundred open and closed stretches: from this many on, the middle of a long run is summed up.
MOST_STRETCHES = 60
LONG_RUN, KEPT_AT_ENDS = 16, 6
# A closed night takes this share of its length on the band, so that open hours are what one sees.
CLOSED_SCALE = 0.15

_KINDS = {
    Part.COUNTED: "open",
    Part.OUTSIDE_HOURS: "closed",
    Part.HOLIDAY: "holiday",
    Part.PAUSED: "paused",
    Part.PLANNED: "paused",
}
_PLAIN = (Part.COUNTED, Part.OUTSIDE_HOURS)
_ENDS = (Part.MET, Part.CANCELLED)
_MARKS = {
    Part.RECEIVED: "received",
    Part.AIM: "aim",
    Part.LIMIT: "limit",
    Part.RECKONED_LIMIT: "reckoned",
    Part.MET: "met",
    Part.BREACHED: "breached",
}


@dataclass(frozen=True)
class Drawing:
    """The arguments of the macro `receipt`, besides its title."""

    segments: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    ticks: list[dict[str, Any]]
    words: list[tuple[str, str]]


def draw(segments: Sequence[Segment], *, now: datetime, zone: tzinfo) -> Drawing:
    """Draw a receipt; the band's days are those of the contract's zone, words are in the reader's."""
    if sum(part.part in _KINDS for part in segments) > MOST_STRETCHES:
        segments = list(_summed_up(segments))
    stretches = [part for part in segments if part.part in _KINDS]
    scale = _Scale(stretches)
    return Drawing(
        segments=[_band(part, scale) for part in stretches],
        marks=_marks(segments, scale, now),
        ticks=_ticks(stretches, scale, zone),
        words=list(_sentences(segments, now, zone)),
    )


def _summed_up(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The middle of every long run of open hours and nights as one stretch that still adds up: its `counted`.

    Marks, pauses and holidays stand between runs and are all kept.
    """
    for (plain, _projected), run in groupby(segments, lambda part: (part.part in _PLAIN, part.projected)):
        parts = list(run)
        if not plain or len(parts) < LONG_RUN:
            yield from parts
            continue
        middle = parts[KEPT_AT_ENDS:-KEPT_AT_ENDS]
        yield from parts[:KEPT_AT_ENDS]
        counted = sum((part.counted for part in middle), timedelta())
        yield replace(middle[0], part=Part.COUNTED, end=middle[-1].end, counted=counted)
        yield from parts[-KEPT_AT_ENDS:]


class _Scale:
    """Instants to thousandths of the band; closed time is drawn narrower than open time."""

    def __init__(self, stretches: Sequence[Segment]) -> None:
        self.edges: list[tuple[datetime, float]] = []
        at = 0.0
        for part in stretches:
            self.edges.append((part.start, at))
            at += (part.end - part.start).total_seconds() * _weight(part)
        if stretches:
            self.edges.append((stretches[-1].end, at))
        self.whole = at or 1.0

    def x(self, at: datetime) -> int:
        """The place of an instant, at the band's ends for those beyond."""
        after = bisect_left(self.edges, at, key=lambda edge: edge[0])
        if not self.edges or after == 0:
            return 0
        if after == len(self.edges):
            return FULL
        (start, low), (end, high) = self.edges[after - 1], self.edges[after]
        share = (at - start) / (end - start) if end > start else 0
        return round((low + (high - low) * share) / self.whole * FULL)


def _weight(part: Segment) -> float:
    return 1.0 if part.part == Part.COUNTED else CLOSED_SCALE


def _band(part: Segment, scale: _Scale) -> dict[str, Any]:
    x = scale.x(part.start)
    return {
        "kind": _KINDS[part.part],
        "x": x,
        "width": max(1, scale.x(part.end) - x),
        "used": part.part == Part.COUNTED and not part.projected,
        "label": part.name,
    }


def _marks(segments: Iterable[Segment], scale: _Scale, now: datetime) -> list[dict[str, Any]]:
    words = {
        "received": _("Received"),
        "aim": _("Aim"),
        "limit": _("Limit"),
        "reckoned": _("Reckoned limit"),
        "met": _("Met"),
        "breached": _("Breached"),
    }
    found: dict[datetime, dict[str, Any]] = {}
    for part in segments:
        kind = _MARKS.get(part.part)
        # Aim and limit at one instant, or limit and breach: one mark, the later one's.
        if kind is not None:
            found[part.start] = {"kind": kind, "x": scale.x(part.start), "label": words[kind]}
    marks = list(found.values())
    if scale.edges and scale.edges[0][0] < now < scale.edges[-1][0]:
        marks.append({"kind": "now", "x": scale.x(now), "label": _("Now")})
    return sorted(marks, key=lambda mark: mark["x"])


def _ticks(stretches: Sequence[Segment], scale: _Scale, zone: tzinfo) -> list[dict[str, Any]]:
    if not stretches:
        return []
    days = {
        part.start.astimezone(zone).date(): part.start
        for part in reversed(stretches)
        if part.part == Part.COUNTED
    }
    ordered = sorted(days.items())
    step = max(1, -(-len(ordered) // MOST_TICKS))
    return [
        {"x": scale.x(start), "label": humantime.short_date(start, now=start, zone=zone)}
        for _day, start in ordered[::step]
    ]


def _sentences(segments: Sequence[Segment], now: datetime, zone: tzinfo) -> Iterable[tuple[str, str]]:
    reader = timezone.get_current_timezone()
    is_over = False
    for part in _joined(segments):
        is_over = is_over or part.part in _ENDS
        words = _sentence(part, zone, is_over=is_over)
        if words:
            yield humantime.in_zones(part.start, reader, zone, now=now), words
        if part.part == Part.COUNTED and part.counted < part.end - part.start:  # summed up
            closed = humantime.duration((part.end - part.start - part.counted).total_seconds())
            told = _("%(duration)s outside support hours") % {"duration": closed}
            yield humantime.in_zones(part.start, reader, zone, now=now), told


def _joined(segments: Iterable[Segment]) -> Iterable[Segment]:
    """Only what has happened or will: closed stretches shorter than a minute are left out of the words."""
    for part in segments:
        if part.part in _KINDS and part.end - part.start < timedelta(seconds=1):
            continue
        yield part


def stretch(start: datetime, end: datetime, zone: tzinfo) -> str:
    """From when to when by the clock of a zone: a day and two times, or two days where it runs over."""
    opens, closes = timezone.localtime(start, zone), timezone.localtime(end, zone)
    # Translators: Django date format for a time of the week, as in "Thu 11:30".
    full = pgettext("date format", "D H:i")
    # Translators: Django date format for a time of day, as in "11:30".
    clock = pgettext("date format", "H:i")
    ends = clock if opens.date() == closes.date() else full
    return f"{dateformat.format(opens, full)}\u2013{dateformat.format(closes, ends)}"


def _sentence(part: Segment, zone: tzinfo, *, is_over: bool) -> str:
    length = {"duration": humantime.duration((part.end - part.start).total_seconds())}
    if part.part == Part.COUNTED:
        return _counted(part, zone, is_over=is_over)
    if part.part == Part.PAUSED:
        return _paused(part, length["duration"])
    planned = _("%(duration)s of planned maintenance: %(name)s")
    return {
        Part.RECEIVED: _("Received"),
        Part.OUTSIDE_HOURS: _("%(duration)s outside support hours"),
        Part.HOLIDAY: _("Closed: %(name)s"),
        Part.PLANNED: planned if part.name else _("%(duration)s of planned maintenance"),
        Part.AIM: _("Aim: at risk from here"),
        Part.LIMIT: _("Limit"),
        Part.RECKONED_LIMIT: _("Reckoned limit, replaced by a due time set by hand"),
        Part.BREACHED: _("Breached"),
        Part.MET: _("Met"),
        Part.CANCELLED: _("Cancelled"),
    }[part.part] % (length | {"name": part.name or _("exception")})


def _counted(part: Segment, zone: tzinfo, *, is_over: bool) -> str:
    summed_up = part.counted < part.end - part.start  # the hours of many days
    if summed_up:
        said = _("%(duration)s counted")
        ahead, spared = _("%(duration)s will count"), _("%(duration)s would have counted")
    else:
        said = _("%(duration)s counted: %(hours)s")
        ahead, spared = (
            _("%(duration)s will count: %(hours)s"),
            _("%(duration)s would have counted: %(hours)s"),
        )
    length = humantime.duration(part.counted.total_seconds(), business=summed_up)
    words = (spared if is_over else ahead) if part.projected else said
    return words % {"duration": length, "hours": _hours(part, zone)}


def _hours(part: Segment, zone: tzinfo) -> str:
    """The hours that it counted in, by the calendar's clock, with its place where the reader's differs."""
    hours = stretch(part.start, part.end, zone)
    reader = timezone.get_current_timezone()
    if part.start.astimezone(zone).utcoffset() == part.start.astimezone(reader).utcoffset():
        return hours
    return f"{hours} {humantime.zone_city(zone)}"


def _paused(part: Segment, length: str) -> str:
    label = Status(part.status).label if part.status in Status.values else part.status
    values = {"duration": length, "status": label, "name": part.by}
    if part.by:
        return _("%(duration)s paused: %(status)s, by %(name)s") % values
    return _("%(duration)s paused: %(status)s") % values
