"""Who of the customer follows a ticket, who sees it, how the customer ends it: one address an intention."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import contact_required, member_required
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.views.frames import frame_of
from tickets import services
from tickets.models import Ticket
from tickets.notices import reference
from tickets.people_forms import PersonForm, PrivacyForm
from tickets.permissions import can_change_people
from tickets.views.ticket import find_ticket, show_ticket

METHODS = ["GET", "HEAD", "POST"]


@member_required
@require_http_methods(METHODS)
def ticket_people(request: DeskRequest, number: int) -> HttpResponse:
    """Who follows the ticket besides its requester, and the form that adds somebody."""
    ticket, me = find_ticket(request, number), request.membership
    form = PersonForm(request.POST if request.method == "POST" else None, membership=me, ticket=ticket)
    if request.method != "POST":
        return _show(request, ticket, form)
    if not form.is_valid():
        return _show(request, ticket, form, status=422)
    person = form.cleaned_data["person"]
    try:
        services.add_person(ticket=ticket, person=person, by=me, at=timezone.now())
    except services.TicketRuleBroken as refused:
        form.add_error("person", refused.words())
        return _show(request, ticket, form, status=409)
    messages.success(request, _("%(name)s sees this ticket and is told of it.") % {"name": person.name})
    return HttpResponseRedirect(reverse("ticket_people", args=[number]), status=303)


@member_required
@require_POST
def remove_person(request: DeskRequest, number: int, person_id: int) -> HttpResponse:
    """Take somebody off; whoever took themselves off may see the ticket no more, and goes home."""
    ticket, me = find_ticket(request, number), request.membership
    people = Membership.objects.filter(tenant_id=ticket.tenant_id, customer_id=ticket.customer_id)
    person = get_object_or_404(people, pk=person_id)
    try:
        services.remove_person(ticket=ticket, person=person, by=me, at=timezone.now())
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    messages.success(request, _("%(name)s does not follow this ticket any more.") % {"name": person.name})
    still_sees = Ticket.objects.visible_to(me).filter(pk=ticket.pk).exists()
    address = reverse("ticket_people", args=[number]) if still_sees else reverse("tickets")
    return HttpResponseRedirect(address, status=303)


def _show(request: DeskRequest, ticket: Ticket, form: PersonForm, status: int = 200) -> HttpResponse:
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "form": form,
        "has_colleagues": form.colleagues.exists(),
        "may_change": can_change_people(request.membership, ticket),
        "frame": frame_of(request),
    }
    return render(request, "tickets/people.html", context, status=status)


@member_required
@require_http_methods(METHODS)
def change_privacy(request: DeskRequest, number: int) -> HttpResponse:
    """Hide the ticket from colleagues, or show it to them again."""
    ticket = find_ticket(request, number)
    form = PrivacyForm(request.POST)

    def change() -> object:
        is_private = form.is_valid() and form.cleaned_data["private"]
        return services.change_privacy(
            ticket=ticket, private=is_private, by=request.membership, at=timezone.now()
        )

    return _do(request, ticket, change, _("It is changed who sees this ticket."))


@contact_required
@require_http_methods(METHODS)
def withdraw_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """It is not needed any more. A GET asks first, for whoever has no scripts."""
    ticket = find_ticket(request, number)
    if request.method != "POST":
        context = {"ticket": ticket, "reference": reference(ticket, request.tenant)}
        return render(request, "tickets/withdraw.html", context)

    def change() -> object:
        return services.withdraw_ticket(ticket=ticket, by=request.membership, at=timezone.now())

    return _do(request, ticket, change, _("The ticket is withdrawn and closed."))


@contact_required
@require_http_methods(METHODS)
def close_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Nothing is left to say on what is resolved."""
    ticket = find_ticket(request, number)

    def change() -> object:
        return services.close_ticket(ticket=ticket, by=request.membership, at=timezone.now())

    return _do(request, ticket, change, _("The ticket is closed."))


def _do(request: DeskRequest, ticket: Ticket, change: Callable[[], object], done: str) -> HttpResponse:
    """Carry it out and go back to the ticket, or show it as it is now with the reason."""
    address = reverse("ticket", args=[ticket.number])
    if request.method != "POST":
        return HttpResponseRedirect(address)
    try:
        changed = change()
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        now = find_ticket(request, ticket.number)
        return show_ticket(request, now, problem=refused.words(), status=409)
    if changed is not None:
        messages.success(request, done)
    return HttpResponseRedirect(address, status=303)
