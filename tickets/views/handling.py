"""What is done to a ticket besides talking: one address an intention.

Each change carries what the page showed (`seen`). If somebody else was faster, the page comes back with
the ticket as it is now and the choice still in its field: nothing is overwritten, nothing is lost.
"""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.absences import away_words
from accounts.door import member_required, staff_required
from accounts.requests import DeskRequest
from sla.working_hours import returns
from tickets import services
from tickets.forms import AssignForm, DeskForm, PriorityForm, StatusForm
from tickets.models import Ticket
from tickets.rule_forms import TicketCategoryForm
from tickets.service_forms import TicketServiceForm
from tickets.views.ticket import find_ticket, show_ticket

Change = Callable[[], object]
METHODS = ["GET", "HEAD", "POST"]


@staff_required
@require_http_methods(METHODS)
def assign_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Give it to somebody, or to nobody."""
    ticket = find_ticket(request, number)
    form = AssignForm(request.POST if request.method == "POST" else None, membership=request.membership)

    def change() -> object:
        assignee, seen = form.cleaned_data["assignee"], form.cleaned_data["seen"]
        return services.assign_ticket(
            ticket=ticket, assignee=assignee, by=request.membership, at=timezone.now(), seen=seen
        )

    return _handle(request, ticket, change, lambda: _assigned_words(form), name="assign", form=form)


def _assigned_words(form: AssignForm) -> str:
    """That it is done, and of an assignee who is not there until when."""
    done, assignee, now = _("The assignee is changed."), form.cleaned_data["assignee"], timezone.now()
    back = returns([assignee], now) if assignee is not None else {}
    if not back:
        return done
    said = _("%(name)s is %(away)s.") % {
        "name": assignee.name,
        "away": away_words(back[assignee.pk], now),
    }
    return f"{done} {said}"


@staff_required
@require_http_methods(METHODS)
def change_priority(request: DeskRequest, number: int) -> HttpResponse:
    """Set another priority; the clocks follow."""
    ticket = find_ticket(request, number)
    form = PriorityForm(request.POST if request.method == "POST" else None, membership=request.membership)

    def change() -> object:
        return services.change_priority(
            ticket=ticket, by=request.membership, at=timezone.now(), **form.cleaned_data
        )

    return _handle(
        request,
        ticket,
        change,
        _("The priority is changed; the clocks follow it."),
        name="priority",
        form=form,
    )


@staff_required
@require_http_methods(METHODS)
def change_category(request: DeskRequest, number: int) -> HttpResponse:
    """Say that it is about something else."""
    ticket = find_ticket(request, number)
    data = request.POST if request.method == "POST" else None
    form = TicketCategoryForm(data, membership=request.membership, ticket=ticket)

    def change() -> object:
        return services.change_category(
            ticket=ticket, by=request.membership, at=timezone.now(), **form.cleaned_data
        )

    return _handle(request, ticket, change, _("The category is changed."), name="category", form=form)


@staff_required
@require_http_methods(METHODS)
def change_service(request: DeskRequest, number: int) -> HttpResponse:
    """Say which service it is about."""
    ticket = find_ticket(request, number)
    data = request.POST if request.method == "POST" else None
    form = TicketServiceForm(data, membership=request.membership, ticket=ticket)

    def change() -> object:
        return services.change_service(
            ticket=ticket, by=request.membership, at=timezone.now(), **form.cleaned_data
        )

    return _handle(request, ticket, change, _("The service is changed."), name="service", form=form)


@staff_required
@require_http_methods(METHODS)
def change_status(request: DeskRequest, number: int) -> HttpResponse:
    """Say what the ticket waits for."""
    ticket = find_ticket(request, number)
    form = StatusForm(request.POST if request.method == "POST" else None, membership=request.membership)

    def change() -> object:
        return services.change_status(
            ticket=ticket, by=request.membership, at=timezone.now(), **form.cleaned_data
        )

    return _handle(request, ticket, change, _("The status is changed."), name="status", form=form)


@member_required
@require_http_methods(METHODS)
def resolve_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Done: by staff, or by the customer for whom it works again."""
    ticket = find_ticket(request, number)

    def change() -> object:
        return services.resolve_ticket(ticket=ticket, by=request.membership, at=timezone.now())

    return _handle(request, ticket, change, _("The ticket is resolved."))


@member_required
@require_http_methods(METHODS)
def reopen_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Not done after all."""
    ticket = find_ticket(request, number)

    def change() -> object:
        return services.reopen_ticket(ticket=ticket, by=request.membership, at=timezone.now())

    return _handle(request, ticket, change, _("The ticket is open again."))


def _handle(
    request: DeskRequest,
    ticket: Ticket,
    change: Change,
    done: str | Callable[[], str],
    *,
    name: str = "",
    form: DeskForm | None = None,
) -> HttpResponse:
    """Carry out a change and go back to the ticket; a GET (back from the log-in) only goes there."""
    address = reverse("ticket", args=[ticket.number])
    if request.method != "POST":
        return HttpResponseRedirect(address)
    if form is not None and not form.is_valid():
        return show_ticket(request, ticket, refused={name: form}, status=422)
    try:
        changed = change()
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        return _refused(request, ticket, name, form, refused)
    if changed is not None:
        messages.success(request, done() if callable(done) else done)
    return HttpResponseRedirect(address, status=303)


def _refused(
    request: DeskRequest,
    ticket: Ticket,
    name: str,
    form: DeskForm | None,
    refused: services.TicketRuleBroken,
) -> HttpResponse:
    """The ticket as it is now, the reason on top and beside the field, the choice kept."""
    now = find_ticket(request, ticket.number)
    kept: dict[str, DeskForm] = {}
    if form is not None:
        field = next(iter(form.fields))
        form.add_error(field, refused.words())
        current = {
            "assign": str(now.assignee_id or ""),
            "priority": now.priority,
            "category": str(now.category_id),
            "service": str(now.service_id or ""),
            "status": now.status,
        }
        data = cast("QueryDict", form.data).copy()
        data["seen"] = current[name]
        form.data = data
        kept = {name: form}
    return show_ticket(request, now, refused=kept, problem=refused.words(), status=409)
