"""Settings: the team, and one person of staff or of a customer."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.console_forms import ROLE_WORDS, HandOverForm, InviteForm, RoleForm
from accounts.door import admin_required
from accounts.models import STAFF_ROLES, Membership, Role
from accounts.requests import DeskRequest
from accounts.services import (
    AlreadyMember,
    LastOwner,
    NotAllowed,
    change_role,
    deactivate_person,
    invite_again,
    invite_person,
    may_manage,
    reactivate_person,
    refusal_words,
)
from accounts.views.console import UNPROCESSABLE, console_page, kept
from tickets.lifecycle import UNRESOLVED
from tickets.models import Ticket
from tickets.services import TicketRuleBroken, assign_ticket


@admin_required
@require_safe
def console_team(request: DeskRequest) -> HttpResponse:
    """Everybody of the staff, by rank and name; those who cannot enter any more last."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(STAFF_ROLES)),
        output_field=IntegerField(),
    )
    people = (
        Membership.objects.visible_to(request.membership)
        .staff()
        .select_related("user")
        .annotate(open_tickets=Count("assigned_tickets", filter=Q(assigned_tickets__status__in=UNRESOLVED)))
        .order_by(F("deactivated_at").asc(nulls_first=True), rank, "name", "pk")
    )
    return console_page(request, "team.html", {"people": people})


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_colleague(request: DeskRequest) -> HttpResponse:
    """Invite somebody into the team."""
    form = InviteForm(by=request.membership, for_customer=False, initial=kept(request))
    if request.method == "POST":
        form = InviteForm(request.POST, by=request.membership, for_customer=False)
        if form.is_valid():
            try:
                person = invite_person(by=request.membership, at=timezone.now(), **form.cleaned_data)
            except (AlreadyMember, NotAllowed) as refused:
                form.add_error("email", refusal_words(refused))
            else:
                messages.success(request, _("%(name)s gets an invitation by email.") % {"name": person.name})
                return redirect("console_team")
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "role_words": ROLE_WORDS}
    return console_page(request, "invite.html", context, status=status)


@admin_required
@require_safe
def console_person(request: DeskRequest, pk: int) -> HttpResponse:
    """One person: who, what role, whether they may enter, what is assigned to them."""
    return _person_page(request, _person(request, pk))


@admin_required
@require_POST
def change_person_role(request: DeskRequest, pk: int) -> HttpResponse:
    """Give another role of the same side."""
    person = _person(request, pk)
    form = RoleForm(request.POST, by=request.membership, person=person)
    if not form.is_valid():
        return _person_page(request, person, role_form=form, status=UNPROCESSABLE)
    role = Role(form.cleaned_data["role"])
    said = _("%(name)s is now: %(role)s.") % {"name": person.name, "role": role.label}
    now = timezone.now()
    return _do(
        request, pk, lambda: change_role(membership=person, role=role, by=request.membership, at=now), said
    )


@admin_required
@require_POST
def invite_person_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a fresh link; the one before stops working."""
    person, now = _person(request, pk), timezone.now()
    said = _("%(name)s gets a new invitation; the old link no longer works.") % {"name": person.name}
    return _do(request, pk, lambda: invite_again(membership=person, by=request.membership, at=now), said)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first, then close the desk to somebody."""
    person, now = _person(request, pk), timezone.now()
    if request.method != "POST":
        context = {"person": person, "open_tickets": _open_tickets(request, person)}
        return console_page(request, "deactivate.html", context, subject=_subject(person))
    said = _("%(name)s can no longer enter.") % {"name": person.name}
    return _do(request, pk, lambda: deactivate_person(membership=person, by=request.membership, at=now), said)


@admin_required
@require_POST
def reactivate(request: DeskRequest, pk: int) -> HttpResponse:
    """Open the desk to somebody again."""
    person, now = _person(request, pk), timezone.now()
    said = _("%(name)s can enter again.") % {"name": person.name}
    return _do(request, pk, lambda: reactivate_person(membership=person, by=request.membership, at=now), said)


@admin_required
@require_POST
def hand_over(request: DeskRequest, pk: int) -> HttpResponse:
    """Assign all open tickets of somebody to a colleague, all or none."""
    person = _person(request, pk)
    form = HandOverForm(request.POST, by=request.membership, person=person)
    if not form.is_valid():
        return _person_page(request, person, hand_over_form=form, status=UNPROCESSABLE)
    to, now = form.cleaned_data["to"], timezone.now()
    tickets = Ticket.objects.visible_to(request.membership).unresolved().filter(assignee=person)
    try:
        with transaction.atomic():
            # In one order, as everywhere where several tickets are locked at once.
            found = list(tickets.order_by("pk"))
            for ticket in found:
                assign_ticket(ticket=ticket, assignee=to, by=request.membership, at=now)
    except TicketRuleBroken as refused:
        messages.error(request, refused.words())
    else:
        said = ngettext(
            "%(n)s ticket is now assigned to %(to)s.", "%(n)s tickets are now assigned to %(to)s.", len(found)
        )
        messages.success(request, said % {"n": len(found), "to": to.name})
    return redirect("console_person", pk=pk)


def _person(request: DeskRequest, pk: int) -> Membership:
    people = Membership.objects.visible_to(request.membership).select_related("user", "customer")
    return get_object_or_404(people, pk=pk)


def _open_tickets(request: DeskRequest, person: Membership) -> int:
    return Ticket.objects.visible_to(request.membership).unresolved().filter(assignee=person).count()


def _person_page(
    request: DeskRequest,
    person: Membership,
    *,
    role_form: RoleForm | None = None,
    hand_over_form: HandOverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by = request.membership
    context = {
        "person": person,
        "may_manage": may_manage(by, person),
        "is_me": person.pk == by.pk,
        "open_tickets": _open_tickets(request, person) if person.is_staff_member else 0,
        "role_words": ROLE_WORDS,
        "role_form": role_form or RoleForm(by=by, person=person),
        "hand_over_form": hand_over_form or HandOverForm(by=by, person=person),
    }
    return console_page(request, "person.html", context, status=status, subject=_subject(person))


def _subject(person: Membership) -> str:
    return "console_customers" if person.is_contact else "console_team"


def _do(request: DeskRequest, pk: int, act: Callable[[], None], said: str) -> HttpResponse:
    """Carry it out and say so, or say why not; back to the person either way."""
    try:
        act()
    except (NotAllowed, LastOwner) as refused:
        messages.error(request, refusal_words(refused))
    else:
        messages.success(request, said)
    return redirect("console_person", pk=pk)
