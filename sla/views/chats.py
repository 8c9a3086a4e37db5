"""A customer asks for an agent at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import contact_required
from accounts.requests import DeskRequest
from sla.services.chats import ask_for_chat
from tickets.services import NotAllowed, TicketRuleBroken
from tickets.views.ticket import find_ticket, show_ticket


@contact_required
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: DeskRequest, number: int) -> HttpResponse:
    """Offer the conversation to all agents; a GET (back from the log-in) only goes to the ticket."""
    ticket = find_ticket(request, number)
    if request.method != "POST":
        return redirect("ticket", number)
    try:
        ask_for_chat(ticket=ticket, by=request.membership, at=timezone.now())
    except NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except TicketRuleBroken as refused:
        return show_ticket(request, ticket, problem=refused.words(), status=409)
    messages.success(request, _("All agents have been asked. Stay here: answers appear by themselves."))
    return redirect("ticket", number)
