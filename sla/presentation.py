"""Clocks as people read them: the due chip, the receipt drawn and in words. No query in `due_of`.

Words are in the active language, instants in the active time zone, with the contract's zone beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import humantime
from sla.amounts import day_rule, target_words
from sla.because import because, due_sentence
from sla.business_time import TZDATA_VERSION, CalendarNeverOpens
from sla.clock import ClockState, Segment, TimelineEntry, evaluate, receipt
from sla.models import Clock, ClockStatus, Contract, Metric
from sla.receipt_words import Drawing, draw
from sla.records import events_of, planned_under, timeline_of, under_terms
from sla.steps import ShownStep, shown_steps, with_steps
from sla.terms import Terms, terms_of
from tickets.models import DueState, Ticket, TicketEvent


@dataclass(frozen=True)
class Due:
    """The values of the due chip: `state` is calm, at_risk, breached, paused, met or none."""

    state: str
    words: str
    due_at: datetime | None = None
    aim_at: datetime | None = None
    share_used: int | None = None
    aim_share: int | None = None
    zone_words: str = ""
    why: str = ""
    metric: str = ""
    live: bool = False


@dataclass(frozen=True)
class ClockView:
    """One clock on a ticket's page: chip, promise in words, and the receipt behind it.

    `because` are the words after that word, `day_rule` says what a business day is where the target counts
    in them. `reckoned_words` stand where the due time was set by hand: what the plan says by itself, with
    `reckoned_due_at` unless that is frozen or nothing. `zone_rules` is the version of the time zone database.
    `steps` are those of the ladder, if they were asked for.
    """

    clock: Clock
    metric_label: str
    cycle: int
    due: Due
    target_words: str
    terms_words: str
    because: str
    zone: ZoneInfo
    receipt: Drawing
    segments: tuple[Segment, ...] = field(repr=False)
    day_rule: str = ""
    reckoned_words: str = ""
    reckoned_due_at: datetime | None = None
    zone_rules: str = TZDATA_VERSION
    steps: tuple[ShownStep, ...] = field(default=(), repr=False)


def due_of(ticket: Ticket, now: datetime) -> Due:
    """The chip of the promise that falls due next, from the ticket's own summary."""
    label = _metric_label(ticket.due_metric)
    if ticket.due_state == DueState.PAUSED:
        left = humantime.paused_left(ticket.due_remaining or 0, business=ticket.due_in_business_time)
        return Due(state="paused", words=left, why=_counted_in(ticket.due_in_business_time), metric=label)
    if ticket.due_state != DueState.RUNNING or ticket.due_at is None:
        return Due(state="none", words="" if ticket.is_resolved else _("no commitment"))
    return _running(
        ticket.due_at,
        ticket.at_risk_at,
        ticket.due_started_at,
        now,
        metric=label,
        zone=_zone(ticket.due_zone),
    )


def _running(
    due_at: datetime,
    aim_at: datetime | None,
    started_at: datetime | None,
    now: datetime,
    *,
    metric: str,
    zone: tzinfo | None,
    why: str = "",
) -> Due:
    if now > due_at:
        state, words = "breached", humantime.breached_ago((now - due_at).total_seconds())
    else:
        at_risk = aim_at is not None and aim_at < due_at and now > aim_at
        state = "at_risk" if at_risk else "calm"
        words = humantime.time_left((due_at - now).total_seconds())
    return Due(
        state=state,
        words=words,
        due_at=due_at,
        aim_at=aim_at if aim_at != due_at else None,
        share_used=_share(started_at, due_at, now),
        aim_share=_share(started_at, due_at, aim_at) if aim_at and aim_at != due_at else None,
        zone_words=_in_zones(due_at, zone, now),
        why=why,
        metric=metric,
        live=True,
    )


def _counted_in(business_time: bool) -> str:
    return _("What is left counts in business time.") if business_time else _("Counts around the clock.")


def _share(start: datetime | None, end: datetime, at: datetime) -> int | None:
    if start is None or end <= start:
        return None
    return max(0, min(100, round((at - start) / (end - start) * 100)))


def _zone(name: str) -> tzinfo | None:
    return ZoneInfo(name) if name else None


