"""Settings: the status page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import admin_required
from accounts.links import absolute_url, desk_path
from accounts.requests import DeskRequest
from accounts.services import EditedMeanwhile
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from maintenance.models import Subscriber
from maintenance.services.status_page import change_status_page
from maintenance.status_forms import StatusPageForm
from maintenance.status_page import status_page_of
from tickets.models import Service


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def console_status(request: DeskRequest) -> HttpResponse:
    """Who may read the page, its words, its services; how many follow it."""
    page = status_page_of(request.tenant.pk)
    version = page.version if page.pk else 0
    if request.method != "POST":
        shared = Service.objects.visible_to(request.membership).in_use().filter(is_public=True)
        before = {"visibility": page.visibility, "about": page.about, "services": list(shared)}
        return _page(request, StatusPageForm(by=request.membership, initial=kept(request, before)), version)
    form, status = StatusPageForm(request.POST, by=request.membership), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            change_status_page(
                visibility=form.cleaned_data["visibility"],
                about=form.cleaned_data["about"],
                public=frozenset(service.pk for service in form.cleaned_data["services"]),
                seen_version=seen,
                by=request.membership,
            )
        except EditedMeanwhile:
            form.add_error(
                None,
                _("Somebody else has changed these settings meanwhile. Nothing was overwritten: save again."),
            )
            seen, status = version, CONFLICT
        else:
            messages.success(request, _("Saved. The page shows it at once."))
            return redirect("console_status")
    return _page(request, form, seen, status=status)


def _page(request: DeskRequest, form: StatusPageForm, seen: int, *, status: int = 200) -> HttpResponse:
    followers = Subscriber.objects.filter(ended_at=None, confirmed_at__isnull=False).count()
    context = {
        "form": form,
        "seen_version": seen,
        "followers": followers,
        "page_address": absolute_url(request.tenant, desk_path("status")),
        "is_off": status_page_of(request.tenant.pk).visibility == "off",
    }
    return console_page(request, "status_page.html", context, status=status)
