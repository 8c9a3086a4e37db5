"""Settings: what is backed up of whom, and the tokens with which runs are reported."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from maintenance.backup_forms import BackupJobForm
from maintenance.models import BackupJob
from maintenance.services.backup_errors import BackupRuleBroken
from maintenance.services.backups import archive_job, change_job, create_job, renew_token, restore_job
from maintenance.services.errors import Overtaken

FIELDS = ("name", "part", "every_hours", "verify_every_days", "grace_minutes", "priority")


@admin_required
@require_safe
def console_backups(request: DeskRequest) -> HttpResponse:
    """All jobs by customer and name, archived ones too; `customer` keeps those of one."""
    jobs = BackupJob.objects.visible_to(request.membership).select_related("customer", "requester")
    customer = number_in(request.GET.get("customer", ""))
    if customer:
        jobs = jobs.filter(customer_id=customer)
    named = jobs.annotate(customer_name=F("customer__name"))
    page = keyset_page(named, ("customer_name", "name", "pk"), request.GET.get("cursor", ""))
    return console_page(request, "backups.html", {"page": page})


@never_cache
@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_backup(request: DeskRequest) -> HttpResponse:
    """Watch a backup. The answer to its making shows the token, and nothing else ever does."""
    me = request.membership
    if request.method != "POST":
        start = {"customer": request.GET["customer"]} if "customer" in request.GET else {}
        form = BackupJobForm(by=me, initial=kept(request, start))
        return console_page(request, "backup_form.html", {"form": form})
    form = BackupJobForm(request.POST, by=me)
    if form.is_valid():
        try:
            job, secret = create_job(
                customer=form.cleaned_data["customer"], terms=form.terms(), by=me, at=timezone.now()
            )
        except BackupRuleBroken as refused:
            form.add_error(refused.field or None, refused.words())
        else:
            return _show_token(request, job, secret)
    return console_page(request, "backup_form.html", {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_backup(request: DeskRequest, pk: int) -> HttpResponse:
    """Rename it, watch it in another rhythm, tell somebody else."""
    job, me = _find(request, pk), request.membership
    form, status = BackupJobForm(request.POST or None, by=me, job=job), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if request.method != "POST":
        start: dict[str, Any] = {name: getattr(job, name) for name in FIELDS}
        start |= {"service": job.service_id, "requester": job.requester_id}
        start["files_ticket"] = job.requester_id is not None
        form, seen, status = (
            BackupJobForm(by=me, job=job, initial=kept(request, start)),
            job.version,
            200,
        )
    elif form.is_valid():
        try:
            change_job(job=job, terms=form.terms(), seen_version=seen, by=me, at=timezone.now())
        except Overtaken as refused:
            form.add_error(None, refused.words())
            seen, status = job.version, CONFLICT
        except BackupRuleBroken as refused:
            form.add_error(refused.field or None, refused.words())
        else:
            messages.success(request, _("Saved."))
            return redirect("console_backups")
    context = {"form": form, "job": job, "seen_version": seen}
    return console_page(request, "backup_form.html", context, status=status)


@admin_required
@require_POST
def archive_or_restore_backup(request: DeskRequest, pk: int) -> HttpResponse:
    """Watch it no more, or again (`restore` in the form)."""
    job = _find(request, pk)
    if request.POST.get("restore"):
        restore_job(job=job, by=request.membership, at=timezone.now())
        messages.success(request, _("“%(name)s” is watched again.") % {"name": job.name})
    else:
        archive_job(job=job, by=request.membership, at=timezone.now())
        messages.success(
            request, _("“%(name)s” is archived. Its token no longer works.") % {"name": job.name}
        )
    return redirect("console_backups")


@never_cache
@admin_required
@require_POST
def renew_backup_token(request: DeskRequest, pk: int) -> HttpResponse:
    """Another token; the one before stops working at once."""
    job = _find(request, pk)
    secret = renew_token(job=job, by=request.membership, at=timezone.now())
    return _show_token(request, job, secret)


def _find(request: DeskRequest, pk: int) -> BackupJob:
    jobs = BackupJob.objects.visible_to(request.membership).select_related("customer")
    job: BackupJob = get_object_or_404(jobs, pk=pk)
    return job


def _show_token(request: DeskRequest, job: BackupJob, secret: str) -> HttpResponse:
    context = {
        "job": job,
        "secret": secret,
        "report_url": request.build_absolute_uri(reverse("api_report_backup")),
        "beat_url": request.build_absolute_uri(reverse("beat_backup", args=[secret])),
    }
    return console_page(request, "backup_token.html", context, subject="console_backups")
