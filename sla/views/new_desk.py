"""The operators' page that opens a desk; it stands on the site, outside any desk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.admin import operators
from accounts.links import absolute_url
from accounts.models import Tenant
from accounts.views.console import UNPROCESSABLE
from sla.forms.opening import NewDeskForm
from sla.presets.opening import open_desk


@operators.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def new_desk(request: HttpRequest) -> HttpResponse:
    """Open a desk and invite its owner."""
    if not request.user.has_perm("accounts.add_tenant"):
        raise PermissionDenied
    form = NewDeskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            owner = open_desk(form.wanted(), at=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            values = {"address": absolute_url(owner.tenant, "/"), "email": owner.user.email}
            said = _("The desk stands at %(address)s. The invitation to %(email)s is on its way.")
            messages.success(request, said % values)
            return redirect("admin:accounts_tenant_changelist")
    status = UNPROCESSABLE if form.is_bound else 200
    example = absolute_url(Tenant(slug="acme"), "/")
    return render(request, "accounts/new_desk.html", {"form": form, "example": example}, status=status)
