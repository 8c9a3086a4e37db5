"""One's own maintenance calendar: secret addresses, and what stands at them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.door import member_required
from accounts.links import absolute_url, desk_path
from accounts.requests import AnyRequest, DeskRequest
from accounts.views.frames import frame_of
from maintenance.feeds import window_calendar
from maintenance.services.feed_keys import (
    TooManyKeys,
    create_feed_key,
    feed_keys_of,
    reader_of,
    revoke_feed_key,
)
from maintenance.status_page import windows_of_person
from notifications.rendering import in_language_of


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def feed_keys(request: DeskRequest) -> HttpResponse:
    """One's calendar addresses. A new one stands in the answer to its making and nowhere else."""
    address, refused = "", ""
    if request.method == "POST":
        try:
            _key, secret = create_feed_key(membership=request.membership, at=timezone.now())
        except TooManyKeys as error:
            refused = error.words()
        else:
            address = absolute_url(request.tenant, desk_path("personal_feed", secret))
    context = {"keys": feed_keys_of(request.membership), "address": address, "refused": refused}
    return render(
        request,
        "maintenance/feed_keys.html",
        {**context, "frame": frame_of(request)},
        status=409 if refused else 200,
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_feed_key_view(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first, then revoke; somebody else's address does not exist here."""
    key = get_object_or_404(feed_keys_of(request.membership), pk=pk)
    if request.method == "POST":
        revoke_feed_key(key=key, at=timezone.now())
        messages.success(request, _("The calendar address no longer works."))
        return redirect("feed_keys")
    return render(request, "maintenance/feed_key_revoke.html", {"key": key, "frame": frame_of(request)})


@require_safe
def personal_feed(request: AnyRequest, token: str) -> HttpResponse:
    """The maintenance that concerns one person, as an iCalendar feed; who has the address may read it."""
    now = timezone.now()
    person = reader_of(token, tenant=request.tenant, at=now) if request.tenant else None
    if person is None or request.tenant is None:
        raise Http404
    with in_language_of(person):
        text = window_calendar(
            request.tenant,
            windows_of_person(person, now=now),
            address=absolute_url(request.tenant, desk_path("home")),
            now=now,
        )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response
