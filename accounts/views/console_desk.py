"""Settings: the desk itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.console_forms import DeskForm
from accounts.door import admin_required
from accounts.models import Tenant
from accounts.requests import DeskRequest
from accounts.services import EditedMeanwhile, change_desk, desk_state, refusal_words
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept
from notifications.models import WebhookSecret


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def console_desk(request: DeskRequest) -> HttpResponse:
    """Name, zone and ticket prefix of the desk; its address is chosen on a page of its own."""
    # A copy: the form writes what was typed into its object, while the frame shows the desk's real name.
    tenant = Tenant.objects.get(pk=request.tenant.pk)
    state = desk_state(tenant)
    if request.method != "POST":
        form = DeskForm(instance=tenant, initial=kept(request))
        return _page(request, form, seen=state)
    form, status = DeskForm(request.POST, instance=tenant), UNPROCESSABLE
    seen = request.POST.get("seen_state", "")
    if form.is_valid():
        try:
            change_desk(
                tenant=request.tenant,
                seen_state=seen,
                by=request.membership,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            seen, status = state, CONFLICT
        else:
            messages.success(request, _("Saved."))
            return redirect("console_desk")
    return _page(request, form, seen=seen, status=status)


def _page(request: DeskRequest, form: DeskForm, *, seen: str, status: int = 200) -> HttpResponse:
    secret = WebhookSecret.objects.select_related("made_by").first()
    former = secret.former_secret if secret is not None and secret.has_former(timezone.now()) else ""
    context = {"form": form, "seen_state": seen, "webhook_secret": secret, "former_secret": former}
    return console_page(request, "desk.html", context, status=status)
