"""Settings: the team, and one person of staff or of a customer."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.absences import away_words
from accounts.console_forms import ROLE_WORDS, InviteForm, RoleForm
from accounts.door import admin_required
from accounts.keyset import keyset_page
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
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept
from sla.working_hours import returns
from tickets.hand_over_forms import HOW_WORDS, LeaveForm
from tickets.lifecycle import UNRESOLVED
from tickets.models import Ticket
from tickets.services import TicketRuleBroken
from tickets.services.handing_over import leave_with_hand_over
from tickets.views.handing_over import show_away


@admin_required
@require_safe
def console_team(request: DeskRequest) -> HttpResponse:
    """Everybody of the staff, by rank and name; those who cannot enter any more last."""
    now = timezone.now()
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(STAFF_ROLES)),
        output_field=IntegerField(),
    )
    people = Membership.objects.visible_to(request.membership).staff().select_related("user")
    people = people.with_absences(now).annotate(
        is_gone=Case(When(deactivated_at=None, then=Value(0)), default=Value(1)),
        rank=rank,
        name_key=Lower("name"),
        open_tickets=Count("assigned_tickets", filter=Q(assigned_tickets__status__in=UNRESOLVED)),
    )
    page = keyset_page(people, ("is_gone", "rank", "name_key", "pk"), request.GET.get("cursor", ""))
    away = {pk: capfirst(away_words(at, now)) for pk, at in returns(page.rows, now).items()}
    return console_page(request, "team.html", {"page": page, "away": away})


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
    """Ask first, then close the desk to somebody; their open tickets go where the form says."""
    person, me = _person(request, pk), request.membership
    if not person.is_staff_member or not _open_tickets(request, person):
        if request.method != "POST":
            return _deactivate_page(request, person)
        said = _("%(name)s can no longer enter.") % {"name": person.name}
        now = timezone.now()
        return _do(request, pk, lambda: deactivate_person(membership=person, by=me, at=now), said)
    if request.method != "POST":
        return _deactivate_page(request, person, LeaveForm(by=me, person=person))
    form = LeaveForm(request.POST, by=me, person=person)
    if not form.is_valid():
        return _deactivate_page(request, person, form, status=UNPROCESSABLE)
    return _leave(request, person, form)


def _leave(request: DeskRequest, person: Membership, form: LeaveForm) -> HttpResponse:
    """Close the desk to somebody who has open tickets."""
    me, now = request.membership, timezone.now()
    made = None
    try:
        if form.is_later:
            deactivate_person(membership=person, by=me, at=now)
        else:
            made = leave_with_hand_over(membership=person, to=form.taker, by=me, at=now)
    except TicketRuleBroken as refused:
        form.add_error("how", refused.words())
        return _deactivate_page(request, person, form, status=CONFLICT)
    except (NotAllowed, LastOwner) as refused:
        messages.error(request, refusal_words(refused))
        return redirect("console_person", pk=person.pk)
    messages.success(request, _("%(name)s can no longer enter.") % {"name": person.name})
    return redirect("hand_over_progress", pk=made.pk) if made else redirect("console_person", pk=person.pk)


def _deactivate_page(
    request: DeskRequest, person: Membership, form: LeaveForm | None = None, *, status: int = 200
) -> HttpResponse:
    if form is not None:
        show_away(request, form)
    context = {
        "person": person,
        "open_tickets": _open_tickets(request, person),
        "form": form,
        "how_words": HOW_WORDS,
    }
    return console_page(request, "deactivate.html", context, status=status, subject=_subject(person))


@admin_required
@require_POST
def reactivate(request: DeskRequest, pk: int) -> HttpResponse:
    """Open the desk to somebody again."""
    person, now = _person(request, pk), timezone.now()
    said = _("%(name)s can enter again.") % {"name": person.name}
    return _do(request, pk, lambda: reactivate_person(membership=person, by=request.membership, at=now), said)


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
