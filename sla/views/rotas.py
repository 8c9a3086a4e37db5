"""Settings: on-call rotas and who is on call."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from sla.forms.rotas import RotaForm
from sla.models import PlanVersion, Rota, RotaTurn
from sla.services.errors import PromiseRuleBroken
from sla.services.rota_errors import RotaChanged
from sla.services.rotas import archive_rota, change_rota, create_rota, restore_rota
from sla.views.shown_turns import shown_rota


@admin_required
@require_safe
def console_rotas(request: DeskRequest) -> HttpResponse:
    """All rotas with who is on call, archived ones last."""
    now = timezone.now()
    rotas = rotas_of(request, now).order_by(F("archived_at").asc(nulls_first=True), "name", "pk")
    return console_page(request, "rotas.html", {"shown": [shown_rota(rota, now) for rota in rotas]})


@admin_required
@require_safe
def console_rota(request: DeskRequest, pk: int) -> HttpResponse:
    """One rota: who is on call, the turns ahead, when nobody is."""
    now = timezone.now()
    rota = get_object_or_404(rotas_of(request, now), pk=pk)
    newest = PlanVersion.objects.filter(tenant_id=rota.tenant_id).order_by("plan_id", "-number")
    plans = PlanVersion.objects.filter(pk__in=newest.distinct("plan_id").values("pk"), emergency_rota=rota)
    context = {"shown": shown_rota(rota, now), "plans": plans.select_related("plan").order_by("plan__name")}
    return _page(request, "rota.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_rota(request: DeskRequest) -> HttpResponse:
    """Make a rota; its turns come next."""
    zone = request.tenant.time_zone
    if request.method != "POST":
        return _page(request, "rota_form.html", {"form": RotaForm(zone=zone, initial=kept(request))})
    form = RotaForm(request.POST, zone=zone)
    if form.is_valid():
        try:
            rota = create_rota(
                tenant_id=request.tenant.pk, by=request.membership, at=timezone.now(), **form.cleaned_data
            )
        except PromiseRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("Rota “%(name)s” was created. Now give it turns.") % {"name": rota.name}
            )
            return redirect("fill_rota", pk=rota.pk)
    return _page(request, "rota_form.html", {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rota(request: DeskRequest, pk: int) -> HttpResponse:
    """Change name, zone or minutes."""
    rota = get_object_or_404(Rota, tenant=request.tenant, pk=pk)
    if request.method != "POST":
        now = {"name": rota.name, "minutes": rota.minutes}
        form = RotaForm(zone=rota.time_zone, initial=kept(request, now))
        return _page(request, "rota_form.html", {"form": form, "rota": rota, "seen_version": rota.version})
    form, status = RotaForm(request.POST, zone=rota.time_zone), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            rota = change_rota(
                rota=rota, seen_version=seen, by=request.membership, at=timezone.now(), **form.cleaned_data
            )
        except PromiseRuleBroken as refused:
            form.refuse(refused)
            if isinstance(refused, RotaChanged):
                seen, status = rota.version, CONFLICT
        else:
            messages.success(request, _("Rota “%(name)s” was saved.") % {"name": rota.name})
            return redirect("console_rota", pk=pk)
    context = {"form": form, "rota": rota, "seen_version": seen}
    return _page(request, "rota_form.html", context, status=status)


@admin_required
@require_POST
def archive_or_restore_rota(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer the rota no more, or again (`restore` in the form)."""
    rota = get_object_or_404(Rota, tenant=request.tenant, pk=pk)
    if request.POST.get("restore"):
        restore_rota(rota=rota, by=request.membership, at=timezone.now())
        messages.success(request, _("“%(name)s” is offered again.") % {"name": rota.name})
    else:
        archive_rota(rota=rota, by=request.membership, at=timezone.now())
        words = _("“%(name)s” is archived. Plans that name it go on calling its people.")
        messages.success(request, words % {"name": rota.name})
    return redirect("console_rota", pk=pk)


def rotas_of(request: DeskRequest, now: datetime) -> Any:
    """The desk's rotas with the turns that have not ended, in the order in which they start."""
    ahead = RotaTurn.objects.filter(ends_at__gt=now).select_related("person__user")
    turns = Prefetch("turns", ahead.order_by("starts_at", "position", "pk"), to_attr="ahead")
    return Rota.objects.filter(tenant=request.tenant).prefetch_related(turns)


def zone_of(rota: Rota) -> ZoneInfo:
    """The zone of the wall clock by which the rota's people take turns."""
    return ZoneInfo(rota.time_zone)


def _page(request: DeskRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return console_page(request, template, context, status=status, subject="console_rotas")
