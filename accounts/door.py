"""The first wall: who may call a view of the desk at all.

Nobody logged in: to the log-in page, and what was typed is kept. Logged in, but unknown in this desk: 404.
Known, but in the wrong role, or without the second factor that the desk asks of its staff: 403. Which *rows*
one may touch is the business of `visible_to`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.interrupted import keep_text, page_of
from accounts.models import Membership, Role
from accounts.second_factor import lacks_second_factor

View = Callable[..., HttpResponse]


def _door(allowed: Callable[[Membership], bool]) -> Callable[[Callable[..., Any]], View]:
    def decorate(view: Callable[..., Any]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_log_in(request)
            membership = request.membership  # type: ignore[attr-defined]
            if membership is None:
                return render(request, "accounts/stranger.html", status=404)
            if lacks_second_factor(request):
                return _to_second_factor(request)
            if not allowed(membership):
                raise PermissionDenied
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        return guarded

    return decorate


member_required = _door(lambda membership: True)
staff_required = _door(lambda membership: membership.is_staff_member)
supervisor_required = _door(lambda membership: membership.is_supervisor)
admin_required = _door(lambda membership: membership.is_admin)
contact_required = _door(lambda membership: membership.is_contact)
customer_admin_required = _door(lambda membership: membership.role == Role.CUSTOMER_ADMIN)


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page, which leads back to the page on which the form stood, not to where it was sent."""
    if request.method not in ("GET", "HEAD") and keep_text(request):
        messages.info(request, _("Your session had ended. What you wrote is kept: log in and send it again."))
    answer = redirect_to_login(page_of(request), reverse("account_login"))
    if request.headers.get("HX-Request") == "true":
        # A fragment cannot hold the log-in page: the browser is told to go there. It goes where its reader
        # acted; a fragment that the page fetched by itself takes nobody away (static/js/requests.js).
        redirected = HttpResponseClientRedirect(answer.url)
        redirected.status_code = 401
        return redirected
    return answer


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    """The page that says what is missing and leads to setting it up; what was typed is kept."""
    if request.method not in ("GET", "HEAD"):
        keep_text(request)
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(reverse("home"))
    return render(request, "accounts/second_factor_needed.html", status=403)
