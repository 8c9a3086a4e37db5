"""A message becomes a ticket of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from accounts.door import staff_required
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from tickets import permissions, services
from tickets.models import SUBJECT_LENGTH, Message, MessageKind, Ticket
from tickets.notices import reference
from tickets.rule_forms import SplitForm
from tickets.views.ticket import find_ticket


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def split_ticket(request: DeskRequest, number: int, message_id: int) -> HttpResponse:
    """File what the customer wrote there as a ticket of its own."""
    ticket, me = find_ticket(request, number), request.membership
    written = Message.objects.filter(ticket=ticket, kind=MessageKind.REPLY, from_staff=False)
    message = get_object_or_404(written.select_related("author"), pk=message_id)
    if request.method != "POST":
        if not permissions.can_handle(me, ticket):
            return redirect("ticket", ticket.number)
        initial = take_text(request) or {"subject": _first_line(message)}
        return _show(request, ticket, message, SplitForm(membership=me, initial=initial))
    form = SplitForm(request.POST, membership=me)
    if not form.is_valid():
        return _show(request, ticket, message, form, status=422)
    subject = form.cleaned_data["subject"]
    try:
        split = services.split_ticket(
            ticket=ticket, message=message, subject=subject, by=me, at=timezone.now()
        )
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.TicketRuleBroken as refused:
        form.add_error(None, refused.words())
        return _show(request, ticket, message, form, status=409)
    said = {"split": reference(split, request.tenant), "origin": reference(ticket, request.tenant)}
    messages.success(request, _("%(split)s is split off from %(origin)s.") % said)
    return HttpResponseRedirect(reverse("ticket", args=[split.number]), status=303)


def _first_line(message: Message) -> str:
    return message.body.strip().split("\n", 1)[0].strip("# *>-")[:SUBJECT_LENGTH].strip()


def _show(
    request: DeskRequest, ticket: Ticket, message: Message, form: SplitForm, status: int = 200
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "message": message,
        "body": Markup(message.body_html),  # noqa: S704 - rendered and cleaned when it was written
        "attachments": [
            {"name": file.name, "url": reverse("attachment", args=[file.pk]), "size": file.size}
            for file in message.attachments.all()
        ],
        "form": form,
    }
    return render(request, "tickets/split.html", context, status=status)
