"""The secret that the desk's webhooks are signed with."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page
from notifications.forms import ReplaceSecretForm
from notifications.models import WebhookSecret
from notifications.services import (
    SecretReplacedMeanwhile,
    end_former_webhook_secret,
    rotate_webhook_secret,
)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_secret(request: DeskRequest) -> HttpResponse:
    """Make the first secret at once, or a new one beside which the former signs for a while."""
    standing = WebhookSecret.objects.first()
    if standing is None:
        if request.method == "POST":
            return _made(request)
        return _page(request, ReplaceSecretForm(), None)
    if request.method != "POST":
        return _page(request, ReplaceSecretForm(initial={"seen": standing.made_at.isoformat()}), standing)
    form, status = ReplaceSecretForm(request.POST), UNPROCESSABLE
    if form.is_valid():
        try:
            rotate_webhook_secret(by=request.membership, at=timezone.now(), **form.values())
        except SecretReplacedMeanwhile as refused:
            form.add_error(None, refused.words())
            status = CONFLICT
        else:
            said = _("The new secret signs every call from now on. Give it to the receivers.")
            messages.success(request, said)
            return redirect("console_desk")
    return _page(request, form, standing, status=status)


@admin_required
@require_POST
def end_former_secret(request: DeskRequest) -> HttpResponse:
    """Sign with the new secret alone."""
    if end_former_webhook_secret(by=request.membership, at=timezone.now()):
        messages.success(request, _("The former secret signs no more. Only the new one does."))
    else:
        messages.info(request, _("The former secret had ended already."))
    return redirect("console_desk")


def _made(request: DeskRequest) -> HttpResponse:
    try:
        rotate_webhook_secret(by=request.membership, at=timezone.now(), seen=None)
    except SecretReplacedMeanwhile:
        messages.info(request, _("Somebody else has made a secret meanwhile."))
    else:
        messages.success(request, _("The secret was made. Give it to the receivers."))
    return redirect("console_desk")


def _page(
    request: DeskRequest, form: ReplaceSecretForm, standing: WebhookSecret | None, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": form,
        "is_there": standing is not None,
        "former_until": standing.former_until if standing is not None and standing.has_former(now) else None,
    }
    return console_page(request, "webhook_secret.html", context, subject="console_desk", status=status)
