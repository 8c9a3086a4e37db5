"""Logging time on a ticket, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.humantime import work_time
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from hours import permissions, services
from hours.balances import balance_of
from hours.days import day_of
from hours.forms import TimeForm, VoidForm, said_of_charge
from hours.grounds import Chargeable, chargeable_on
from hours.models import TimeEntry
from tickets.models import Ticket
from tickets.notices import reference
from tickets.services import earlier_event
from tickets.views.submission import submission_key, submission_of
from tickets.views.ticket import find_ticket

METHODS = ["GET", "HEAD", "POST"]


@staff_required
@require_http_methods(METHODS)
def log_time(request: DeskRequest, number: int) -> HttpResponse:
    """Write down what one worked; below it what was written down on this ticket before."""
    ticket, me = find_ticket(request, number), request.membership
    found = chargeable_on(ticket)
    may_charge = found.ground is None or found.is_charged
    if request.method != "POST":
        start = {"worked_on": day_of(request.tenant, timezone.now()), "charge": found.ground is not None}
        form = TimeForm(membership=me, is_charged=may_charge, initial=start | take_text(request))
        return _page(request, ticket, form, found)
    submission = submission_of(request)
    if earlier_event(by=me, submission=submission) is not None:
        return _to_page(number)
    form = TimeForm(request.POST, membership=me, is_charged=may_charge)
    if not form.is_valid():
        return _page(request, ticket, form, found, status=422)
    try:
        entry = services.log_time(
            ticket=ticket, by=me, at=timezone.now(), submission=submission, **form.values()
        )
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.HoursRuleBroken as refused:
        form.refuse(refused)
        return _page(request, ticket, form, chargeable_on(ticket), status=422)
    except services.SentBefore:
        return _to_page(number)
    messages.success(request, _said_of(entry))
    return _to_page(number)


def _said_of(entry: TimeEntry) -> str:
    if entry.charged_minutes:
        words = _("%(time)s logged, %(charged)s of it drawn from prepaid hours.")
        return words % {"time": work_time(entry.minutes), "charged": work_time(entry.charged_minutes)}
    return _("%(time)s logged.") % {"time": work_time(entry.minutes)}


@staff_required
@require_http_methods(METHODS)
def void_time(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Take logged time back, with a reason; what it drew goes back into its packs."""
    me = request.membership
    entries = TimeEntry.objects.visible_to(me).select_related("ticket", "agent", "customer")
    entry: TimeEntry = get_object_or_404(entries, pk=entry_id)
    if not permissions.can_void(me, entry) and entry.voided_at is None:
        raise PermissionDenied(_("Whoever logged it takes it back, or a supervisor."))
    form, status = VoidForm(membership=me, initial=take_text(request)), 200
    if request.method == "POST":
        form, status = VoidForm(request.POST, membership=me), 422
        if form.is_valid():
            try:
                services.void_time(entry=entry, reason=form.cleaned_data["reason"], by=me, at=timezone.now())
            except services.HoursRuleBroken as refused:
                form.refuse(refused)
                status = 409
            else:
                messages.success(request, _("The time is taken back."))
                return _to_page(entry.ticket.number)
    context: dict[str, Any] = {
        "entry": entry,
        "form": form,
        "reference": reference(entry.ticket, request.tenant),
    }
    return render(request, "hours/void.html", context, status=status)


def _page(
    request: DeskRequest, ticket: Ticket, form: TimeForm, found: Chargeable, *, status: int = 200
) -> HttpResponse:
    me, now = request.membership, timezone.now()
    entries = list(
        TimeEntry.objects.visible_to(me)
        .filter(ticket=ticket)
        .select_related("agent")
        .order_by("-logged_at", "-pk")
    )
    context: dict[str, Any] = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "form": form,
        "found": found,
        "said": said_of_charge(found.ground),
        "balance": balance_of(ticket.customer_id, now, tenant=request.tenant),
        "entries": entries,
        "voidable": {entry.pk for entry in entries if permissions.can_void(me, entry)},
        "total": sum(entry.minutes for entry in entries if entry.voided_at is None),
        "submission": submission_key(request),
    }
    return render(request, "hours/time.html", context, status=status)


def _to_page(number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("log_time", args=[number]), status=303)
