"""The form with which a ticket begins, with the promise that each priority carries."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import member_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from maintenance.for_tickets import Happening, happening_on
from tickets import services
from tickets.filing_form import NewTicketForm, find_requester
from tickets.forms import file_limits
from tickets.lifecycle import Priority
from tickets.models import Channel, FilingDraft, Ticket
from tickets.notices import reference
from tickets.services.drafts import draft_of, drop_draft, keep_draft
from tickets.views.filing_aids import articles_about, similar_to
from tickets.views.filing_terms import filing_terms
from tickets.views.promises import promise_words
from tickets.views.submission import submission_key, submission_of

QUESTIONS, FIND, PICK = "questions", "find", "pick"
"""Buttons that go on with the form and file nothing yet: to what the chosen category asks for; to those whom
a typed name may mean; with one of them (its value is an id, "" takes the choice back)."""


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: DeskRequest) -> HttpResponse:
    """File a ticket; staff file for a contact. `step` goes on to the questions of the chosen category."""
    me = request.membership
    if request.method != "POST":
        return _requester_hits(request) or _begin(request)
    if request.POST.get("step") in (QUESTIONS, FIND) or PICK in request.POST:
        typed = request.POST.dict()
        if PICK in typed:
            typed |= {"requester": typed.pop(PICK), "requester_name": ""}
        keep_draft(by=me, values=typed, at=timezone.now())
        return _show(request, _form_with(request, typed))
    form = NewTicketForm(request.POST, request.FILES, membership=me)
    if not form.is_valid():
        return _show(request, form, status=422)
    submission = submission_of(request)
    earlier = services.earlier_event(by=me, submission=submission)
    if earlier is not None:
        return _filed(request, earlier.ticket)
    if not _has_seen(request, _happening(form)):
        return _show(request, form, stops=True)
    return _file(request, form, submission)


def _requester_hits(request: DeskRequest) -> HttpResponse | None:
    """Whom the name that is being typed may mean, if it is htmx that asks for them."""
    if request.headers.get("HX-Target") != "requester-hits" or request.membership.is_contact:
        return None
    hits = find_requester(request.GET.get("requester_name", ""), request.membership)
    response = render(request, "tickets/_requester_hits.html", {"hits": hits})
    patch_vary_headers(response, ["HX-Target"])
    return response


def _begin(request: DeskRequest) -> HttpResponse:
    """An empty form, or one with what its reader had written: just now, by the address, or some time ago.

    None for people of a closed customer: they read why.
    """
    if request.membership.is_shut:
        return render(request, "tickets/portal_shut.html")
    typed = take_text(request) or request.GET.dict()
    draft = None if typed else draft_of(request.membership)
    return _show(request, _form_with(request, draft.values if draft else typed), draft=draft)


def _form_with(request: DeskRequest, typed: Mapping[str, Any]) -> NewTicketForm:
    """The form with what was typed so far, and nothing said about what is missing."""
    return NewTicketForm(membership=request.membership, initial={"priority": Priority.MEDIUM, **typed})


def _file(request: DeskRequest, form: NewTicketForm, submission: UUID | None) -> HttpResponse:
    me, data = request.membership, form.cleaned_data
    try:
        ticket = services.file_ticket(
            by=me,
            requester=data.get("requester"),
            subject=data["subject"],
            body=data["body"],
            category=data["category"],
            service=data["service"],
            affected_service=data["affected_service"],
            priority=data["priority"],
            files=data["files"],
            answers=data["answers"],
            private=data.get("private", False),
            channel=Channel.PORTAL if me.is_contact else Channel.AGENT,
            at=timezone.now(),
            submission=submission,
        )
    except services.TicketRuleBroken as refused:
        if earlier := services.earlier_event(by=me, submission=submission):
            return _filed(request, earlier.ticket)
        form.add_error(_blamed(refused), refused.words())
        return _show(request, form, status=409)
    return _filed(request, ticket)


def _blamed(refused: services.TicketRuleBroken) -> str | None:
    """The field beside which it is said; None: on top of the form."""
    if isinstance(refused, services.RefusedFile):
        return "attachments"
    return refused.field or None if isinstance(refused, services.AccountStopped) else None


def _filed(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    drop_draft(by=request.membership)
    messages.success(request, _filed_words(request, ticket))
    return HttpResponseRedirect(reverse("ticket", args=[ticket.number]), status=303)


def _filed_words(request: DeskRequest, ticket: Ticket) -> str:
    filed = _("%(reference)s is filed.") % {"reference": reference(ticket, request.tenant)}
    ticket.refresh_from_db(fields=["due_at", "due_metric", "due_state", "status"])
    promise = promise_words(ticket, timezone.now())
    return f"{filed} {promise}.".replace("..", ".") if promise else filed


def _happening(form: NewTicketForm) -> list[Happening]:
    """What is going on with the service that stands in the form, as far as it concerns the customer."""
    value = str(form["service"].value() or "")
    chosen = [service.pk for service in form.services if str(service.pk) == value]
    customer_id = form.customer.pk if form.customer else None
    return happening_on(chosen, timezone.now(), customer_id=customer_id)


def _has_seen(request: DeskRequest, happenings: list[Happening]) -> bool:
    """The page that was sent had told of all of it."""
    return {happening.key for happening in happenings} <= set(request.POST.getlist("knows"))


def _show(
    request: DeskRequest,
    form: NewTicketForm,
    status: int = 200,
    *,
    stops: bool = False,
    draft: FilingDraft | None = None,
) -> HttpResponse:
    """The form. `stops`: it could be filed, but its reader is to see first what is going on."""
    context: dict[str, Any] = {
        "form": form,
        "terms": filing_terms(form, timezone.now()),
        "chosen": form["priority"].value(),
        "customer": form.customer,
        "files": file_limits(),
        "draft": draft,
        "articles": articles_about(str(form["subject"].value() or ""), request.membership),
        "similar": similar_to(str(form["subject"].value() or ""), request.membership, form.customer),
        "submission": submission_key(request),
        "happenings": _happening(form),
        "stops": stops,
        "lost_files": stops and bool(request.FILES),
    }
    template = "tickets/portal_new.html" if request.membership.is_contact else "tickets/desk_new.html"
    return render(request, template, context, status=status)
