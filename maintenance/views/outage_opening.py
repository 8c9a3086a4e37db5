"""Opening an outage: from nothing, from a ticket, or from several at once, ticked in the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.views.console import UNPROCESSABLE, kept
from maintenance.models import Outage
from maintenance.outage_forms import NewOutageForm
from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.services.outages import RUNNING_STAGES, open_outage
from tickets.models import Ticket

# Tickets of one trouble come in within hours; a day more for what began on the eve.
LIKELY = timedelta(days=2)
MOST_LIKELY = 30
MOST_CHOSEN, MOST_DIGITS = 100, 9
MOST_RUNNING = 5


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_outage(request: DeskRequest) -> HttpResponse:
    """Open one; `ticket` or `tickets` in the address are numbers of tickets that tell of it."""
    me, now, likely = request.membership, timezone.now(), likely_tickets(request.membership)
    if request.method != "POST":
        tickets = _tickets_asked(request)
        if "chosen" in request.GET and not tickets:
            messages.info(request, _("No ticket was chosen. Choose them here, or open the outage without."))
        initial = {"started_at": now} | _told_by(tickets, request.tenant.ticket_prefix)
        form = NewOutageForm(membership=me, likely=likely, initial=kept(request, initial))
        running = Outage.objects.visible_to(me).running().order_by("-started_at", "-pk") if tickets else ()
        context = {"form": form, "running": running[:MOST_RUNNING]}
        return render(request, "maintenance/outage_form.html", context)
    form, status = NewOutageForm(request.POST, membership=me, likely=likely), UNPROCESSABLE
    if form.is_valid():
        data = form.cleaned_data
        try:
            opened = open_outage(
                tenant_id=request.tenant.pk,
                title=data["title"],
                services=form.impacts,
                text=data["text"],
                started_at=data["started_at"],
                stage=data["stage"] or RUNNING_STAGES[0],
                tickets=data["tickets"],
                by=me,
                at=now,
            )
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The outage is announced to the customers who use these services."))
            return HttpResponseRedirect(reverse("outage", args=[opened.pk]), status=303)
    return render(request, "maintenance/outage_form.html", {"form": form}, status=status)


def likely_tickets(me: Membership, outage: Outage | None = None) -> list[Ticket]:
    """Open tickets that were filed lately and may tell of it, the newest first."""
    found = Ticket.objects.visible_to(me).unresolved().filter(filed_at__gte=timezone.now() - LIKELY)
    if outage is not None:
        found = found.exclude(outage_tickets__outage=outage)
    return list(found.select_related("customer").order_by("-filed_at", "-pk")[:MOST_LIKELY])


def _tickets_asked(request: DeskRequest) -> list[Ticket]:
    """The tickets that the address names as `ticket` or `tickets`, the oldest first. Raises Http404."""
    words = {*request.GET.getlist("ticket"), *request.GET.getlist("tickets")}
    wanted = {int(word) for word in words if word.isdecimal() and len(word) <= MOST_DIGITS}
    if not wanted:
        return []
    found = Ticket.objects.visible_to(request.membership).filter(number__in=list(wanted)[:MOST_CHOSEN])
    tickets = list(found.select_related("service").order_by("filed_at", "pk"))
    if not tickets:
        raise Http404
    return tickets


def _told_by(tickets: list[Ticket], prefix: str) -> dict[str, Any]:
    """What a new outage begins with when it is opened from tickets: their services, since the first of them.

    Its title is no ticket's subject: that is one customer's, and the title is read by all.
    """
    if not tickets:
        return {}
    services = {ticket.service.pk: ticket.service for ticket in tickets if ticket.service is not None}
    names = [service.name for service in services.values()]
    return {
        "title": (_("%(service)s is down") % {"service": names[0]})[:120] if len(names) == 1 else "",
        "numbers": ", ".join(f"{prefix}-{number}" for number in sorted(ticket.number for ticket in tickets)),
        "started_at": tickets[0].filed_at,
        **{f"service_{pk}": "down" for pk in services},
    }
