"""The lines above every page of a customer: outages, the work that goes on, and what is coming.

No query at all while nothing is announced (`Tenant.banner_until`); one for what is, two for names in it.
Staff have their lists instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, Value
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import humantime
from accounts.models import Membership, Tenant
from maintenance.discretion import discretion_towards
from maintenance.lifecycle import BLOCKING, Status
from maintenance.models import Impact, Outage, Window

SHOWN_AHEAD = timedelta(days=14)
MOST_LINES = 3
OUTAGE = "outage"
COLUMNS = ("status", "pk", "title", "impact", "starts_at", "ends_at")


@dataclass(frozen=True)
class Line:
    """One line, and the page that says more."""

    words: SafeString
    url: str
    meaning: str
    icon: str


@dataclass(frozen=True)
class Event:
    """An outage (`status` says so; it has no end) or a window."""

    status: str
    pk: int
    title: str
    impact: str
    starts_at: datetime
    ends_at: datetime

    @property
    def rank(self) -> tuple[int, datetime]:
        """Outages first, then what is worked on, then what comes, each by its start."""
        place = {OUTAGE: 0, Status.IN_PROGRESS.value: 1}.get(self.status, 2)
        return place, self.starts_at


def banner_of(membership: Membership, tenant: Tenant, now: datetime) -> list[Line]:
    """What a contact should know of now; nothing for staff."""
    if membership.is_staff_member or tenant.banner_until is None or tenant.banner_until <= now:
        return []
    windows = Window.objects.visible_to(membership).filter(status__in=BLOCKING)
    # What should have begun by now may begin any moment; what was never begun is over.
    windows = windows.filter(starts_at__lte=now + SHOWN_AHEAD)
    windows = windows.exclude(status=Status.SCHEDULED, ends_at__lte=now)
    rows = windows.order_by().values_list(*COLUMNS).union(_outages(membership))
    events = sorted((Event(*row) for row in rows), key=lambda event: event.rank)
    said = _said_to(membership, events[:MOST_LINES])
    return [*(_line(event, now) for event in said), *_more(events[MOST_LINES:])]


def _said_to(membership: Membership, events: list[Event]) -> list[Event]:
    """The events with titles that name nobody else."""
    if not events:
        return events
    say = discretion_towards(membership, [event.title for event in events])
    return [replace(event, title=say(event.title)) for event in events]


def _more(events: list[Event]) -> list[Line]:
    """What has no line of its own: how many, and where they stand."""
    outages = sum(event.status == OUTAGE for event in events)
    windows = len(events) - outages
    lines = []
    if outages:
        words = ngettext("And %(num)s more outage", "And %(num)s more outages", outages) % {"num": outages}
        lines.append(Line(escape(words), reverse("outages"), "breached", "triangle-alert"))
    if windows:
        words = ngettext(
            "And %(num)s more period of maintenance", "And %(num)s more periods of maintenance", windows
        )
        lines.append(Line(escape(words % {"num": windows}), reverse("windows"), "info", "calendar-clock"))
    return lines


def _outages(membership: Membership) -> Any:
    """Those that go on for its company, in the columns of windows."""
    running = Outage.objects.hitting(membership).order_by()
    return running.values_list(
        Value(OUTAGE, CharField()),
        "pk",
        "title",
        Value(Impact.DOWN.value, CharField()),
        "started_at",
        Value(None, DateTimeField()),
    )


def _line(event: Event, now: datetime) -> Line:
    if event.status == OUTAGE:
        since = _time(event.starts_at, humantime.short_moment(event.starts_at, now=now))
        words = format_html(_("{title}: since {when}. We are working on it."), title=event.title, when=since)
        return Line(words, reverse("outage", args=[event.pk]), "breached", "triangle-alert")
    runs = event.status == Status.IN_PROGRESS
    meaning = "at_risk" if runs and event.impact != Impact.NONE else "info"
    icon = "wrench" if runs else "calendar-clock"
    return Line(_words(event, now, runs=runs), reverse("window", args=[event.pk]), meaning, icon)


def _words(event: Event, now: datetime, *, runs: bool) -> SafeString:
    if runs and event.ends_at <= now:
        return format_html(_("{title}: this takes longer than planned."), title=event.title)
    if runs:
        until = _time(event.ends_at, humantime.short_moment(event.ends_at, now=now))
        return format_html(_("{title}: we are working on this until {when}."), title=event.title, when=until)
    when = _time(event.starts_at, humantime.period(event.starts_at, event.ends_at, now=now))
    return format_html(_("Maintenance {when}: {title}"), when=when, title=event.title)


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', humantime.machine_time(at), words)
