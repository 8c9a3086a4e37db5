"""One ticket: the conversation, the composer, and for staff the panel beside it.

`show_ticket` draws the page for every view of a ticket: also the one that refused a form, so that nothing
that was typed is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.absences import away_words
from accounts.door import member_required
from accounts.interrupted import take_text
from accounts.models import Membership
from accounts.requests import DeskRequest
from maintenance.models import RestoreRequest
from maintenance.views.ticket_windows import windows_of, with_sign_of_windows
from sla.services.chats import offered_on
from sla.views.emergency_panel import emergency_panel
from sla.working_hours import returns
from tickets import permissions
from tickets.forms import (
    AssignForm,
    DeskForm,
    PriorityForm,
    StatusForm,
    choices_after_reply,
    choices_of_status,
    file_limits,
)
from tickets.models import Rating, Ticket, TicketEvent
from tickets.notices import reference
from tickets.quiet import quiet_until, stays_resolved
from tickets.rating_forms import RatingForm
from tickets.rule_forms import TicketCategoryForm
from tickets.service_forms import TicketServiceForm
from tickets.services.intake import answered, with_intake
from tickets.services.ratings import RATED_WITHIN
from tickets.views.approval_panel import approval_panel, time_logged
from tickets.views.desk_panel import desk_panel
from tickets.views.promises import promise_with_reason
from tickets.views.submission import submission_key
from tickets.views.timeline import events_of, merged_in, timeline_of
from tickets.views.wording import portal_status_labels

SENT = "sent:"


@dataclass
class Composer:
    """What stands in the composer: its mode and, when it came back, text, errors and chosen status."""

    mode: str = "reply"
    body: str = ""
    then: str = ""
    not_solved: bool = False
    body_errors: list[str] | None = None
    file_errors: list[str] | None = None
    then_errors: list[str] | None = None
    is_open: bool = False


@member_required
@require_GET
def ticket(request: DeskRequest, number: int) -> HttpResponse:
    """The page of one ticket."""
    return show_ticket(request, find_ticket(request, number), composer=_kept_composer(request, number))


def _kept_composer(request: DeskRequest, number: int) -> Composer | None:
    """What somebody was writing on this page when the session ended."""
    for mode, name in (("reply", "reply_to_ticket"), ("note", "add_note")):
        if kept := take_text(request, sent_to=reverse(name, args=[number])):
            return Composer(
                mode=mode,
                body=kept.get("body", ""),
                then=kept.get("then", ""),
                not_solved=bool(kept.get("not_solved")),
                is_open=True,
            )
    return None


def find_ticket(request: DeskRequest, number: int) -> Ticket:
    """The ticket of that number with its people, if the person may see it; else 404."""
    tickets = Ticket.objects.visible_to(request.membership).with_people().with_participants()
    tickets = tickets.select_related("requester__user", "customer__coordinator", "service")
    tickets = with_sign_of_windows(tickets)
    wanted = RestoreRequest.objects.filter(ticket=OuterRef("pk"))
    tickets = with_intake(tickets.annotate(is_restore=Exists(wanted)))
    if request.membership.is_staff_member:
        tickets = tickets.with_offered_services()
    found: Ticket = get_object_or_404(tickets, number=number)
    found.tenant = request.tenant
    return found


def show_ticket(
    request: DeskRequest,
    ticket: Ticket,
    *,
    composer: Composer | None = None,
    refused: dict[str, DeskForm] | None = None,
    rating_form: RatingForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The ticket page as it is now. `refused` holds bound forms by name, `problem` stands on top."""
    me, now, can = request.membership, timezone.now(), _permissions(request.membership, ticket)
    events = events_of(ticket)
    context: dict[str, Any] = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "timeline": timeline_of(ticket, me, events, whole="all" in request.GET),
        "composer_state": composer or Composer(mode="reply" if can["reply"] else "note"),
        "draft_key": f"ticket-{ticket.number}",
        "submission": submission_key(request),
        "sent": sent_drafts(request),
        "files": file_limits() | {"error": composer.file_errors if composer else None},
        "problem": problem,
        "can": can,
        **emergency_panel(ticket, me, events),
        **approval_panel(ticket, me, events),
        "survivor": ticket.merged_into,
        "merged_in": merged_in(events),
        "windows": windows_of(ticket, me),
        "now": now,
        "answered": answered(ticket),
    }
    if me.is_contact:
        context |= _for_contacts(request, ticket, events, now)
        context["rating_form"] = rating_form or (_rating_form(ticket, now) if can["rate"] else None)
        return render(request, "tickets/portal_detail.html", context, status=status)
    context |= _for_staff(request, ticket, events, refused or {}, now)
    return render(request, "tickets/desk_detail.html", context, status=status)


