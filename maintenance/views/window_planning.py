"""What staff plan: draft, change, announce, move, extend and cancel a window, each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.interrupted import take_text
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept
from maintenance.lifecycle import Status
from maintenance.models import Window
from maintenance.permissions import can_declare_emergency
from maintenance.promised import HOUR, promised_hours, terms_of_window
from maintenance.refusing import RefusingForm
from maintenance.services import windows as services
from maintenance.services.errors import (
    Breach,
    MaintenanceRuleBroken,
    NoticeTooShort,
    Overtaken,
    TimesAreMoved,
)
from maintenance.views.windows import find_window
from maintenance.window_forms import WindowForm, shown_instant
from maintenance.window_step_forms import CancelForm, ExtendForm, MoveForm, ScheduleForm
from tickets.views.ticket import find_ticket

METHODS = ["GET", "HEAD", "POST"]
CHANGING = (Status.DRAFT, Status.SCHEDULED, Status.IN_PROGRESS)
USUAL_LENGTH = timedelta(hours=2)


@dataclass(frozen=True)
class Promise:
    """A customer that a window concerns: notice promised (None: none) and what it would get, in hours."""

    customer: Customer
    promised: int | None
    given: int

    @property
    def is_short(self) -> bool:
        return self.promised is not None and self.given < self.promised


@staff_required
@require_http_methods(METHODS)
def new_window(request: DeskRequest) -> HttpResponse:
    """Draft one; nobody is told yet. `start`, `minutes`, `service` and `ticket` may stand in the address."""
    me, now = request.membership, timezone.now()
    if request.method != "POST":
        form = WindowForm(membership=me, initial=kept(request, _beginning(request, now)))
        return render(request, "maintenance/window_form.html", {"form": form})
    form = WindowForm(request.POST, membership=me)
    if form.is_valid():
        try:
            window = services.draft_window(terms=form.terms(), by=me, at=now)
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
        else:
            _link(request, window, now)
            messages.success(request, _("The window is drafted. Nobody has been told yet."))
            return to_window(window)
    return render(request, "maintenance/window_form.html", {"form": form}, status=UNPROCESSABLE)


@staff_required
@require_http_methods(METHODS)
def edit_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Change what a window is; the times of an announced one are moved elsewhere."""
    me, window = request.membership, find_window(request, window_id)
    if window.status not in CHANGING:
        return to_window(window)
    terms = services.terms_of(window)
    if request.method != "POST":
        initial = kept(request, {"seen": window.version} | _proposed(request))
        form = WindowForm(membership=me, terms=terms, initial=initial)
    else:
        form = WindowForm(request.POST, membership=me, terms=terms)
    if window.status != Status.DRAFT:
        form.settle_times()
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            services.change_window(window=window, terms=form.terms(), seen=seen, by=me, at=timezone.now())
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
            status = CONFLICT if isinstance(refused, Overtaken | TimesAreMoved) else status
        else:
            messages.success(request, _("The window was saved."))
            return to_window(window)
    context = {"form": form, "window": window, "is_settled": window.status != Status.DRAFT}
    return render(request, "maintenance/window_form.html", context, status=status)


@staff_required
@require_http_methods(METHODS)
def schedule_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Show who is told and what each plan promises; then announce, or say whose promise it would break."""
    window, me = find_window(request, window_id), request.membership
    form = _form(request, ScheduleForm)

    def act() -> str:
        reason = form.cleaned_data["emergency_reason"]
        services.schedule_window(window=window, by=me, at=timezone.now(), emergency_reason=reason)
        return _("The window is announced. Everybody concerned is told.")

    if window.status != Status.DRAFT:
        return to_window(window)
    return _step(request, window, form, act, "schedule")


@staff_required
@require_http_methods(METHODS)
def move_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Give an announced window another time."""
    window, me = find_window(request, window_id), request.membership
    times = {"starts_at": shown_instant(window.starts_at), "ends_at": shown_instant(window.ends_at)}
    form = _form(request, MoveForm, times | _proposed(request))

    def act() -> str:
        services.move_window(window=window, by=me, at=timezone.now(), **form.cleaned_data)
        return _("The window is moved. Everybody concerned is told, and their invitations move too.")

    if window.status != Status.SCHEDULED:
        return to_window(window)
    return _step(request, window, form, act, "move")


