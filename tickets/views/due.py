"""A due time set by hand, and cleared: the form stands on the clock that it is about."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from tickets import services
from tickets.models import Ticket
from tickets.rule_forms import DueForm, SeenDueForm
from tickets.views.ticket import find_ticket, show_ticket

METHODS = ["GET", "HEAD", "POST"]


@staff_required
@require_http_methods(METHODS)
def set_due(request: DeskRequest, number: int) -> HttpResponse:
    """Let a clock fall due at an instant that somebody agreed on."""
    ticket = find_ticket(request, number)
    me = request.membership
    if request.method != "POST":
        kept = take_text(request)
        if not kept:
            return _back(ticket)
        return show_ticket(request, ticket, refused={"due": DueForm(membership=me, initial=kept)})
    form = DueForm(request.POST, membership=me)
    if not form.is_valid():
        return _with_errors(request, ticket, form)
    try:
        event = services.set_due(ticket=ticket, by=me, at=timezone.now(), **form.cleaned_data)
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        return _refused(request, ticket, form, refused)
    if event is not None:
        messages.success(request, _("The due time is set."))
    return _back(ticket)


@staff_required
@require_http_methods(METHODS)
def clear_due(request: DeskRequest, number: int) -> HttpResponse:
    """Let the reckoned due time count again."""
    ticket = find_ticket(request, number)
    form = SeenDueForm(request.POST, membership=request.membership)
    if request.method != "POST" or not form.is_valid():
        return _back(ticket)
    try:
        event = services.clear_due(
            ticket=ticket, by=request.membership, at=timezone.now(), **form.cleaned_data
        )
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        return show_ticket(request, find_ticket(request, number), problem=refused.words(), status=409)
    if event is not None:
        messages.success(request, _("The due time set by hand is cleared; the reckoned one counts."))
    return _back(ticket)


def _back(ticket: Ticket) -> HttpResponse:
    return HttpResponseRedirect(reverse("ticket", args=[ticket.number]), status=303)


def _with_errors(request: DeskRequest, ticket: Ticket, form: DueForm) -> HttpResponse:
    problem = _("The due time was not set.")
    return show_ticket(request, ticket, refused={"due": form}, problem=problem, status=422)


def _refused(
    request: DeskRequest, ticket: Ticket, form: DueForm, refused: services.TicketRuleBroken
) -> HttpResponse:
    """The ticket as it is now, the reason beside the field, what was typed kept."""
    if isinstance(refused, services.RefusedDue) and refused.field != "metric":
        form.add_error(refused.field, refused.words())
        return _with_errors(request, ticket, form)
    form.add_error("due_at", refused.words())
    now = find_ticket(request, ticket.number)
    return show_ticket(request, now, refused={"due": form}, problem=refused.words(), status=409)
