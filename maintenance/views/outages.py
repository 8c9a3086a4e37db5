"""Outages: what runs and what was, one of them with all that was told, and what staff do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import member_required, staff_required
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept
from maintenance.models import Outage, OutageTicket, Visibility
from maintenance.outage_corrections import changes_of
from maintenance.outage_forms import (
    AnswerForm,
    EndForm,
    OutageRecordForm,
    TicketsForm,
    UpdateForm,
)
from maintenance.outage_reading import shown, to_be_read, with_services
from maintenance.refusing import RefusingForm
from maintenance.services import outages as services
from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.services.outage_errors import EditedMeanwhile
from maintenance.status_page import status_page_of
from maintenance.views.outage_opening import likely_tickets
from maintenance.views.small_forms import carry_out
from tickets.models import Ticket
from tickets.views.submission import submission_key, submission_of
from tickets.views.ticket import find_ticket

METHODS = ["GET", "HEAD", "POST"]
BY_NEWEST = ("-started_at", "-pk")
PAGE_SIZE = 30
# Two forms of one page with fields of the same name.
IDS = {"update": "id_update_%s", "end": "id_end_%s"}


@member_required
@require_safe
def outages(request: DeskRequest) -> HttpResponse:
    """Those that run, then those that were, the newest first."""
    now = timezone.now()
    seen = with_services(Outage.objects.visible_to(request.membership), request.membership)
    page = keyset_page(seen.exclude(ended_at=None), BY_NEWEST, request.GET.get("cursor", ""), size=PAGE_SIZE)
    running = seen.running().order_by(*BY_NEWEST)
    read = {row.pk: shown(row, now) for row in to_be_read([*running, *page.rows], request.membership)}
    context = {
        "running": [one for one in read.values() if one.row.ended_at is None],
        "past": [read[row.pk] for row in page.rows],
        "page": page,
        "has_status_page": status_page_of(request.tenant.pk).visibility != Visibility.OFF,
    }
    return render(request, "maintenance/outages.html", context)


@member_required
@require_safe
def outage(request: DeskRequest, outage_id: int) -> HttpResponse:
    """One outage with its updates; for staff with the tickets and what they may do."""
    return _show(request, find_outage(request, outage_id))


@staff_required
@require_http_methods(METHODS)
def edit_outage(request: DeskRequest, outage_id: int) -> HttpResponse:
    """Correct what is recorded."""
    found, me = find_outage(request, outage_id), request.membership
    if request.method != "POST":
        form = OutageRecordForm(membership=me, outage=found, initial=kept(request))
        return render(request, "maintenance/outage_form.html", {"form": form, "outage": found})
    form, status = OutageRecordForm(request.POST, membership=me, outage=found), UNPROCESSABLE
    context: dict[str, Any] = {"form": form, "outage": found}
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "cause", "started_at", "seen")}
        ended_at = form.cleaned_data.get("ended_at")
        try:
            services.change_outage(
                outage=found, services=form.recorded, ended_at=ended_at, by=me, at=timezone.now(), **values
            )
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
            if isinstance(refused, EditedMeanwhile):
                status = CONFLICT
                context |= {"current": shown(find_outage(request, outage_id), timezone.now())}
        else:
            messages.success(request, _("The outage was saved."))
            return _to(found)
    return render(request, "maintenance/outage_form.html", context, status=status)


@staff_required
@require_POST
def update_outage(request: DeskRequest, outage_id: int) -> HttpResponse:
    """Tell how far the work has come."""
    found = find_outage(request, outage_id)
    form = UpdateForm(request.POST, membership=request.membership, outage=found, auto_id=IDS["update"])

    def act() -> str:
        services.update_outage(outage=found, by=request.membership, at=timezone.now(), **form.cleaned_data)
        return _("The update was told.")

    return _do(request, found, "update", form, act)


@staff_required
@require_POST
def end_outage(request: DeskRequest, outage_id: int) -> HttpResponse:
    """Say that it is over."""
    found = find_outage(request, outage_id)
    form = EndForm(request.POST, membership=request.membership, outage=found, auto_id=IDS["end"])

    def act() -> str:
        services.end_outage(outage=found, by=request.membership, at=timezone.now(), **form.cleaned_data)
        return _("The outage has ended. You may tell all linked tickets now.")

    return _do(request, found, "end", form, act)


@staff_required
@require_POST
def link_outage_tickets(request: DeskRequest, outage_id: int) -> HttpResponse:
    """Say that tickets tell of it."""
    found, me = find_outage(request, outage_id), request.membership
    form = TicketsForm(request.POST, membership=me, likely=likely_tickets(me, found))

    def act() -> str:
        tickets = form.cleaned_data["tickets"]
        added = services.link_tickets(outage=found, tickets=tickets, by=me, at=timezone.now())
        return ngettext("%(n)d ticket was linked.", "%(n)d tickets were linked.", len(added)) % {
            "n": len(added)
        }

    return _do(request, found, "tickets", form, act)


@staff_required
@require_POST
def unlink_outage_ticket(request: DeskRequest, outage_id: int, number: int) -> HttpResponse:
    """Say that a ticket is about something else."""
    found, ticket = find_outage(request, outage_id), find_ticket(request, number)
    services.unlink_ticket(outage=found, ticket=ticket, by=request.membership, at=timezone.now())
    return _to(found)


@staff_required
@require_POST
def answer_outage_tickets(request: DeskRequest, outage_id: int) -> HttpResponse:
    """Reply in public on all linked tickets at once."""
    found, me = find_outage(request, outage_id), request.membership
    form = AnswerForm(request.POST, membership=me)

    def act() -> str:
        answered = services.answer_tickets(
            outage=found, by=me, at=timezone.now(), submission=submission_of(request), **form.cleaned_data
        )
        return ngettext("%(n)d ticket was answered.", "%(n)d tickets were answered.", len(answered)) % {
            "n": len(answered)
        }

    return _do(request, found, "answer", form, act)


def _do(
    request: DeskRequest, found: Outage, name: str, form: RefusingForm, act: Callable[[], str]
) -> HttpResponse:
    refused = carry_out(request, form, act)
    if refused is None:
        return _to(found)
    return _show(request, find_outage(request, found.pk), {name: form}, status=refused)


def find_outage(request: DeskRequest, outage_id: int) -> Outage:
    """The outage with its services and updates, as the person may read it; else 404."""
    seen = with_services(Outage.objects.visible_to(request.membership), request.membership)
    found: Outage = get_object_or_404(seen.prefetch_related("updates__author"), pk=outage_id)
    return to_be_read([found], request.membership)[0]


def _show(
    request: DeskRequest,
    found: Outage,
    refused: dict[str, RefusingForm] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    me, refused = request.membership, refused or {}
    linked = OutageTicket.objects.filter(
        outage=found, ticket__in=Ticket.objects.visible_to(me)
    ).select_related("ticket__customer", "ticket__requester")
    context: dict[str, Any] = {
        "shown": shown(found, timezone.now()),
        "outage": found,
        "updates": list(reversed(found.updates.all())),
        "tickets": [row.ticket for row in linked.order_by("ticket__number")],
        "corrections": list(found.corrections.select_related("author").order_by("-at", "-pk")),
        "changes_of": changes_of,
    }
    if me.is_staff_member:
        running, seen = found.ended_at is None, {"seen": found.version}
        context |= {
            "update_form": refused.get("update")
            or (UpdateForm(membership=me, outage=found, auto_id=IDS["update"]) if running else None),
            "end_form": refused.get("end")
            or (EndForm(membership=me, outage=found, initial=seen, auto_id=IDS["end"]) if running else None),
            "tickets_form": refused.get("tickets")
            or TicketsForm(membership=me, likely=likely_tickets(me, found)),
            "answer_form": refused.get("answer") or AnswerForm(membership=me),
            "submission": submission_key(request),
            "problems": list(refused.values()),
        }
    return render(request, "maintenance/outage.html", context, status=status)


def _to(found: Outage) -> HttpResponse:
    return HttpResponseRedirect(reverse("outage", args=[found.pk]), status=303)
