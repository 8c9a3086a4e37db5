"""All clocks of a ticket on a page of their own, each with its whole receipt."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.door import staff_required
from accounts.requests import DeskRequest
from sla.ladder_course import courses_of
from sla.presentation import clocks_of
from tickets.notices import reference
from tickets.views.ticket import find_ticket


@staff_required
@require_safe
def ticket_clocks(request: DeskRequest, number: int) -> HttpResponse:
    """What was promised for a ticket, how each deadline came about, and how it ended."""
    ticket, now = find_ticket(request, number), timezone.now()
    clocks = clocks_of(ticket, now=now, with_ladders=True)
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "clocks": clocks,
        "courses": courses_of(clocks, now),
    }
    return render(request, "tickets/clocks.html", context)
