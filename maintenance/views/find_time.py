"""Find a time: proposals with their reasons, and how busy the week is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dates, formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.door import staff_required
from accounts.humantime import duration, zone_city
from accounts.models import Customer
from accounts.requests import DeskRequest
from maintenance.audience import adjusted_of
from maintenance.finding import Proposals, find_time
from maintenance.instant_fields import shown_instant
from maintenance.lifecycle import Status
from maintenance.models import Window
from maintenance.slots import HourOfWeek, Slot
from maintenance.views.kept_form import carried
from maintenance.views.windows import find_window
from maintenance.window_step_forms import FindTimeForm

MINUTE = 60


@dataclass(frozen=True)
class Proposal:
    """A slot with its reasons in words, and the address that plans it."""

    slot: Slot
    is_quiet: bool
    is_guessed: bool
    reasons: list[str]
    url: str
    starts: str
    ends: str


@dataclass(frozen=True)
class Cell:
    """An hour of the week on the heat map."""

    hour: int
    level: int
    customers: int
    words: str


@staff_required
@require_safe
def find_a_time(request: DeskRequest) -> HttpResponse:
    """Ask for services and minutes; with `window` in the address for a window that is to be moved."""
    me, window = request.membership, _window(request)
    asked = request.GET if "minutes" in request.GET else _asked_for(window)
    form = FindTimeForm(asked or None, membership=me, initial={"minutes": 120, "days": 14})
    on = {} if window else carried(request)
    context: dict[str, Any] = {"form": form, "window": window, "carried": on}
    status = 200
    if form.is_bound and form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        adjusted = _adjusted(window)
        found = find_time(
            tenant=request.tenant,
            services=list(data["services"]),
            minutes=data["minutes"],
            days=data["days"],
            at=now,
            instead_of=window,
            **adjusted,
        )
        context |= _answer(found, form, window, now, on)
    elif form.is_bound:
        status = 422
    return render(request, "maintenance/find_time.html", context, status=status)


def _window(request: DeskRequest) -> Window | None:
    text = request.GET.get("window", "")
    return find_window(request, int(text)) if text.isdecimal() and len(text) < 10 else None


def _asked_for(window: Window | None) -> dict[str, Any] | None:
    """What is asked about a window that is there already."""
    if window is None:
        return None
    minutes = int((window.ends_at - window.starts_at).total_seconds()) // MINUTE
    services = [service.pk for service in window.services.all()]
    return {"services": services, "minutes": minutes, "days": 14}


def _adjusted(window: Window | None) -> dict[str, list[Customer]]:
    if window is None:
        return {}
    by_hand = adjusted_of(window)
    return {
        "added": list(Customer.objects.filter(pk__in=by_hand.added)),
        "left_out": list(Customer.objects.filter(pk__in=by_hand.left_out)),
    }


def _answer(
    found: Proposals, form: FindTimeForm, window: Window | None, now: datetime, on: dict[str, str]
) -> dict[str, Any]:
    return {
        "found": found,
        "proposals": [
            _proposal(slot, found, _address(slot, form, window, on), now) for slot in found.found.slots
        ],
        "days": [_day(number, hours, len(found.customers)) for number, hours in enumerate(found.found.week)],
        "zone": zone_city(found.zone),
    }


def _proposal(slot: Slot, found: Proposals, url: str, now: datetime) -> Proposal:
    return Proposal(
        slot=slot,
        is_quiet=slot.business_minutes == 0,
        is_guessed=found.unknown > 0,
        reasons=reasons_of(slot, found, now),
        url=url,
        starts=shown_instant(slot.starts_at),
        ends=shown_instant(slot.ends_at),
    )


def _address(slot: Slot, form: FindTimeForm, window: Window | None, on: dict[str, str]) -> str:
    """Where the slot is made a window: a new one, the draft's form, or the move of an announced one.

    `on` is what the form of a new one is handed back.
    """
    start = slot.starts_at.isoformat()
    minutes = form.cleaned_data["minutes"]
    if window is None:
        services = [("service", service.pk) for service in form.cleaned_data["services"]]
        values = [("start", start), ("minutes", minutes), *services, *on.items()]
        return f"{reverse('new_window')}?{urlencode(values)}"
    name = "edit_window" if window.status == Status.DRAFT else "move_window"
    return f"{reverse(name, args=[window.pk])}?{urlencode({'start': start, 'minutes': minutes})}"


def reasons_of(slot: Slot, found: Proposals, now: datetime) -> list[str]:
    """Why this slot: who is at work, what an overrun would take, tickets, other work, notice.

    Customers without a contract weigh nothing: their hours are not known, and the reasons say so.
    """
    known = len(found.customers) - found.unknown
    is_known, says_after = known or not found.unknown, slot.overrun_minutes or not slot.business_minutes
    return [
        *([_at_work(slot, known, found.unknown)] if is_known else []),
        *([_unknown_words(found.unknown)] if found.unknown else []),
        *([_after(slot, found.unknown)] if is_known and says_after else []),
        _tickets(slot, found),
        _other_work(slot),
        _notice(slot, found, now),
    ]


def _at_work(slot: Slot, known: int, unknown: int) -> str:
    if not slot.business_minutes:
        return _("No customer whose hours are known is at work.") if unknown else _("No customer is at work.")
    words = ngettext(
        "%(num)s of %(all)s customers is at work for some of it: %(time)s of business time in all.",
        "%(num)s of %(all)s customers are at work for some of it: %(time)s of business time in all.",
        slot.customers,
    )
    time = duration(min(slot.business_minutes * MINUTE, 48 * 3600 - 1))
    if slot.business_minutes * MINUTE >= 48 * 3600:
        time = _("%(n)s h") % {"n": formats.number_format(slot.business_minutes // 60, force_grouping=True)}
    return words % {"num": slot.customers, "all": known, "time": time}


def _unknown_words(unknown: int) -> str:
    words = ngettext(
        "Of %(num)s nothing is known: no contract, no hours.",
        "Of %(num)s nothing is known: no contract, no hours.",
        unknown,
    )
    return words % {"num": unknown}


def _after(slot: Slot, unknown: int) -> str:
    if not slot.overrun_minutes and unknown:
        return _("Room to overrun: nobody is known to be at work for as long again after it.")
    if not slot.overrun_minutes:
        return _("Room to overrun: nobody is at work for as long again after it.")
    return _("Little room to overrun: customers are at work soon after it.")


def _tickets(slot: Slot, found: Proposals) -> str:
    if not found.tickets:
        return _("No tickets were filed in the last 90 days.")
    if slot.tickets < 0.05:
        return _("No tickets are filed at this hour.")
    number = formats.number_format(slot.tickets, 1)
    return _("Tickets usually filed at this hour: %(number)s.") % {"number": number}


def _other_work(slot: Slot) -> str:
    if not slot.other_work:
        return _("No other window at this time.")
    words = ngettext("%(n)s other window at this time.", "%(n)s other windows at this time.", slot.other_work)
    return words % {"n": slot.other_work}


def _notice(slot: Slot, found: Proposals, now: datetime) -> str:
    given = _("%(n)s h") % {"n": int((slot.starts_at - now).total_seconds()) // 3600}
    if found.notice_hours is None:
        return _("Notice: %(given)s. No plan promises any.") % {"given": given}
    values = {"given": given, "hours": found.notice_hours}
    return _("Notice: %(given)s. Plans promise up to %(hours)s h.") % values


def _day(number: int, hours: list[HourOfWeek], customers: int) -> dict[str, Any]:
    name = str(dates.WEEKDAYS_ABBR[number])
    cells = [_cell(hour, each) for hour, each in enumerate(hours)]
    return {"label": name.capitalize(), "cells": cells}


def _cell(hour: int, each: HourOfWeek) -> Cell:
    at_work = round(each.customers)
    words = ngettext("%(num)s customer at work", "%(num)s customers at work", at_work) % {"num": at_work}
    if each.tickets >= 0.05:
        number = formats.number_format(each.tickets, 1)
        words += ", " + _("%(number)s tickets") % {"number": number}
    return Cell(hour, each.level, at_work, f"{hour:02}:00: {words}")
