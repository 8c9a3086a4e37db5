"""The secret that the desk's webhooks are signed with."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from notifications.models import WebhookSecret
from notifications.services import rotate_webhook_secret


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_secret(request: DeskRequest) -> HttpResponse:
    """Make the first secret or a new one; asks first where no script has asked already."""
    is_there = WebhookSecret.objects.exists()
    if request.method != "POST":
        return console_page(request, "webhook_secret.html", {"is_there": is_there}, subject="console_desk")
    rotate_webhook_secret(by=request.membership, at=timezone.now())
    if is_there:
        messages.success(request, _("The new secret signs every call from now on. Give it to the receivers."))
    else:
        messages.success(request, _("The secret was made. Give it to the receivers."))
    return redirect("console_desk")
