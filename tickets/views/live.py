"""The conversation as it goes on: new messages, the status, and who is writing.

A page asks every few seconds while somebody looks at it. It brings the mark of what it shows; while nothing
is new the answer is an empty 304 that costs two small queries.
"""

from __future__ import annotations

import hashlib

from django.db.models import Max
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import member_required
from accounts.models import Membership
from accounts.requests import DeskRequest
from tickets.models import Ticket, TicketEvent
from tickets.permissions import can_reply
from tickets.presence import note_writing, writers
from tickets.views.promises import promise_with_reason
from tickets.views.timeline import FOR_CONTACTS, events_of, timeline_of
from tickets.views.wording import status_label


@member_required
@require_safe
def live(request: DeskRequest, number: int) -> HttpResponse:
    """The parts of the ticket's page that change by themselves; 304 while they are as the page has them."""
    me, now = request.membership, timezone.now()
    tickets = Ticket.objects.visible_to(me).select_related("customer", "requester", "assignee")
    ticket: Ticket = get_object_or_404(tickets, number=number)
    words = writing_words(ticket, me)
    mark = mark_of(ticket, me, words)
    if request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified(headers={"ETag": mark})
    ticket.tenant = request.tenant
    events = events_of(ticket)
    context = {
        "ticket": ticket,
        "page": reverse("ticket", args=[number]),
        "timeline": timeline_of(ticket, me, events, whole="all" in request.GET),
        "status": status_label(ticket.status, me),
        "promise": promise_with_reason(ticket, now, events) if me.is_contact else "",
        "writing": words,
    }
    answer = render(request, "tickets/live.html", context)
    answer["ETag"] = mark
    answer["Cache-Control"] = "private, no-cache"
    return answer


@member_required
@require_POST
def writing(request: DeskRequest, number: int) -> HttpResponse:
    """A sign that somebody types a public reply."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.membership), number=number)
    if can_reply(request.membership, ticket):
        note_writing(ticket, by=request.membership, at=timezone.now())
    return HttpResponse(status=204)


def mark_of(ticket: Ticket, reader: Membership, words: str) -> str:
    """What the page of that reader shows, in a few letters; one query.

    Of what a contact does not see nothing is in it: not even that there was a note.
    """
    events = TicketEvent.objects.filter(ticket=ticket)
    if reader.is_contact:
        events = events.filter(kind__in=FOR_CONTACTS)
    last = events.aggregate(last=Max("pk"))["last"]
    shown = (last, ticket.status, ticket.due_at, words, translation.get_language(), reader.pk)
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:20]}"'


def writing_words(ticket: Ticket, reader: Membership) -> str:
    """Who else is writing, in words; "" for nobody."""
    others = writers(ticket, reader, at=timezone.now())
    if not others:
        return ""
    if len(others) > 1:
        return _("%(name)s and others are writing…") % {"name": others[0][0]}
    name, is_staff = others[0]
    if is_staff and reader.is_contact:
        return _("%(name)s of support is writing…") % {"name": name}
    return _("%(name)s is writing…") % {"name": name}
