"""The agents' queue: what falls due next stands first."""

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRedirect

from accounts.door import staff_required
from accounts.keyset import KeysetPage, keyset_page
from accounts.models import Membership
from accounts.requests import DeskRequest
from sla.presentation import due_of
from sla.views.emergency_panel import with_emergencies
from tickets.forms import QueueFilter
from tickets.keyset import page_by_next_due
from tickets.lifecycle import ENDED
from tickets.models import Category, DueState, Ticket
from tickets.querysets import TicketQuerySet
from tickets.views import finders

PAGE_SIZE = 25


@staff_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """The whole page, or only its list when htmx asks for that."""
    me, now = request.membership, timezone.now()
    elsewhere = finders.answer_hits(request) or _to_ticket(request)
    typed = {} if elsewhere else finders.typed(request)
    elsewhere = elsewhere or finders.lead_on(request, typed)
    if elsewhere is not None:
        return elsewhere
    view = request.GET.get("view", "all")
    choices, by_name = _choices(request)
    form = QueueFilter(request.GET, membership=me, choices=choices)
    tickets = with_emergencies(_narrow(_view_of(view, me), form, me).with_people())
    page = _page(view, tickets, request.GET.get("cursor", ""), form.cleaned_data.get("order", ""))
    filters = [name for name in form.fields if name != "order" and request.GET.get(name)]
    context = {
        "view": view,
        "heading": _heading(view),
        "form": form,
        "rows": [(ticket, due_of(ticket, now)) for ticket in page.rows],
        "page": page,
        "filters": filters,
        "finders": {name: typed.get(name) for name in by_name},
        "has_services": bool(choices["service"]),
    }
    is_fragment = request.headers.get("HX-Target") == "queue-list"
    template = "tickets/_queue_list.html" if is_fragment else "tickets/queue.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Target"])
    return response


def _to_ticket(request: DeskRequest) -> HttpResponse | None:
    """The way to the ticket whose reference was searched for."""
    number = _by_reference(request)
    if number is None:
        return None
    address = reverse("ticket", args=[number])
    # The list's place cannot hold a whole page: htmx is told to go there.
    is_htmx = request.headers.get("HX-Request") == "true"
    return HttpResponseClientRedirect(address) if is_htmx else redirect(address)


def _by_reference(request: DeskRequest) -> int | None:
    """The number that was searched for, if it is written like one and there is such a ticket."""
    prefix = re.escape(request.tenant.ticket_prefix)
    words = request.GET.get("q", "").strip()
    match = re.fullmatch(rf"(?:{prefix}-|#)?([0-9]{{1,9}})", words, re.IGNORECASE)
    if match is None:
        return None
    found = Ticket.objects.visible_to(request.membership).filter(number=int(match[1]))
    number: int | None = found.values_list("number", flat=True).first()
    return number


def _view_of(view: str, me: Membership) -> TicketQuerySet:
    """The tickets of a view of the rail; an unknown name is the whole queue."""
    tickets: TicketQuerySet = Ticket.objects.visible_to(me)
    if view == "resolved":
        return tickets.filter(status__in=ENDED)
    tickets, now = tickets.unresolved(), timezone.now()
    running = tickets.filter(due_state=DueState.RUNNING)
    views = {
        "mine": tickets.filter(assignee=me),
        "unassigned": tickets.filter(assignee=None),
        "at_risk": running.filter(at_risk_at__lt=now, due_at__gte=now),
        "breached": running.filter(due_at__lt=now),
    }
    return views.get(view, tickets)


def _page(view: str, tickets: TicketQuerySet, cursor: str, order: str) -> KeysetPage[Ticket]:
    """What falls due next, unless another order is asked for. What is resolved has nothing due: there the
    newest change stands first."""
    if order == "newest":
        return keyset_page(tickets, ["-number"], cursor, size=PAGE_SIZE)
    if view == "resolved" or order == "changed":
        return keyset_page(tickets, ["-updated_at", "-id"], cursor, size=PAGE_SIZE)
    return page_by_next_due(tickets, cursor, size=PAGE_SIZE)


def _heading(view: str) -> str:
    return {
        "mine": _("My tickets"),
        "unassigned": _("Unassigned"),
        "at_risk": _("At risk"),
        "breached": pgettext("several tickets", "Breached"),
        "resolved": _("Recently resolved"),
    }.get(view, _("All open tickets"))


def _choices(request: DeskRequest) -> tuple[dict[str, finders.Choices], list[str]]:
    """What one may filter by, and which filters are found by name because a list of all would be too long."""
    me, by_name = request.membership, ["customer"]
    assignees = finders.few_colleagues(me)
    if assignees is None:
        by_name.append("assignee")
    categories = Category.objects.visible_to(me).in_use().values_list("pk", "name")
    choices = {name: finders.chosen(name, request.GET.get(name, ""), me) for name in by_name}
    choices |= {"category": [(str(pk), name) for pk, name in categories]}
    choices |= {
        "service": finders.services(request.GET.get("service", ""), request.GET.get("customer", ""), me)
    }
    return choices if assignees is None else choices | {"assignee": assignees}, by_name


def _narrow(tickets: TicketQuerySet, form: QueueFilter, me: Membership) -> TicketQuerySet:
    """Apply the filters that are understood; the form says which are not."""
    form.is_valid()
    wanted: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if value}
    words = wanted.pop("q", "")
    wanted.pop("order", "")
    if wanted.get("assignee") == QueueFilter.NOBODY:
        wanted["assignee"] = None
    tickets = tickets.filter(**wanted)
    return tickets.matching(words, me) if words else tickets
