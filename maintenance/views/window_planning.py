"""What staff plan: announce, move, extend and cancel a window, each on a page of its own."""

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
from accounts.views.console import CONFLICT, UNPROCESSABLE
from maintenance.instant_fields import shown_instant
from maintenance.lifecycle import Status
from maintenance.models import Window
from maintenance.permissions import can_declare_emergency
from maintenance.promised import HOUR, promised_hours, terms_of_window
from maintenance.refusing import RefusingForm
from maintenance.services import windows as services
from maintenance.services.errors import Breach, MaintenanceRuleBroken, NoticeTooShort
from maintenance.views.proposed import proposed_times
from maintenance.views.windows import find_window
from maintenance.window_step_forms import CancelForm, ExtendForm, MoveForm, ScheduleForm

METHODS = ["GET", "HEAD", "POST"]


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
    times = {"starts_at": window.starts_at, "ends_at": window.ends_at}
    form = _form(request, MoveForm, times | proposed_times(request))

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
    form = _extend_form(request, window)

    def act() -> str:
        services.extend_window(
            window=window,
            ends_at=form.cleaned_data["ends_at"],
            moves=form.moves,
            emergency_reason=form.cleaned_data["emergency_reason"],
            by=me,
            at=timezone.now(),
        )
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
    request: DeskRequest,
    kind: type[RefusingForm],
    initial: dict[str, Any] | None = None,
    **options: Any,
) -> RefusingForm:
    """The form as it was sent, or with what it begins with."""
    me, initial = request.membership, initial or {}
    if request.method == "POST":
        return kind(request.POST, membership=me, initial=initial, **options)
    return kind(membership=me, initial=initial | take_text(request), **options)


def _extend_form(request: DeskRequest, window: Window) -> ExtendForm:
    """The form with what is planned before the end that is asked for, each with a start behind that end."""
    me, not_before = request.membership, max(window.ends_at, timezone.now())
    given = request.POST.copy() if request.method == "POST" else None
    initial: dict[str, Any] = {"ends_at": not_before + HOUR} | (
        {} if given is not None else take_text(request)
    )
    first = ExtendForm(given, membership=me, initial=initial, not_before=not_before)
    is_read = given is not None and first.is_valid()
    ends_at = first.cleaned_data["ends_at"] if is_read else not_before + HOUR
    ahead = [other for other in services.in_the_way(window, ends_at) if other.status == Status.SCHEDULED]
    others = {other: other.starts_at + (ends_at - ahead[0].starts_at) for other in ahead}
    for other, starts_at in others.items():
        if given is not None:
            given.setdefault(f"starts_{other.pk}", shown_instant(starts_at))
    return ExtendForm(given, membership=me, initial=initial, not_before=not_before, others=others)


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
    context["asks_for_emergency"] = is_short or has_reason(form)
    context["may_declare_emergency"] = can_declare_emergency(request.membership, window.tenant_id)
    return render(request, f"maintenance/window_{step}.html", context, status=status)


def has_reason(form: RefusingForm) -> bool:
    """The form says why the notice is to be skipped, or should."""
    return "emergency_reason" in form.fields and bool(
        form["emergency_reason"].value() or form["emergency_reason"].errors
    )
