"""A customer's admin looks after the people of its own company."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import F, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.door import customer_admin_required
from accounts.forms import CompanyInviteForm, CompanyRoleForm
from accounts.group_forms import SeesForm
from accounts.models import Membership
from accounts.querysets import MembershipQuerySet
from accounts.requests import DeskRequest
from accounts.services import AlreadyMember, NotAllowed, refusal_words


@customer_admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def company_people(request: DeskRequest) -> HttpResponse:
    """Everybody of the company, and the form that invites one more."""
    form = CompanyInviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.invite_person(
                by=request.membership,
                customer=request.membership.customer,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except (AlreadyMember, NotAllowed) as refusal:
            form.add_error("email", refusal_words(refusal))
        else:
            messages.success(request, _("%(name)s gets an invitation by email.") % {"name": person.name})
            return redirect("company_people")
    who_may_enter_first = F("deactivated_at").asc(nulls_first=True)
    people = [
        {
            "membership": person,
            "role_form": CompanyRoleForm(person=person),
            "sees_form": SeesForm(person=person),
        }
        for person in _people(request)
        .select_related("user")
        .annotate(last_log_in=Max("log_ins__at"))
        .order_by(who_may_enter_first, "name", "pk")
    ]
    return render(request, "accounts/company_people.html", {"form": form, "people": people})


@customer_admin_required
@require_POST
def change_company_role(request: DeskRequest, pk: int) -> HttpResponse:
    """Make somebody admin of the company, or member again."""
    person = _person(request, pk)
    form = CompanyRoleForm(request.POST, person=person)
    if not form.is_valid():
        messages.error(request, _("Choose one of the roles in the list."))
        return redirect("company_people")
    role = form.cleaned_data["role"]
    return _do(
        request,
        lambda: services.change_role(membership=person, role=role, by=request.membership, at=timezone.now()),
        _("%(name)s is now: %(role)s.")
        % {"name": person.name, "role": dict(form.fields["role"].choices)[role]},  # type: ignore[attr-defined]
    )


@customer_admin_required
@require_POST
def invite_company_person_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a fresh link; the old one stops working."""
    person = _person(request, pk)
    return _do(
        request,
        lambda: services.invite_again(membership=person, by=request.membership, at=timezone.now()),
        _("%(name)s gets a new invitation; the old link no longer works.") % {"name": person.name},
    )


@customer_admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def deactivate_company_person(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first, then close the desk to somebody; their tickets stay."""
    person = _person(request, pk)
    if request.method != "POST":
        return render(request, "accounts/company_deactivate.html", {"person": person})
    return _do(
        request,
        lambda: services.deactivate_person(membership=person, by=request.membership, at=timezone.now()),
        _("%(name)s can no longer enter.") % {"name": person.name},
    )


@customer_admin_required
@require_POST
def reactivate_company_person(request: DeskRequest, pk: int) -> HttpResponse:
    """Open the desk to somebody again."""
    person = _person(request, pk)
    return _do(
        request,
        lambda: services.reactivate_person(membership=person, by=request.membership, at=timezone.now()),
        _("%(name)s can enter again.") % {"name": person.name},
    )


def _people(request: DeskRequest) -> MembershipQuerySet:
    return Membership.objects.visible_to(request.membership)


def _person(request: DeskRequest, pk: int) -> Membership:
    """Somebody of the own company; everybody else does not exist here (404)."""
    return get_object_or_404(_people(request).select_related("user", "customer"), pk=pk)


def _do(request: DeskRequest, act: Callable[[], None], said: str) -> HttpResponse:
    """Carry it out and say so, or say why not; back to the list either way."""
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, refusal_words(refusal))
    else:
        messages.success(request, said)
    return redirect("company_people")
