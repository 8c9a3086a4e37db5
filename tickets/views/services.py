"""Settings: the services that the desk runs for its customers, and their groups."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from tickets.lifecycle import UNRESOLVED
from tickets.models import Service, ServiceGroup
from tickets.service_forms import ServiceForm, ServiceGroupForm
from tickets.services.catalogue import (
    GroupInUse,
    GroupNameTaken,
    PrivateService,
    ServiceNameTaken,
    archive_service,
    change_group,
    change_service,
    create_group,
    create_service,
    remove_group,
    restore_service,
)
from tickets.services.errors import EditedMeanwhile

FIRST = -1


@admin_required
@require_safe
def console_services(request: DeskRequest) -> HttpResponse:
    """All services by group, archived ones last; `q` searches names of services and customers."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:120]
    services = Service.objects.visible_to(request.membership).select_related("group", "customer")
    if words:
        services = services.filter(Q(name__icontains=words) | Q(customer__name__icontains=words))
    open_ones = Count("tickets", filter=Q(tickets__status__in=UNRESOLVED))
    services = services.annotate(
        is_over=Case(When(archived_at=None, then=0), default=1, output_field=IntegerField()),
        group_place=Coalesce(F("group__position"), Value(FIRST), output_field=IntegerField()),
        group_name=Coalesce(F("group__name"), Value("")),
        name_key=Lower("name"),
        open_tickets=open_ones,
    )
    order = ("is_over", "group_place", "group_name", "position", "name_key", "pk")
    groups = ServiceGroup.objects.filter(tenant_id=request.tenant.pk).annotate(count=Count("services"))
    context = {
        "page": keyset_page(services, order, request.GET.get("cursor", "")),
        "groups": groups.order_by("position", "name"),
        "words": words,
    }
    return console_page(request, "services.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_service(request: DeskRequest) -> HttpResponse:
    """Make a service, shared by all customers or of one (`customer` in the address chooses it)."""
    me = request.membership
    if request.method != "POST":
        start = {name: request.GET[name] for name in ("customer", "group") if name in request.GET}
        return console_page(
            request, "service_form.html", {"form": ServiceForm(by=me, initial=kept(request, start))}
        )
    form = ServiceForm(request.POST, by=me)
    if form.is_valid():
        try:
            service = create_service(terms=form.terms(), by=me, at=timezone.now())
        except (ServiceNameTaken, PrivateService) as refused:
            _blame(form, refused)
        else:
            messages.success(request, _("Service “%(name)s” was created.") % {"name": service.name})
            return redirect("console_services")
    return console_page(request, "service_form.html", {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_service(request: DeskRequest, pk: int) -> HttpResponse:
    """Rename, describe, move or publish a service."""
    me = request.membership
    services = Service.objects.visible_to(me).select_related("customer")
    service = get_object_or_404(services, pk=pk)
    if request.method != "POST":
        start: dict[str, Any] = {
            name: getattr(service, name) for name in ("name", "description", "position", "is_public")
        }
        form = ServiceForm(by=me, service=service, initial=kept(request, start | {"group": service.group_id}))
        context = {"form": form, "service": service, "seen_version": service.version}
        return console_page(request, "service_form.html", context)
    form, status = ServiceForm(request.POST, by=me, service=service), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            service = change_service(
                service=service, terms=form.terms(), seen_version=seen, by=me, at=timezone.now()
            )
        except (ServiceNameTaken, PrivateService) as refused:
            _blame(form, refused)
        except EditedMeanwhile as refused:
            form.add_error(None, refused.words())
            seen, status = service.version, CONFLICT
        else:
            messages.success(request, _("Service “%(name)s” was saved.") % {"name": service.name})
            return redirect("console_services")
    context = {"form": form, "service": service, "seen_version": seen}
    return console_page(request, "service_form.html", context, status=status)


@admin_required
@require_POST
def archive_or_restore_service(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer the service no more for new tickets, or again (`restore` in the form)."""
    service = get_object_or_404(Service.objects.visible_to(request.membership), pk=pk)
    if request.POST.get("restore"):
        restore_service(service=service, by=request.membership, at=timezone.now())
        messages.success(request, _("“%(name)s” is offered again.") % {"name": service.name})
    else:
        archive_service(service=service, by=request.membership, at=timezone.now())
        words = _("“%(name)s” is archived. What names it keeps it.")
        messages.success(request, words % {"name": service.name})
    return redirect("console_services")


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_service_group(request: DeskRequest) -> HttpResponse:
    """Make a group."""
    if request.method != "POST":
        form = ServiceGroupForm(initial=kept(request))
        return console_page(request, "service_group_form.html", {"form": form}, subject="console_services")
    form = ServiceGroupForm(request.POST)
    if form.is_valid():
        try:
            group = create_group(by=request.membership, at=timezone.now(), **form.cleaned_data)
        except GroupNameTaken as refused:
            form.add_error("name", refused.words())
        else:
            messages.success(request, _("Group “%(name)s” was created.") % {"name": group.name})
            return redirect("console_services")
    context = {"form": form}
    return console_page(
        request, "service_group_form.html", context, status=UNPROCESSABLE, subject="console_services"
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_service_group(request: DeskRequest, pk: int) -> HttpResponse:
    """Rename a group, or move it."""
    group = _find_group(request, pk)
    form, status = ServiceGroupForm(request.POST or None), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if request.method != "POST":
        start = kept(request, {"name": group.name, "position": group.position})
        form, seen, status = ServiceGroupForm(initial=start), group.version, 200
    elif form.is_valid():
        try:
            group = change_group(
                group=group, seen_version=seen, by=request.membership, at=timezone.now(), **form.cleaned_data
            )
        except GroupNameTaken as refused:
            form.add_error("name", refused.words())
        except EditedMeanwhile as refused:
            form.add_error(None, refused.words())
            seen, status = group.version, CONFLICT
        else:
            messages.success(request, _("Group “%(name)s” was saved.") % {"name": group.name})
            return redirect("console_services")
    context = {"form": form, "group": group, "seen_version": seen}
    return console_page(
        request, "service_group_form.html", context, status=status, subject="console_services"
    )


@admin_required
@require_POST
def remove_service_group(request: DeskRequest, pk: int) -> HttpResponse:
    """Remove an empty group."""
    group = _find_group(request, pk)
    try:
        remove_group(group=group, by=request.membership, at=timezone.now())
    except GroupInUse as refused:
        messages.warning(request, refused.words())
    else:
        messages.success(request, _("Group “%(name)s” was removed.") % {"name": group.name})
    return redirect("console_services")


def _find_group(request: DeskRequest, pk: int) -> ServiceGroup:
    groups = ServiceGroup.objects.filter(tenant_id=request.tenant.pk)
    group: ServiceGroup = get_object_or_404(groups, pk=pk)
    return group


def _blame(form: ServiceForm, refused: ServiceNameTaken | PrivateService) -> None:
    field = "is_public" if isinstance(refused, PrivateService) else "name"
    form.add_error(field if field in form.fields else None, refused.words())
