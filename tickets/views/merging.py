"""Two tickets become one: the number of the one that stays, or a choice of the customer's open tickets."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from tickets import permissions, services
from tickets.models import Approval, Ticket
from tickets.notices import reference
from tickets.querysets import TicketQuerySet
from tickets.rule_forms import MergeForm
from tickets.views.ticket import find_ticket

MOST_SHOWN = 20


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Close the ticket; its conversation goes on in another one of the same customer."""
    ticket, me = find_ticket(request, number), request.membership
    if request.method != "POST":
        if not permissions.can_handle(me, ticket):
            return redirect("ticket", ticket.number)
        initial = take_text(request) or {"into": request.GET.get("into", "")}
        return _show(request, ticket, MergeForm(membership=me, initial=initial))
    form = MergeForm(request.POST, membership=me)
    if not form.is_valid():
        return _show(request, ticket, form, status=422)
    survivor: Ticket = form.cleaned_data["into"]
    try:
        services.merge_tickets(ticket=ticket, into=survivor, by=me, at=timezone.now())
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        form.add_error("into", refused.words())
        return _show(request, ticket, form, status=409)
    said = {"merged": reference(ticket, request.tenant), "survivor": reference(survivor, request.tenant)}
    messages.success(request, _("%(merged)s is merged into %(survivor)s.") % said)
    return HttpResponseRedirect(reverse("ticket", args=[survivor.number]), status=303)


def _show(request: DeskRequest, ticket: Ticket, form: MergeForm, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "form": form,
        "words": words,
        "asks": Approval.objects.filter(ticket=ticket).waiting().exists(),
        "found": _candidates(request, ticket, words)[:MOST_SHOWN],
    }
    return render(request, "tickets/merge.html", context, status=status)


def _candidates(request: DeskRequest, ticket: Ticket, words: str) -> TicketQuerySet:
    """The customer's other open tickets, what changed last first."""
    me = request.membership
    found: TicketQuerySet = Ticket.objects.visible_to(me).unresolved().filter(customer_id=ticket.customer_id)
    if words:
        found = found.matching(words, me)
    return found.exclude(pk=ticket.pk).select_related("requester").order_by("-updated_at", "-id")
