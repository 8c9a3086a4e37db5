"""Backups as customers and staff see them: how each stands, its runs, a restore and its steps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import member_required, staff_required
from accounts.interrupted import take_text
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from accounts.services import hash_token
from accounts.views.frames import frame_of
from maintenance.backup_forms import RestoreForm
from maintenance.backup_terms import JobTerms, terms_of_jobs, verification_due_at
from maintenance.lifecycle import Status
from maintenance.models import BackupJob, Kind, RestoreRequest, RestoreStep, Window
from maintenance.services.backup_runs import BESIDE, Report, RunReport, report_run
from maintenance.services.errors import NotAllowed
from maintenance.services.restores import request_restore, tick_step
from tickets.models import Channel, Ticket
from tickets.notices import reference
from tickets.services import TicketRuleBroken, earlier_event
from tickets.views.submission import submission_key, submission_of

TESTS_SHOWN = 5
RESTORES_SHOWN = 5


@member_required
@require_safe
def backups(request: DeskRequest) -> HttpResponse:
    """How each backup stands, by customer and name; for a contact its own company's."""
    jobs = _jobs(request).in_use()
    named = jobs.annotate(customer_name=F("customer__name"))
    page = keyset_page(named, ("customer_name", "name", "pk"), request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": [(job, terms, verification_due_at(job, terms)) for job, terms in _with_terms(page.rows)],
        "tests": _restore_tests(request),
        "frame": frame_of(request),
    }
    return render(request, "maintenance/backups.html", context)


@member_required
@require_safe
def backup(request: DeskRequest, pk: int) -> HttpResponse:
    """One backup and its runs, the newest first."""
    job = get_object_or_404(_jobs(request), pk=pk)
    [(_job, terms)] = _with_terms([job])
    context = {
        "job": job,
        "terms": terms,
        "verification_due": verification_due_at(job, terms),
        "page": keyset_page(job.runs.all(), ("-started_at", "-id"), request.GET.get("cursor", ""), size=25),
        "restores": _restores_of(job, request),
        "frame": frame_of(request),
    }
    return render(request, "maintenance/backup.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_restore(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask for a backup to be played back: a ticket with the restore clock."""
    job, me = get_object_or_404(_jobs(request).in_use(), pk=pk), request.membership
    if request.method != "POST":
        return _show_form(request, job, RestoreForm(membership=me, job=job, initial=take_text(request)))
    form, submission = RestoreForm(request.POST, membership=me, job=job), submission_of(request)
    if earlier := earlier_event(by=me, submission=submission):
        return HttpResponseRedirect(reverse("restore", args=[earlier.ticket.number]), status=303)
    if not form.is_valid():
        return _show_form(request, job, form, status=422)
    try:
        wanted = request_restore(
            job=job,
            by=me,
            at=timezone.now(),
            channel=Channel.PORTAL if me.is_contact else Channel.AGENT,
            submission=submission,
            **form.cleaned_data,
        )
    except TicketRuleBroken as refused:
        if earlier := earlier_event(by=me, submission=submission):
            return HttpResponseRedirect(reverse("restore", args=[earlier.ticket.number]), status=303)
        form.add_error(None, refused.words())
        return _show_form(request, job, form, status=409)
    messages.success(
        request, _("%(reference)s is filed.") % {"reference": reference(wanted.ticket, request.tenant)}
    )
    return HttpResponseRedirect(reverse("restore", args=[wanted.ticket.number]), status=303)


@member_required
@require_safe
def restore(request: DeskRequest, number: int) -> HttpResponse:
    """What a restore is about and how far it has come."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.membership), number=number)
    requests = RestoreRequest.objects.select_related("job").prefetch_related("steps__done_by")
    context = {
        "ticket": ticket,
        "reference": reference(ticket, request.tenant),
        "wanted": get_object_or_404(requests, ticket=ticket),
        "frame": frame_of(request),
    }
    return render(request, "maintenance/restore.html", context)


@staff_required
@require_POST
def tick_restore_step(request: DeskRequest, pk: int) -> HttpResponse:
    """Say that a step of a restore is done (`done` in the form), or not yet after all."""
    steps = RestoreStep.objects.filter(tenant_id=request.tenant.pk).select_related("request__ticket")
    step = get_object_or_404(steps, pk=pk)
    try:
        tick_step(step=step, is_done=bool(request.POST.get("done")), by=request.membership, at=timezone.now())
    except NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    return HttpResponseRedirect(reverse("restore", args=[step.request.ticket.number]), status=303)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def beat_backup(request: HttpRequest, token: str) -> HttpResponse:
    """A run has succeeded, says whoever knows the job's token: for jobs that can do no more than ask for an
    address."""
    found = BackupJob.objects.in_use().filter(token_hash=hash_token(token)).first()
    if found is None:
        return JsonResponse({"ok": False}, status=404)
    now = timezone.now()
    run = f"beat {now:%Y-%m-%dT%H:%M:%S.%fZ}"
    if request.method != "HEAD":
        report_run(job=found, report=RunReport(Report.SUCCEEDED, run), at=now)
    return JsonResponse({"ok": True})


def _jobs(request: DeskRequest) -> Any:
    return BackupJob.objects.visible_to(request.membership).select_related(*BESIDE)


def _with_terms(jobs: list[BackupJob]) -> list[tuple[BackupJob, JobTerms]]:
    terms = terms_of_jobs(jobs, timezone.now())
    return [(job, terms[job.pk]) for job in jobs]


def _restore_tests(request: DeskRequest) -> QuerySet[Window]:
    """The last tests of restoring, with their results."""
    windows: QuerySet[Window] = Window.objects.visible_to(request.membership)
    done = windows.filter(kind=Kind.RESTORE_TEST, status=Status.COMPLETED)
    return done.order_by("-ended_at", "-pk")[:TESTS_SHOWN]


def _restores_of(job: BackupJob, request: DeskRequest) -> QuerySet[RestoreRequest]:
    """The last restores that were asked for."""
    tickets = Ticket.objects.visible_to(request.membership)
    asked = RestoreRequest.objects.filter(job=job, ticket__in=tickets).select_related("ticket")
    return asked.order_by("-pk")[:RESTORES_SHOWN]


def _show_form(request: DeskRequest, job: BackupJob, form: RestoreForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "job": job,
        "submission": submission_key(request),
        "frame": frame_of(request),
    }
    return render(request, "maintenance/restore_form.html", context, status=status)
