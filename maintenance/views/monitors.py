"""Settings: what is watched, and where alerts come from; the address that heartbeats call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.links import absolute_url, desk_path
from accounts.requests import AnyRequest, DeskRequest
from accounts.services.tokens import hash_token
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from maintenance.faults import fault_words
from maintenance.models import AlertSource, Monitor, MonitorKind
from maintenance.monitor_forms import MonitorForm, SourceForm
from maintenance.services import alert_sources, monitors
from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.services.outage_errors import EditedMeanwhile
from maintenance.services.watching import note_beat

METHODS = ["GET", "HEAD", "POST"]


@admin_required
@require_safe
def console_monitors(request: DeskRequest) -> HttpResponse:
    """All monitors with what they found last, archived ones at the end."""
    found = Monitor.objects.visible_to(request.membership).select_related("service", "outage")
    listed = found.order_by(F("archived_at").asc(nulls_first=True), "service__name", "name", "pk")
    return console_page(request, "monitors.html", {"monitors": listed, "fault_words": fault_words})


@never_cache
@admin_required
@require_http_methods(METHODS)
def new_monitor(request: DeskRequest) -> HttpResponse:
    """Watch something; a heartbeat's address stands in the answer to its making and nowhere else."""
    me = request.membership
    if request.method != "POST":
        return _monitor_page(request, {"form": MonitorForm(membership=me, initial=kept(request))})
    form = MonitorForm(request.POST, membership=me)
    if form.is_valid():
        try:
            monitor, secret = monitors.create_monitor(terms=form.terms, by=me, at=timezone.now())
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("“%(name)s” is watched.") % {"name": monitor.name})
            if secret:
                return _secret_page(request, monitor.name, _beat_address(request, secret), "console_monitors")
            return redirect("console_monitors")
    return _monitor_page(request, {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(METHODS)
def edit_monitor(request: DeskRequest, pk: int) -> HttpResponse:
    """Watch it otherwise."""
    monitor, me = _monitor(request, pk), request.membership
    if request.method != "POST":
        form = MonitorForm(membership=me, monitor=monitor, initial=kept(request))
        return _monitor_page(request, {"form": form, "monitor": monitor})
    form, status = MonitorForm(request.POST, membership=me, monitor=monitor), UNPROCESSABLE
    if form.is_valid():
        seen = number_in(request.POST.get("seen", ""))
        try:
            monitors.change_monitor(monitor=monitor, terms=form.terms, seen=seen, by=me, at=timezone.now())
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
            status = CONFLICT if isinstance(refused, EditedMeanwhile) else status
        else:
            messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
            return redirect("console_monitors")
    return _monitor_page(request, {"form": form, "monitor": monitor}, status=status)


@admin_required
@require_POST
def pause_monitor(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop watching for a while, or go on (`resume` in the form)."""
    is_paused = not request.POST.get("resume")
    monitors.pause_monitor(
        monitor=_monitor(request, pk), is_paused=is_paused, by=request.membership, at=timezone.now()
    )
    return redirect("console_monitors")


@admin_required
@require_POST
def archive_monitor(request: DeskRequest, pk: int) -> HttpResponse:
    """Watch it no more, or again (`restore` in the form)."""
    act = monitors.restore_monitor if request.POST.get("restore") else monitors.archive_monitor
    act(monitor=_monitor(request, pk), by=request.membership, at=timezone.now())
    return redirect("console_monitors")


@never_cache
@admin_required
@require_POST
def renew_heartbeat(request: DeskRequest, pk: int) -> HttpResponse:
    """Another address for a heartbeat; the old one stops working."""
    monitor = _monitor(request, pk)
    if monitor.kind != MonitorKind.HEARTBEAT:
        raise Http404
    secret = monitors.renew_heartbeat(monitor=monitor, by=request.membership, at=timezone.now())
    return _secret_page(request, monitor.name, _beat_address(request, secret), "console_monitors")


@admin_required
@require_safe
def console_alert_sources(request: DeskRequest) -> HttpResponse:
    """Where alerts come from, revoked ones at the end."""
    found = AlertSource.objects.filter(tenant=request.tenant).select_related("service")
    listed = found.order_by(F("revoked_at").asc(nulls_first=True), "name", "pk")
    address = absolute_url(request.tenant, desk_path("api_alerts"))
    context = {"sources": listed, "address": address}
    return console_page(request, "alert_sources.html", context)


@never_cache
@admin_required
@require_http_methods(METHODS)
def new_alert_source(request: DeskRequest) -> HttpResponse:
    """Let alerts in; the token stands in the answer to its making and nowhere else."""
    me = request.membership
    if request.method != "POST":
        return _source_page(request, {"form": SourceForm(membership=me, initial=kept(request))})
    form = SourceForm(request.POST, membership=me)
    if form.is_valid():
        try:
            source, token = alert_sources.create_source(terms=form.terms, by=me, at=timezone.now())
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
        else:
            return _secret_page(request, source.name, token, "console_alert_sources")
    return _source_page(request, {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(METHODS)
def edit_alert_source(request: DeskRequest, pk: int) -> HttpResponse:
    """Change what its alerts mean."""
    source, me = _source(request, pk), request.membership
    if request.method != "POST":
        form = SourceForm(membership=me, source=source, initial=kept(request))
        return _source_page(request, {"form": form, "source": source})
    form = SourceForm(request.POST, membership=me, source=source)
    if form.is_valid():
        try:
            alert_sources.change_source(source=source, terms=form.terms, by=me, at=timezone.now())
        except MaintenanceRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
            return redirect("console_alert_sources")
    return _source_page(request, {"form": form, "source": source}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(METHODS)
def revoke_alert_source(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first, then let no more alerts in from there."""
    source = _source(request, pk)
    if request.method == "POST":
        alert_sources.revoke_source(source=source, by=request.membership, at=timezone.now())
        messages.success(request, _("The token of “%(name)s” no longer works.") % {"name": source.name})
        return redirect("console_alert_sources")
    return console_page(
        request, "alert_source_revoke.html", {"source": source}, subject="console_alert_sources"
    )


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def beat(request: AnyRequest, secret: str) -> HttpResponse:
    """A job reports in; whoever knows the address may. It answers as briefly as it is asked."""
    tenant = _tenant(request)
    found = Monitor.objects.in_use().filter(
        tenant_id=tenant.pk, kind=MonitorKind.HEARTBEAT, token_hash=hash_token(secret)
    )
    pk = found.values_list("pk", flat=True).first()
    if pk is None or note_beat(monitor_id=pk, at=timezone.now()) is None:
        return HttpResponse("unknown\n", status=404, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def _tenant(request: AnyRequest) -> Any:
    if request.tenant is None:
        raise Http404
    return request.tenant


def _monitor(request: DeskRequest, pk: int) -> Monitor:
    found: Monitor = get_object_or_404(Monitor.objects.visible_to(request.membership), pk=pk)
    return found


def _source(request: DeskRequest, pk: int) -> AlertSource:
    return get_object_or_404(AlertSource.objects.filter(tenant=request.tenant, revoked_at=None), pk=pk)


def _beat_address(request: DeskRequest, secret: str) -> str:
    return absolute_url(request.tenant, desk_path("beat", secret))


def _monitor_page(request: DeskRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return console_page(request, "monitor_form.html", context, status=status, subject="console_monitors")


def _source_page(request: DeskRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return console_page(
        request, "alert_source_form.html", context, status=status, subject="console_alert_sources"
    )


def _secret_page(request: DeskRequest, name: str, secret: str, back: str) -> HttpResponse:
    """The one page on which a secret stands."""
    context = {"name": name, "secret": secret, "back": reverse(back), "is_source": back != "console_monitors"}
    return console_page(request, "watch_secret.html", context, subject=back)