@staff_required
@require_http_methods(METHODS)
def extend_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Give a window in progress a later end."""
    window, me = find_window(request, window_id), request.membership
    end = {"ends_at": shown_instant(max(window.ends_at, timezone.now()) + HOUR)}
    form = _form(request, ExtendForm, end)

    def act() -> str:
        services.extend_window(window=window, by=me, at=timezone.now(), **form.cleaned_data)
        return _("The window is extended. Everybody concerned is told.")

    if window.status != Status.IN_PROGRESS:
        return to_window(window)
    return _step(request, window, form, act, "extend")


@staff_required
@require_http_methods(METHODS)
def cancel_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Call a window off."""
    window, me = find_window(request, window_id), request.membership
    form = _form(request, CancelForm)

    def act() -> str:
        services.cancel_window(window=window, by=me, at=timezone.now(), **form.cleaned_data)
        return _("The window is cancelled.")

    if window.status not in (Status.DRAFT, Status.SCHEDULED):
        return to_window(window)
    return _step(request, window, form, act, "cancel")


def to_window(window: Window) -> HttpResponse:
    """Go to the window's page."""
    return HttpResponseRedirect(reverse("window", args=[window.pk]), status=303)


def promises_of(window: Window, now: datetime, starts_at: datetime | None = None) -> list[Promise]:
    """What the plans of its customers promise and what each would get now; those in trouble first."""
    customers, terms = terms_of_window(window, now)
    given = max(timedelta(0), (starts_at or window.starts_at) - now) // HOUR
    found = [Promise(customer, promised_hours(terms, pk), given) for pk, customer in customers.items()]
    return sorted(found, key=lambda each: (not each.is_short, each.customer.name.casefold()))


def _form(
    request: DeskRequest, kind: type[RefusingForm], initial: dict[str, Any] | None = None
) -> RefusingForm:
    """The form as it was sent, or with what it begins with."""
    if request.method == "POST":
        return kind(request.POST, membership=request.membership)
    return kind(membership=request.membership, initial=(initial or {}) | take_text(request))


def _step(
    request: DeskRequest, window: Window, form: RefusingForm, act: Callable[[], str], step: str
) -> HttpResponse:
    """Show the page of one step, or carry it out; a refusal stands beside what was entered."""
    status = UNPROCESSABLE if form.is_bound else 200
    breaches: list[Breach] = []
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, act())
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
            status = CONFLICT
            if isinstance(refused, NoticeTooShort):
                breaches = refused.breaches
        else:
            return to_window(window)
    now, is_short = timezone.now(), bool(breaches)
    context: dict[str, Any] = {"window": window, "form": form, "now": now, "breaches": breaches}
    if step == "schedule":
        context["promises"] = promises = promises_of(window, now)
        is_short = is_short or any(each.is_short for each in promises)
    context["asks_for_emergency"] = is_short or _has_reason(form)
    context["may_declare_emergency"] = can_declare_emergency(request.membership, window.tenant_id)
    return render(request, f"maintenance/window_{step}.html", context, status=status)


def _has_reason(form: RefusingForm) -> bool:
    return "emergency_reason" in form.fields and bool(
        form["emergency_reason"].value() or form["emergency_reason"].errors
    )


def _beginning(request: DeskRequest, now: datetime) -> dict[str, Any]:
    """What a new window begins with: what the address names, else two hours in a week, at the full hour."""
    start = (now + timedelta(days=7, hours=1)).replace(minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "starts_at": shown_instant(start),
        "ends_at": shown_instant(start + USUAL_LENGTH),
        "services": [pk for pk in request.GET.getlist("service") if pk.isdecimal()],
        "starts_by_itself": True,
        "impact": "degraded",
        "kind": "update",
        "responsible": request.membership.pk,
        **_proposed(request),
    }
    number = request.GET.get("ticket", "")
    if number.isdecimal() and len(number) < 10:
        values["title"] = find_ticket(request, int(number)).subject[:120]
    return values


def _proposed(request: DeskRequest) -> dict[str, str]:
    """The times that the address names (`start`, `minutes`), as a proposal of "find a time" does."""
    start, minutes = _instant(request.GET.get("start", "")), request.GET.get("minutes", "")
    if start is None or not minutes.isdecimal() or len(minutes) > 5:
        return {}
    end = start + timedelta(minutes=int(minutes))
    return {"starts_at": shown_instant(start), "ends_at": shown_instant(end)}


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 2000 <= found.year < 2100 else None


def _link(request: DeskRequest, window: Window, now: datetime) -> None:
    """Tie the ticket that the window was planned from."""
    number = request.GET.get("ticket", "")
    if number.isdecimal() and len(number) < 10:
        ticket = find_ticket(request, int(number))
        services.link_ticket(window=window, ticket=ticket, by=request.membership, at=now)