def _in_zones(at: datetime, zone: tzinfo | None, now: datetime) -> str:
    reader = timezone.get_current_timezone()
    return humantime.in_zones(at, reader, zone or reader, now=now)


def _metric_label(metric: str) -> str:
    return str(Metric(metric).label) if metric else ""


def clocks_of(
    ticket: Ticket,
    *,
    now: datetime,
    events: Sequence[TicketEvent] | None = None,
    with_ladders: bool = False,
) -> list[ClockView]:
    """The clocks of a ticket with their receipts, reckoned for `now`; those that ended come last.

    Two queries and the events; a page that has loaded all of those passes them in. Ladders, which only staff
    may see, are one query more.
    """
    found = Clock.objects.filter(ticket=ticket).with_terms()
    rows = list(with_steps(found) if with_ladders else found)
    if not rows:
        return []
    events = events_of(ticket) if events is None else events
    timeline = timeline_of(events)
    views = [_clock_view(row, timeline, events, ticket.priority, now) for row in rows]
    if with_ladders:
        views = [_with_steps(view, ticket, now) for view in views]
    return sorted(views, key=lambda view: (view.clock.ended_at is not None, view.clock.due_at or now))


def promise_sentence(ticket: Ticket, *, now: datetime, events: Sequence[TicketEvent]) -> str:
    """For the customer: by when the next promise falls due, and why; "" where none is running. One query.

    `events` are all those of the ticket, in order.
    """
    rows = Clock.objects.filter(ticket=ticket, metric=ticket.due_metric).not_ended().with_terms()
    row = rows.order_by("-cycle").first()
    if ticket.due_state != DueState.RUNNING or row is None or row.due_at is None:
        return ""
    try:
        terms, state, segments = _reckoned(row, timeline_of(events), events, now)
    except CalendarNeverOpens:
        return ""
    why = because(segments, state.target, zone=terms.zone, now=now)
    return due_sentence(row.metric, row.due_at, why, zone=terms.zone, now=now)


Reckoned = tuple[Terms, ClockState, tuple[Segment, ...]]


def _reckoned(
    row: Clock, timeline: Sequence[TimelineEntry], events: Sequence[TicketEvent], now: datetime
) -> Reckoned:
    """A stored clock reckoned again from its ticket's history: its terms, its state, its receipt."""
    terms = terms_of(row.agreement)
    targets, entries = under_terms(row.metric, terms, timeline, events)
    known = (row.metric, targets, terms.hours, entries)
    planned = planned_under(row.metric, terms, events)
    state = evaluate(*known, now=now, cycle=row.cycle, planned=planned)
    return terms, state, receipt(*known, now=now, cycle=row.cycle, planned=planned)


def _clock_view(
    row: Clock, timeline: Sequence[TimelineEntry], events: Sequence[TicketEvent], priority: str, now: datetime
) -> ClockView:
    try:
        return _view(row, _reckoned(row, timeline, events, now), priority, now)
    except CalendarNeverOpens as error:
        return _never_opens(row, error.name, now)


def _with_steps(view: ClockView, ticket: Ticket, now: datetime) -> ClockView:
    view.clock.ticket = ticket
    try:
        return replace(view, steps=tuple(shown_steps(view.clock, now)))
    except CalendarNeverOpens:  # said already
        return view


def _never_opens(row: Clock, calendar: str, now: datetime) -> ClockView:
    """What is stored of a clock whose calendar ran out of openings, and in words that no more can be said."""
    said = _("The calendar “%(name)s” never opens again, so this cannot be reckoned. An admin can edit it.")
    zone = terms_of(row.agreement).zone
    why = said % {"name": calendar}
    return ClockView(
        clock=row,
        metric_label=_metric_label(row.metric),
        cycle=row.cycle,
        due=_due_of_clock(row, now, zone, in_business_time=True, why=why),
        target_words=_("cannot be reckoned"),
        terms_words=_terms_words(row, zone, now),
        because="",
        zone=zone,
        receipt=Drawing([], [], [], [("", why)]),
        segments=(),
    )


