"""Downloads of own data: ask for one, see how far it is, take the file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import contact_required
from accounts.models import Membership
from accounts.requests import DeskRequest
from reports import services
from reports.data.tickets import MOST_FILE_BYTES, MOST_TICKETS
from reports.models import Download, DownloadState, Scope
from reports.permissions import can_download

MOST_SHOWN = 10


@contact_required
@require_safe
def downloads(request: DeskRequest) -> HttpResponse:
    """What was asked for, the newest first; one that is under way says how far it is."""
    found = list(Download.objects.visible_to(request.membership)[:MOST_SHOWN])
    context = {
        "downloads": found,
        "under_way": next((one for one in found if one.is_under_way), None),
        "scopes": [scope for scope in Scope if can_download(request.membership, scope)],
        "most_tickets": MOST_TICKETS,
        "most_bytes": MOST_FILE_BYTES,
        "most_a_day": services.MOST_A_DAY,
    }
    return render(request, "reports/downloads.html", context)


@contact_required
@require_POST
def request_download(request: DeskRequest) -> HttpResponse:
    """Begin one in the background."""
    scope = request.POST.get("scope", "")
    if scope not in Scope.values:
        messages.error(request, _("Choose one of the entries in the list."))
        return redirect("downloads")
    try:
        services.request_download(scope=scope, by=request.membership, at=timezone.now())
    except services.DownloadRuleBroken as refused:
        messages.error(request, refused.words())
    else:
        messages.success(request, _("Your download is being put together. You get a mail when it is ready."))
    return redirect("downloads")


@contact_required
@require_safe
def download_file(request: DeskRequest, download_id: UUID) -> HttpResponseBase:
    """The file, to whoever asked for it and may still have it."""
    return file_response(find_download(request.membership, download_id), request.tenant.slug)


def find_download(membership: Membership, download_id: UUID) -> Download:
    """The person's own; Http404 for anything else."""
    found: Download = get_object_or_404(Download.objects.visible_to(membership), pk=download_id)
    return found


def file_response(download: Download, slug: str) -> HttpResponseBase:
    """The ZIP as a download; Http404 once it has expired."""
    is_over = download.expires_at is None or download.expires_at <= timezone.now()
    if download.state != DownloadState.READY or is_over:
        raise Http404
    try:
        opened = download.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{slug}-{download.scope}-{download.asked_at:%Y-%m-%d}.zip"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
