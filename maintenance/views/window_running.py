"""What staff do while a window runs and after: start, complete, the log, the checklist, the tickets."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import staff_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE
from maintenance.lifecycle import Status
from maintenance.models import ChecklistItem, Window
from maintenance.refusing import RefusingForm
from maintenance.services import windows as services
from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.views.small_forms import carry_out
from maintenance.views.window_planning import to_window
from maintenance.views.windows import find_window, show_window
from maintenance.window_step_forms import CompleteForm, LinkForm, LogForm, TellForm
from tickets.views.ticket import find_ticket


@staff_required
@require_POST
def start_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Say that work has begun."""
    window = find_window(request, window_id)
    try:
        services.start_window(window=window, by=request.membership, at=timezone.now())
    except MaintenanceRuleBroken as refused:
        return show_window(request, find_window(request, window_id), problem=refused.words(), status=CONFLICT)
    messages.success(request, _("The window has started. Everybody concerned is told."))
    return to_window(window)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def complete_window(request: DeskRequest, window_id: int) -> HttpResponse:
    """Say that work is done, and how it went."""
    window, me = find_window(request, window_id), request.membership
    if window.status != Status.IN_PROGRESS:
        return to_window(window)
    status = 200
    if request.method == "POST":
        form, status = CompleteForm(request.POST, membership=me), UNPROCESSABLE
        if form.is_valid():
            try:
                services.complete_window(window=window, by=me, at=timezone.now(), **form.cleaned_data)
            except MaintenanceRuleBroken as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("The window is completed. Everybody concerned is told."))
                return to_window(window)
    else:
        form = CompleteForm(membership=me, initial=take_text(request))
    open_steps = window.checklist.filter(done_at=None).count()
    context = {"window": window, "form": form, "now": timezone.now(), "open_steps": open_steps}
    return render(request, "maintenance/window_complete.html", context, status=status)


@staff_required
@require_POST
def log_work(request: DeskRequest, window_id: int) -> HttpResponse:
    """Write into the work log."""
    window, me = find_window(request, window_id), request.membership
    form = LogForm(request.POST, membership=me, auto_id="id_log_%s")

    def act() -> str:
        services.log_work(window=window, by=me, at=timezone.now(), **form.cleaned_data)
        return _("The work log has a line more.")

    return _do(request, window, "log", form, act)


@staff_required
@require_POST
def tick_item(request: DeskRequest, window_id: int, item_id: int) -> HttpResponse:
    """Say that a step is done, or with `undo` that it is not."""
    window = find_window(request, window_id)
    item = get_object_or_404(ChecklistItem.objects.select_related("window"), window=window, pk=item_id)
    is_done = "undo" not in request.POST
    try:
        services.tick_item(item=item, is_done=is_done, by=request.membership, at=timezone.now())
    except MaintenanceRuleBroken as refused:
        return show_window(request, find_window(request, window_id), problem=refused.words(), status=CONFLICT)
    return to_window(window)


@staff_required
@require_POST
def link_window_ticket(request: DeskRequest, window_id: int) -> HttpResponse:
    """Say that a ticket asked for it."""
    window, me = find_window(request, window_id), request.membership
    form = LinkForm(request.POST, membership=me)

    def act() -> str:
        services.link_ticket(window=window, ticket=form.cleaned_data["number"], by=me, at=timezone.now())
        return ngettext("%(n)d ticket was linked.", "%(n)d tickets were linked.", 1) % {"n": 1}

    return _do(request, window, "link", form, act)


@staff_required
@require_POST
def unlink_window_ticket(request: DeskRequest, window_id: int, number: int) -> HttpResponse:
    """Say that a ticket is about something else."""
    window, ticket = find_window(request, window_id), find_ticket(request, number)
    services.unlink_ticket(window=window, ticket=ticket, by=request.membership, at=timezone.now())
    return to_window(window)


@staff_required
@require_POST
def tell_window_tickets(request: DeskRequest, window_id: int) -> HttpResponse:
    """Reply in public on all linked tickets that were not told of the end yet."""
    window, me = find_window(request, window_id), request.membership
    form = TellForm(request.POST, membership=me, auto_id="id_tell_%s")

    def act() -> str:
        count = services.tell_tickets(window=window, by=me, at=timezone.now(), **form.cleaned_data)
        return ngettext("%(n)d ticket was answered.", "%(n)d tickets were answered.", count) % {"n": count}

    return _do(request, window, "tell", form, act)


def _do(
    request: DeskRequest, window: Window, name: str, form: RefusingForm, act: Callable[[], str]
) -> HttpResponse:
    refused = carry_out(request, form, act)
    if refused is None:
        return to_window(window)
    return show_window(request, find_window(request, window.pk), {name: form}, status=refused)
