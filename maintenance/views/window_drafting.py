"""What a window is: staff draft it and change its words, services and checklist."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept
from maintenance.lifecycle import Status
from maintenance.models import Window
from maintenance.permissions import can_declare_emergency
from maintenance.refusing import RefusingForm
from maintenance.services import windows as services
from maintenance.services.errors import MaintenanceRuleBroken, NoticeTooShort, Overtaken, TimesAreMoved
from maintenance.views.kept_form import forget_form, keep_form, kept_form, search_address
from maintenance.views.proposed import proposed_times
from maintenance.views.window_planning import METHODS, has_reason, to_window
from maintenance.views.windows import find_window
from maintenance.window_forms import WindowForm
from tickets.views.ticket import find_ticket

CHANGING = (Status.DRAFT, Status.SCHEDULED, Status.IN_PROGRESS)
USUAL_LENGTH = timedelta(hours=2)
USUAL_LEAD = timedelta(days=7, hours=1)


@staff_required
@require_http_methods(METHODS)
def new_window(request: DeskRequest) -> HttpResponse:
    """Draft one; nobody is told yet. `start`, `minutes`, `service` and `ticket` may stand in the address.

    Whoever goes to find a time first finds what they typed when they come back with one (`kept`).
    """
    me, now = request.membership, timezone.now()
    if request.method != "POST":
        form = WindowForm(membership=me, initial=kept(request, _beginning(request, now)))
        return render(request, "maintenance/window_form.html", {"form": form})
    form = WindowForm(request.POST, membership=me, initial=proposed_times(request))
    if "find_time" in request.POST and keep_form(request):
        return HttpResponseRedirect(search_address(request, form), status=303)
    if form.is_valid():
        try:
            window = services.draft_window(terms=form.terms(), by=me, at=now)
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
        else:
            _link(request, window, now)
            forget_form(request)
            messages.success(request, _("The window is drafted. Nobody has been told yet."))
            return to_window(window)
    return render(request, "maintenance/window_form.html", {"form": form}, status=UNPROCESSABLE)


@staff_required
@require_http_methods(METHODS)
def edit_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Change what a window is; the times of an announced one are moved elsewhere."""
    window = find_window(request, window_id)
    if window.status not in CHANGING:
        return to_window(window)
    form = _form(request, window)
    if not form.is_bound:
        return _page(request, form, window)
    if not form.is_valid():
        return _page(request, form, window, status=UNPROCESSABLE)
    me, seen = request.membership, form.cleaned_data["seen"] or 0
    try:
        services.change_window(
            window=window,
            terms=form.terms(),
            seen=seen,
            by=me,
            at=timezone.now(),
            emergency_reason=form.cleaned_data["emergency_reason"],
        )
    except MaintenanceRuleBroken as refused:
        return _refused(request, form, refused, window)
    messages.success(request, _("The window was saved."))
    return to_window(window)


def save_over(form: RefusingForm, version: int) -> None:
    """Let a form that was overtaken know of the newer version: whoever was told and saves again means it."""
    data = cast("QueryDict", form.data).copy()
    data["seen"] = str(version)
    form.data = data


def _form(request: DeskRequest, window: Window) -> WindowForm:
    """The form of a window, as it was sent or as the window stands."""
    me, terms, proposed = request.membership, services.terms_of(window), proposed_times(request)
    if request.method == "POST":
        form = WindowForm(request.POST, membership=me, terms=terms, initial=proposed)
    else:
        initial = kept(request, {"seen": window.version} | proposed)
        form = WindowForm(membership=me, terms=terms, initial=initial)
    if window.status != Status.DRAFT:
        form.settle_times()
    return form


def _refused(
    request: DeskRequest, form: WindowForm, refused: MaintenanceRuleBroken, window: Window
) -> HttpResponse:
    """What was entered, with the words of the rule; who was overtaken may save it again."""
    if not isinstance(refused, Overtaken | TimesAreMoved):
        form.refuse(refused)
        breaches = refused.breaches if isinstance(refused, NoticeTooShort) else []
        return _page(request, form, window, status=UNPROCESSABLE, breaches=breaches)
    # It may be an announced one by now, whose times are asked for no more.
    window = find_window(request, window.pk)
    form = _form(request, window)
    form.is_valid()
    form.refuse(refused)
    save_over(form, window.version)
    return _page(request, form, window, status=CONFLICT, is_overtaken=True)


def _page(
    request: DeskRequest, form: WindowForm, window: Window, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "form": form,
        "window": window,
        "is_settled": window.status != Status.DRAFT,
        "asks_for_emergency": bool(context.get("breaches")) or has_reason(form),
        "may_declare_emergency": can_declare_emergency(request.membership, window.tenant_id),
    }
    return render(request, "maintenance/window_form.html", context, status=status)


def _beginning(request: DeskRequest, now: datetime) -> dict[str, Any]:
    """What a new window begins with: what the address names, else two hours in a week, at the full hour."""
    start = (now + USUAL_LEAD).replace(minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "starts_at": start,
        "ends_at": start + USUAL_LENGTH,
        "services": [pk for pk in request.GET.getlist("service") if pk.isdecimal()],
        "starts_by_itself": True,
        "impact": "degraded",
        "kind": "update",
        "responsible": request.membership.pk,
    }
    number = request.GET.get("ticket", "")
    if number.isdecimal() and len(number) < 10:
        values["title"] = find_ticket(request, int(number)).subject[:120]
    return values | kept_form(request) | proposed_times(request)


def _link(request: DeskRequest, window: Window, now: datetime) -> None:
    """Tie the ticket that the window was planned from."""
    number = request.GET.get("ticket", "")
    if number.isdecimal() and len(number) < 10:
        ticket = find_ticket(request, int(number))
        services.link_ticket(window=window, ticket=ticket, by=request.membership, at=now)