def _view(row: Clock, reckoned: Reckoned, priority: str, now: datetime) -> ClockView:
    terms, state, segments = reckoned
    why = because(segments, state.target, zone=terms.zone, now=now)
    business = terms.is_business(row.metric, priority)
    said = _("Because %(why)s.") % {"why": why} if why else ""
    return ClockView(
        clock=row,
        metric_label=_metric_label(row.metric),
        cycle=row.cycle,
        due=_due_of_clock(row, now, terms.zone, in_business_time=business, why=said),
        target_words=target_words(state.target) if state.target else _("no commitment"),
        terms_words=_terms_words(row, terms.zone, now),
        because=why,
        zone=terms.zone,
        receipt=draw(segments, now=now, zone=terms.zone),
        segments=segments,
        day_rule=day_rule(state.target),
        reckoned_words=_reckoned_words(row, state, terms, priority, now),
        reckoned_due_at=state.reckoned_limit_at if state.manual_due_at is not None else None,
    )


def _reckoned_words(row: Clock, state: ClockState, terms: Terms, priority: str, now: datetime) -> str:
    if row.ended_at is not None or state.manual_due_at is None:
        return ""
    if state.reckoned_limit_at is not None:
        said = _in_zones(state.reckoned_limit_at, terms.zone, now)
    elif state.target is None:
        said = _("no commitment")
    else:
        business = terms.is_business(row.metric, priority)
        said = humantime.paused_left(state.remaining_seconds or 0, business=business)
    return _("Reckoned: %(when)s") % {"when": said}


def _terms_words(row: Clock, zone: ZoneInfo, now: datetime) -> str:
    """Plan, calendar and contract, and since when, where an edit moved the ticket to them."""
    agreement = row.agreement
    plan = {"plan": agreement.contract.plan.name, "version": agreement.plan_version.number}
    calendar = {
        "calendar": agreement.calendar.name,
        "version": agreement.calendar_version.number,
        "zone": zone.key,
    }
    words = [
        _("Plan %(plan)s, version %(version)s") % plan,
        _("calendar %(calendar)s, version %(version)s (%(zone)s)") % calendar,
        _contract_words(agreement.contract, now.astimezone(zone).date()),
    ]
    if agreement.since is not None:
        words.append(_("for this ticket from %(when)s on") % {"when": _in_zones(agreement.since, zone, now)})
    return " \u00b7 ".join(words)


def _contract_words(contract: Contract, today: date) -> str:
    first = humantime.short_day(contract.period.lower, today=today)
    if contract.last_day is None:
        return _("contract from %(first)s") % {"first": first}
    last = humantime.short_day(contract.last_day, today=today)
    return _("contract from %(first)s to %(last)s") % {"first": first, "last": last}


def _due_of_clock(row: Clock, now: datetime, zone: tzinfo, *, in_business_time: bool, why: str) -> Due:
    label = _metric_label(row.metric)
    if row.status == ClockStatus.CANCELLED:
        nothing = not row.unit and not row.due_is_manual
        return Due(state="none", words=_("no commitment") if nothing else _("cancelled"), metric=label)
    if row.ended_at is not None and row.breached_at is None:
        return Due(
            state="met", words=_("met"), due_at=row.due_at, metric=label, zone_words=_met(row, zone, now)
        )
    if row.ended_at is not None:
        late = humantime.duration((row.ended_at - row.breached_at).total_seconds()) if row.breached_at else ""
        words = _("met %(duration)s late") % {"duration": late}
        return Due(
            state="breached", words=words, due_at=row.due_at, metric=label, zone_words=_met(row, zone, now)
        )
    if row.status == ClockStatus.PAUSED:
        left = humantime.paused_left(row.remaining or 0, business=in_business_time)
        return Due(state="paused", words=left, why=_counted_in(in_business_time), metric=label)
    if row.due_at is None:
        return Due(state="breached", words=_("breached"), metric=label)
    return _running(row.due_at, row.at_risk_at, row.started_at, now, metric=label, zone=zone, why=why)


def _met(row: Clock, zone: tzinfo, now: datetime) -> str:
    return _in_zones(row.ended_at, zone, now) if row.ended_at else ""
