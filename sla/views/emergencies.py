"""Declaring, acknowledging and ending an emergency on a ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import member_required, staff_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from sla.emergencies import allowance_of, terms_of_ticket
from sla.forms.emergencies import EmergencyForm
from sla.services.emergencies import (
    acknowledge_emergency,
    check_declaration,
    declare_emergency,
    end_emergency,
    rota_for,
)
from sla.services.rotas import on_call
from tickets.models import Ticket
from tickets.notices import reference
from tickets.services import NotAllowed, TicketRuleBroken, earlier_event
from tickets.views.submission import submission_key, submission_of
from tickets.views.ticket import find_ticket, show_ticket

METHODS = ["GET", "HEAD", "POST"]


@member_required
@require_http_methods(METHODS)
def declare(request: DeskRequest, number: int) -> HttpResponse:
    """Say what it is for, ask for the reason and a deliberate yes, call somebody."""
    ticket, me = find_ticket(request, number), request.membership
    if request.method != "POST":
        return _page(request, ticket, EmergencyForm(membership=me, initial=take_text(request)))
    submission = submission_of(request)
    if earlier_event(by=me, submission=submission) is not None:
        return _to_ticket(ticket)
    form = EmergencyForm(request.POST, membership=me)
    if not form.is_valid():
        return _page(request, ticket, form, status=422)
    try:
        declare_emergency(
            ticket=ticket,
            reason=form.cleaned_data["reason"],
            by=me,
            at=timezone.now(),
            submission=submission,
        )
    except NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except TicketRuleBroken as refused:
        if earlier_event(by=me, submission=submission) is not None:
            return _to_ticket(ticket)  # both arrived at once, and the other one was first
        return _page(request, find_ticket(request, number), form, problem=refused.words(), status=409)
    messages.success(request, _("The person on call has been told. This page shows who is on it."))
    return _to_ticket(ticket)


@staff_required
@require_http_methods(METHODS)
def acknowledge(request: DeskRequest, number: int) -> HttpResponse:
    """Say that one is on it."""

    def answer(ticket: Ticket) -> object:
        return acknowledge_emergency(ticket=ticket, by=request.membership, at=timezone.now())

    return _answer(request, number, answer, _("You are on it. Nobody else is called."))


@staff_required
@require_http_methods(METHODS)
def end(request: DeskRequest, number: int) -> HttpResponse:
    """Say that it is over."""

    def answer(ticket: Ticket) -> object:
        return end_emergency(ticket=ticket, by=request.membership, at=timezone.now())

    return _answer(request, number, answer, _("The emergency has ended."))


def _answer(request: DeskRequest, number: int, answer: Callable[[Ticket], object], done: str) -> HttpResponse:
    """Do it and go back to the ticket; a GET (back from the log-in) only goes there."""
    ticket = find_ticket(request, number)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("ticket", args=[number]))
    try:
        changed = answer(ticket)
    except NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except TicketRuleBroken as refused:
        return show_ticket(request, find_ticket(request, number), problem=refused.words(), status=409)
    if changed is not None:
        messages.success(request, done)
    return _to_ticket(ticket)


def _to_ticket(ticket: Ticket) -> HttpResponse:
    return HttpResponseRedirect(reverse("ticket", args=[ticket.number]), status=303)


def _page(
    request: DeskRequest, ticket: Ticket, form: EmergencyForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    me, now = request.membership, timezone.now()
    terms = terms_of_ticket(ticket, now)
    is_refused = False
    try:
        check_declaration(ticket, by=me, terms=terms, at=now)
    except TicketRuleBroken as refused:
        problem, is_refused = problem or refused.words(), True
    context: dict[str, Any] = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "form": form,
        "problem": problem,
        "is_refused": is_refused,
        "submission": submission_key(request),
        "allowance": allowance_of(ticket.customer_id, terms, now) if terms and me.is_contact else None,
    }
    if me.is_staff_member:
        rota = rota_for(ticket, terms)
        context["called"] = {"rota": rota, "people": on_call(rota, now) if rota else []}
    return render(request, "sla/emergency.html", context, status=status)
