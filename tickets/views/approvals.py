"""Asking for approval, answering it in the portal and by the link in the mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import member_required, staff_required
from accounts.interrupted import take_text
from accounts.keyset import keyset_page
from accounts.requests import AnyRequest, DeskRequest
from tickets import services
from tickets.approval_forms import AskApprovalForm, DecideForm
from tickets.approval_links import LinkExpired, approval_of
from tickets.models import Approval, Ticket
from tickets.notices import reference
from tickets.permissions import can_ask_approval
from tickets.views.approval_panel import clauses_for
from tickets.views.submission import submission_key, submission_of
from tickets.views.ticket import find_ticket

METHODS = ["GET", "HEAD", "POST"]


@staff_required
@require_http_methods(METHODS)
def ask_approval(request: DeskRequest, number: int) -> HttpResponse:
    """Write what the customer shall approve, out of scope or not."""
    ticket, me = find_ticket(request, number), request.membership
    clauses = clauses_for(ticket)
    if request.method != "POST":
        form = AskApprovalForm(membership=me, clauses=clauses, initial=take_text(request))
        return _ask_page(request, ticket, form)
    submission = submission_of(request)
    if services.earlier_event(by=me, submission=submission) is not None:
        return _to_ticket(number)
    form = AskApprovalForm(request.POST, membership=me, clauses=clauses)
    if not form.is_valid():
        return _ask_page(request, ticket, form, status=422)
    try:
        services.ask_approval(ticket=ticket, by=me, at=timezone.now(), submission=submission, **form.values())
    except services.TicketRuleBroken as refused:
        return _not_asked(request, ticket, form, refused)
    messages.success(request, _("The customer is asked. The clocks of the solution wait for the answer."))
    return _to_ticket(number)


def _not_asked(
    request: DeskRequest, ticket: Ticket, form: AskApprovalForm, refused: services.TicketRuleBroken
) -> HttpResponse:
    """Say why, beside the field where one is to blame; a second sending is led to where the first led."""
    if isinstance(refused, services.NotAllowed):
        raise PermissionDenied(refused.words()) from None
    if isinstance(refused, services.SentBefore):
        return _to_ticket(ticket.number)
    if isinstance(refused, services.RefusedApproval):
        form.add_error(refused.field if refused.field in form.fields else None, refused.words())
        return _ask_page(request, ticket, form, status=422)
    return _ask_page(request, ticket, form, problem=refused.words(), status=409)


def _ask_page(
    request: DeskRequest, ticket: Ticket, form: AskApprovalForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "form": form,
        "problem": problem,
        "may_ask": can_ask_approval(request.membership, ticket),
        "submission": submission_key(request),
    }
    return render(request, "tickets/approval_ask.html", context, status=status)


@staff_required
@require_POST
def withdraw_approval(request: DeskRequest, approval_id: int) -> HttpResponse:
    """Ask for it no longer."""
    approval = _find(request, approval_id)
    try:
        services.withdraw_approval(approval=approval, by=request.membership, at=timezone.now())
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        messages.warning(request, refused.words())
    else:
        messages.success(request, _("Nobody asks the customer for this any more."))
    return _to_ticket(approval.ticket.number)


@member_required
@require_safe
def approvals(request: DeskRequest) -> HttpResponse:
    """What waits for a yes, and what was answered; staff see everybody's."""
    seen = Approval.objects.visible_to(request.membership)
    seen = seen.select_related("ticket__customer", "asked_by", "decided_by")
    waiting = list(seen.waiting().order_by("asked_at", "pk")[:100])
    answered = keyset_page(
        seen.exclude(state="waiting"), ("-asked_at", "-pk"), request.GET.get("cursor", ""), size=25
    )
    return render(request, "tickets/approvals.html", {"waiting": waiting, "page": answered})


@member_required
@require_http_methods(METHODS)
def approval(request: DeskRequest, approval_id: int) -> HttpResponse:
    """One question with its answer; whose it is to answer does so here."""
    found = _find(request, approval_id)
    me = request.membership
    may = Approval.objects.decidable_by(me).filter(pk=found.pk).exists()
    context: dict[str, Any] = {
        "approval": found,
        "ticket": found.ticket,
        "reference": reference(found.ticket, request.tenant),
        "may_decide": may,
        "form": DecideForm(membership=me, initial=take_text(request)),
    }
    if request.method != "POST":
        return render(request, "tickets/approval.html", context)
    if me.is_staff_member:
        raise PermissionDenied(_("The customer answers this."))
    form = context["form"] = DecideForm(request.POST, membership=me)
    if form.is_valid():
        answered = _decide(found, form, me, "portal")
        if answered == "":
            said = _("You approved it. Work goes on.") if form.approves else _("You declined it.")
            messages.success(request, said)
            return _to_ticket(found.ticket.number)
        found.refresh_from_db()
        context |= {"problem": answered, "may_decide": False}
        return render(request, "tickets/approval.html", context, status=409)
    return render(request, "tickets/approval.html", context, status=422)


def _decide(approval: Approval, form: DecideForm, by: Any, through: str) -> str:
    """Carry the answer out; "" when it is done, else why not."""
    try:
        services.decide_approval(
            approval=approval,
            approve=form.approves,
            comment=form.cleaned_data["comment"],
            by=by,
            at=timezone.now(),
            through=through,
        )
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        return refused.words()
    return ""


@never_cache
@require_http_methods(METHODS)
def answer_approval(request: AnyRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail. Programs open links, too: opening asks, only a button answers."""
    if request.tenant is None:
        raise Http404
    try:
        found, person = approval_of(token, tenant=request.tenant)
    except LinkExpired:
        return render(request, "tickets/approval_link.html", {"state": "expired"}, status=410)
    if not request.user.is_authenticated:
        translation.activate(person.language)
    context: dict[str, Any] = {
        "approval": found,
        "ticket": found.ticket,
        "reference": reference(found.ticket, request.tenant),
        "person": person,
        "state": "ask" if _still_asks(found) else "over",
        "form": DecideForm(membership=person),
    }
    if context["state"] == "ask" and person.is_shut:
        context |= {"state": "shut", "problem": services.CustomerClosed.words_for_contacts()}
    status = 200
    if request.method == "POST" and context["state"] == "ask":
        form = context["form"] = DecideForm(request.POST, membership=person)
        if not form.is_valid():
            status = 422
        else:
            problem = _decide(found, form, person, "link")
            found.refresh_from_db()
            context |= {"state": "over", "problem": problem}
            status = 409 if problem else 200
    return render(request, "tickets/approval_link.html", context, status=status)


def _still_asks(approval: Approval) -> bool:
    return approval.is_waiting and not approval.ticket.is_resolved


def _find(request: DeskRequest, approval_id: int) -> Approval:
    seen = Approval.objects.visible_to(request.membership)
    seen = seen.select_related(
        "ticket__requester", "ticket__customer", "ticket__merged_into", "asked_by", "decided_by"
    )
    found: Approval = get_object_or_404(seen, pk=approval_id)
    found.ticket.tenant = request.tenant
    return found


def _to_ticket(number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("ticket", args=[number]), status=303)