def _for_contacts(
    request: DeskRequest, ticket: Ticket, events: Sequence[TicketEvent], now: datetime
) -> dict[str, Any]:
    """The promise in words, how long thanks leave the ticket resolved, and whether there is chat."""
    quiet = stays_resolved(ticket, request.tenant, now)
    return {
        "promise": promise_with_reason(ticket, now, events),
        "status_labels": portal_status_labels(),
        "quiet_until": quiet_until(ticket, request.tenant) if quiet else None,
        "chat": offered_on(ticket, request.membership, now),
    }


def _for_staff(
    request: DeskRequest,
    ticket: Ticket,
    events: Sequence[TicketEvent],
    refused: dict[str, DeskForm],
    now: datetime,
) -> dict[str, Any]:
    """The panel beside the conversation, with its forms."""
    me, due_asked_for = request.membership, request.GET.get("due", "")
    small = {name: form for name, form in refused.items() if name != "due"}
    return desk_panel(ticket, events, me, refused.get("due"), due_asked_for=due_asked_for, now=now) | {
        "time_logged": time_logged(events),
        "forms": _handling_forms(ticket, me, small, now),
        "then_choices": choices_after_reply(ticket),
    }


def _permissions(me: Membership, ticket: Ticket) -> dict[str, bool]:
    return {
        "reply": permissions.can_reply(me, ticket),
        "note": permissions.can_note(me, ticket),
        "handle": permissions.can_handle(me, ticket),
        "resolve": permissions.can_resolve(me, ticket),
        "reopen": permissions.can_reopen(me, ticket),
        "rate": permissions.can_rate(me, ticket),
        "change_people": permissions.can_change_people(me, ticket),
        "change_privacy": permissions.can_change_privacy(me, ticket),
        "withdraw": permissions.can_withdraw(me, ticket),
        "close": permissions.can_close(me, ticket),
    }


def _rating_form(ticket: Ticket, now: datetime) -> RatingForm | None:
    """The question with the answer as it is; None where none was asked, or the time for it is over."""
    rating = Rating.objects.filter(ticket=ticket, asked_at__gt=now - RATED_WITHIN).first()
    return RatingForm(initial={"score": rating.score, "comment": rating.comment}) if rating else None


def _handling_forms(
    ticket: Ticket, me: Membership, refused: dict[str, DeskForm], now: datetime
) -> dict[str, DeskForm]:
    """The small forms of the panel; `seen` always holds what the page shows now."""
    forms: dict[str, DeskForm] = {
        "assign": AssignForm(
            membership=me, initial={"assignee": ticket.assignee_id, "seen": ticket.assignee_id or ""}
        ),
        "priority": PriorityForm(
            membership=me, initial={"priority": ticket.priority, "seen": ticket.priority}
        ),
        "category": TicketCategoryForm(
            membership=me,
            ticket=ticket,
            initial={"category": ticket.category_id, "seen": ticket.category_id},
        ),
        "service": TicketServiceForm(
            membership=me,
            ticket=ticket,
            initial={"service": ticket.service_id, "seen": ticket.service_id or ""},
        ),
        "status": StatusForm(membership=me, initial={"status": ticket.status, "seen": ticket.status}),
    }
    forms |= refused
    assign = forms["assign"]
    if isinstance(assign, AssignForm):
        staff = Membership.objects.visible_to(me).staff().active()
        colleagues = list(staff.with_absences(now).select_related("user"))
        away = {pk: away_words(at, now) for pk, at in returns(colleagues, now).items()}
        assign.offer(colleagues, away)
    if "status" in forms:
        forms["status"].fields["status"].choices = choices_of_status(ticket)  # type: ignore[attr-defined]
    return forms


def sent_drafts(request: DeskRequest) -> list[str]:
    """Keys of drafts whose text has arrived: the message of the success carries them."""
    waiting = cast("BaseStorage", messages.get_messages(request))
    keys = [
        tag.removeprefix(SENT)
        for message in waiting
        for tag in (message.extra_tags or "").split()
        if tag.startswith(SENT)
    ]
    waiting.used = False
    return keys
