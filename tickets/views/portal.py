"""The customers' list of tickets: their own company's, what is open first."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.door import member_required
from accounts.keyset import keyset_page
from accounts.models import Sees
from accounts.requests import DeskRequest
from tickets.lifecycle import ENDED, UNRESOLVED
from tickets.models import Ticket
from tickets.views.promises import promise_words
from tickets.views.wording import portal_status_labels

PAGE_SIZE = 20
MINE = "mine"
SHOWN = {"open": UNRESOLVED, "resolved": ENDED, "all": (*UNRESOLVED, *ENDED)}


@member_required
@require_GET
def tickets(request: DeskRequest) -> HttpResponse:
    """Staff have the queue instead. `whose=mine` leaves out what only colleagues follow."""
    me, now = request.membership, timezone.now()
    if me.is_staff_member:
        return redirect("queue")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    shown = request.GET.get("show", "all" if words else "open")
    shown = shown if shown in SHOWN else "open"
    found = Ticket.objects.visible_to(me).filter(status__in=SHOWN[shown])
    only_mine = request.GET.get("whose") == MINE
    if only_mine:
        found = found.of(me)
    if words:
        found = found.matching(words, me)
    cursor = request.GET.get("cursor", "")
    page = keyset_page(found.with_people(), ["-updated_at", "-id"], cursor, size=PAGE_SIZE)
    context = {
        "status_labels": portal_status_labels(),
        "shown": shown,
        "words": words,
        "only_mine": only_mine,
        "sees_others": me.sees_company or me.sees == Sees.GROUP,
        "page": page,
        "rows": [(ticket, promise_words(ticket, now)) for ticket in page.rows],
    }
    return render(request, "tickets/portal_list.html", context)
