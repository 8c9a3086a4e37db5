"""Reply and note: what is written into a ticket."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import member_required, staff_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from tickets import services
from tickets.forms import DeskForm, NoteForm, ReplyForm
from tickets.lifecycle import Status
from tickets.models import Message, Ticket
from tickets.views.articles import linked_article
from tickets.views.submission import submission_of
from tickets.views.ticket import SENT, Composer, find_ticket, show_ticket


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply_to_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Answer in public."""
    ticket = find_ticket(request, number)
    if request.method != "POST":
        return _open_composer(request, ticket, "reply")
    form = ReplyForm(request.POST, request.FILES, membership=request.membership, ticket=ticket)

    def write(data: dict[str, Any]) -> Message:
        return services.reply_to_ticket(
            ticket=ticket,
            by=request.membership,
            body=data["body"],
            files=data["attachments"],
            then=data.get("then", ""),
            not_solved=data.get("not_solved", False),
            at=timezone.now(),
            submission=submission_of(request),
        )

    return _write(request, ticket, form, write, mode="reply", done=_("Your reply is sent."))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_note(request: DeskRequest, number: int) -> HttpResponse:
    """Write what only staff will read."""
    ticket = find_ticket(request, number)
    if request.method != "POST":
        return _open_composer(request, ticket, "note")
    form = NoteForm(request.POST, request.FILES, membership=request.membership)

    def write(data: dict[str, Any]) -> Message:
        return services.add_note(
            ticket=ticket,
            by=request.membership,
            body=data["body"],
            files=data["attachments"],
            at=timezone.now(),
            submission=submission_of(request),
        )

    return _write(request, ticket, form, write, mode="note", done=_("Your note is added. Only staff see it."))


def _open_composer(request: DeskRequest, ticket: Ticket, mode: str) -> HttpResponse:
    kept = take_text(request) or linked_article(request, ticket)
    composer = _composer(mode, kept)
    return show_ticket(request, ticket, composer=composer)


def _composer(mode: str, typed: Mapping[str, Any]) -> Composer:
    """The composer with what was typed into it."""
    return Composer(
        mode,
        body=typed.get("body", ""),
        then=typed.get("then", ""),
        not_solved=bool(typed.get("not_solved")),
        is_open=True,
    )


def _write(
    request: DeskRequest,
    ticket: Ticket,
    form: DeskForm,
    write: Callable[[dict[str, Any]], Message],
    *,
    mode: str,
    done: str,
) -> HttpResponse:
    """Write and go to the new message; or show the page again with the text and what is wrong with it."""
    composer = _composer(mode, form.data)
    if not form.is_valid():
        composer.body_errors = _errors_of(form, "body")
        composer.file_errors = _errors_of(form, "attachments")
        composer.then_errors = _errors_of(form, "then")
        return show_ticket(request, ticket, composer=composer, status=422)
    try:
        message = _earlier(request) or write(form.cleaned_data)
    except services.TicketRuleBroken as refused:
        if earlier := _earlier(request):  # both arrived at once, and the other one was first
            return _written(request, ticket, earlier, done)
        ticket = find_ticket(request, ticket.number)
        composer.body_errors = [refused.words()]
        return show_ticket(request, ticket, composer=composer, problem=refused.words(), status=409)
    return _written(request, ticket, message, done)


def _earlier(request: DeskRequest) -> Message | None:
    """The message that this very sending of the form has written already."""
    event = services.earlier_event(by=request.membership, submission=submission_of(request))
    return event.message if event else None


def _written(request: DeskRequest, ticket: Ticket, message: Message, done: str) -> HttpResponse:
    if request.membership.is_contact and ticket.status == Status.RESOLVED:
        status = Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk)
        is_open = status != Status.RESOLVED
        done = f"{done} {_('The ticket is open again.') if is_open else _('The ticket stays resolved.')}"
    messages.success(request, done, extra_tags=f"{SENT}ticket-{ticket.number}")
    address = reverse("ticket", args=[ticket.number])
    return HttpResponseRedirect(f"{address}#m{message.pk}", status=303)


def _errors_of(form: DeskForm, name: str) -> list[str]:
    return [str(error) for error in form.errors.get(name, ())]
