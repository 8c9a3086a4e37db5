"""The outbox: what is to leave, what has left, what could not, what need not any more."""

import json
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
from notifications.rendering import Letter, letter_values, speaking, subject_of, unpack
from notifications.services import NotGivenUp, letter_of, retry_failed

BY_NEWEST = ("-created_at", "-pk")


@admin_required
@require_safe
def outbox(request: DeskRequest) -> HttpResponse:
    """Messages, newest first; `state` keeps those that wait, were sent, given up or cancelled."""
    state = request.GET.get("state", "")
    found = OutboxMessage.objects.visible_to(request.membership).defer("body_text", "body_html")
    found = found.select_related("tenant", "recipient__user")
    page = keyset_page(found.in_state(state), BY_NEWEST, request.GET.get("cursor", ""))
    failed = OutboxMessage.objects.visible_to(request.membership).in_state("failed").count()
    titles = {message.pk: title_of(message) for message in page.rows}
    context = {"page": page, "state": state, "titles": titles, "tabs": _tabs(state, failed)}
    return console_page(request, "outbox.html", context)


@admin_required
@require_safe
def outbox_message(request: DeskRequest, pk: int) -> HttpResponse:
    """One message as it leaves or left; links that only its reader may see are never shown."""
    found = OutboxMessage.objects.visible_to(request.membership)
    message = get_object_or_404(found.select_related("tenant", "recipient__user"), pk=pk)
    letter, problem = letter_shown(message)
    context = {
        "message": message,
        "letter": letter,
        "problem": problem,
        "title": letter.subject or title_of(message),
        "payload": json.dumps(json.loads(message.data), indent=2, ensure_ascii=False)
        if message.is_webhook
        else "",
    }
    return console_page(request, "outbox_message.html", context)


def letter_shown(message: OutboxMessage) -> tuple[Letter, str]:
    """The mail as it left, or as it would be written now, and why it cannot be."""
    if message.is_unwritten:
        try:
            return letter_of(message), ""
        except Exception as error:  # a template may fail in any way: this page then says which
            return Letter("", "", ""), f"{type(error).__name__}: {error}"
    return Letter(message.subject, message.body_text, message.body_html), ""


def title_of(message: OutboxMessage) -> str:
    """What a message is called in the list; of a mail that is written when it leaves, its subject of now."""
    if message.is_webhook:
        return _("Webhook: %(kind)s") % {"kind": message.kind}
    if not message.is_unwritten:
        return message.subject
    reader = message.recipient.user if message.recipient is not None else message.tenant
    try:
        values = letter_values(
            unpack(message.data), tenant=message.tenant, recipient=message.recipient, path=message.path
        )
        with speaking(message.tenant.language_for(reader.language), reader.time_zone):
            return subject_of(message.template, values)
    except Exception:  # one that cannot be written must not hide the others
        return _("Email: %(kind)s") % {"kind": message.kind}


@admin_required
@require_POST
def retry_message(request: DeskRequest, pk: int) -> HttpResponse:
    """Try a message again that was given up; one that was not given up meanwhile is left as it is."""
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.membership), pk=pk)
    try:
        retry_failed(message=message, at=timezone.now())
    except NotGivenUp as refused:
        messages.info(request, refused.words())
    else:
        messages.success(request, _("The message to %(to)s will be tried again now.") % {"to": message.to})
    return redirect("outbox_message", pk=pk)


def _tabs(state: str, failed: int) -> list[dict[str, Any]]:
    words = {
        "": _("All"),
        "waiting": _("Waiting"),
        "sent": _("Sent"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
    }
    return [
        {
            "label": label,
            "url": f"?state={key}" if key else "?",
            "current": key == state,
            "count": failed if key == "failed" and failed else None,
        }
        for key, label in words.items()
    ]
