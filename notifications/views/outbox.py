"""The outbox: what was to be mailed, what has left, what could not."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import admin_required
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from notifications.models import OutboxMessage
from notifications.services import retry_failed

BY_NEWEST = ("-created_at", "-pk")


@admin_required
@require_safe
def outbox(request: DeskRequest) -> HttpResponse:
    """Messages, newest first; `state` keeps those that wait, were sent, or were given up."""
    state = request.GET.get("state", "")
    found = OutboxMessage.objects.visible_to(request.membership).defer("body_text", "body_html")
    page = keyset_page(found.in_state(state), BY_NEWEST, request.GET.get("cursor", ""))
    failed = OutboxMessage.objects.visible_to(request.membership).in_state("failed").count()
    context = {"page": page, "state": state, "tabs": _tabs(state, failed)}
    return console_page(request, "outbox.html", context)


@admin_required
@require_safe
def outbox_message(request: DeskRequest, pk: int) -> HttpResponse:
    """One message as it leaves or left; links that only its reader may see are never shown."""
    found = OutboxMessage.objects.visible_to(request.membership).select_related("recipient")
    return console_page(request, "outbox_message.html", {"message": get_object_or_404(found, pk=pk)})


@admin_required
@require_POST
def retry_message(request: DeskRequest, pk: int) -> HttpResponse:
    """Try a message again that was given up; one that was not given up meanwhile is left as it is."""
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.membership), pk=pk)
    if message.failed_at is None:
        messages.info(request, _("This message has not been given up, so there is nothing to try again."))
    else:
        retry_failed(message=message, at=timezone.now())
        messages.success(request, _("The message to %(to)s will be tried again now.") % {"to": message.to})
    return redirect("outbox_message", pk=pk)


def _tabs(state: str, failed: int) -> list[dict[str, Any]]:
    words = {"": _("All"), "waiting": _("Waiting"), "sent": _("Sent"), "failed": _("Failed")}
    return [
        {
            "label": label,
            "url": f"?state={key}" if key else "?",
            "current": key == state,
            "count": failed if key == "failed" and failed else None,
        }
        for key, label in words.items()
    ]
