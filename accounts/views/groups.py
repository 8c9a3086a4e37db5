"""A customer's admin groups the people of its company, and says which tickets each of them sees."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.door import customer_admin_required
from accounts.group_forms import GroupForm, SeesForm
from accounts.models import ContactGroup, Membership
from accounts.requests import DeskRequest
from accounts.services import EditedMeanwhile, GroupNameTaken, NotAllowed, refusal_words

METHODS = ["GET", "HEAD", "POST"]


@customer_admin_required
@require_http_methods(METHODS)
def company_groups(request: DeskRequest) -> HttpResponse:
    """All groups of the company, and the form that makes one more."""
    form = GroupForm(request.POST if request.method == "POST" else None, by=request.membership)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.create_group(by=request.membership, at=timezone.now(), **form.cleaned_data)
        except GroupNameTaken as refused:
            form.add_error("name", refusal_words(refused))
        else:
            messages.success(request, _("The group “%(name)s” is made.") % {"name": group.name})
            return redirect("company_groups")
    groups = ContactGroup.objects.visible_to(request.membership).prefetch_related("members")
    status = 422 if form.errors else 200
    return render(request, "accounts/groups.html", {"groups": groups, "form": form}, status=status)


@customer_admin_required
@require_http_methods(METHODS)
def edit_company_group(request: DeskRequest, pk: int) -> HttpResponse:
    """Another name, other people."""
    group = _group(request, pk)
    if request.method != "POST":
        return _show(request, group, GroupForm(by=request.membership, group=group))
    form = GroupForm(request.POST, by=request.membership, group=group)
    if not form.is_valid():
        return _show(request, group, form, status=422)
    seen = request.POST.get("seen_version", "")
    try:
        services.change_group(
            group=group,
            seen_version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            by=request.membership,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except (GroupNameTaken, EditedMeanwhile) as refused:
        form.add_error("name", refusal_words(refused))
        return _show(request, _group(request, pk), form, status=409)
    messages.success(request, _("The group is changed."))
    return redirect("company_groups")


@customer_admin_required
@require_http_methods(METHODS)
def remove_company_group(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first, then dissolve it."""
    group = _group(request, pk)
    if request.method != "POST":
        return render(request, "accounts/group_remove.html", {"group": group})
    services.remove_group(group=group, by=request.membership, at=timezone.now())
    messages.success(request, _("The group “%(name)s” is dissolved.") % {"name": group.name})
    return redirect("company_groups")


@customer_admin_required
@require_POST
def change_company_sees(request: DeskRequest, pk: int) -> HttpResponse:
    """Which tickets somebody of the company sees."""
    person = get_object_or_404(Membership.objects.visible_to(request.membership), pk=pk)
    form = SeesForm(request.POST, person=person)
    if not form.is_valid():
        messages.error(request, _("Choose one of the entries in the list."))
        return redirect("company_people")
    try:
        services.change_sees(
            membership=person, sees=form.cleaned_data["sees"], by=request.membership, at=timezone.now()
        )
    except NotAllowed as refused:
        messages.error(request, refusal_words(refused))
    else:
        values = {"name": person.name, "what": person.get_sees_display()}
        messages.success(request, _("%(name)s now sees: %(what)s.") % values)
    return redirect("company_people")


def _group(request: DeskRequest, pk: int) -> ContactGroup:
    found: ContactGroup = get_object_or_404(ContactGroup.objects.visible_to(request.membership), pk=pk)
    return found


def _show(request: DeskRequest, group: ContactGroup, form: GroupForm, status: int = 200) -> HttpResponse:
    return render(request, "accounts/group_form.html", {"group": group, "form": form}, status=status)
