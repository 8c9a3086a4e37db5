"""One id, one log line and one measurement for every request; words for what any page may meet."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from sla.business_time import CalendarNeverOpens
from supportdesk import metrics
from supportdesk.logs import request_id

logger = logging.getLogger("supportdesk.request")

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


class RequestLogMiddleware:
    """Give the request an id (or keep the proxy's), answer with it in X-Request-ID, log and measure it.

    The line holds the path without its query, which may carry what somebody searched for or a token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _ACCEPTABLE_ID.fullmatch(given) else uuid.uuid4().hex)
        request.request_id = request_id.get()  # type: ignore[attr-defined]
        # The tenant's middleware takes the desk's prefix off: the line shall show what was asked for.
        path = request.path
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            if not path.startswith(_QUIET):
                _record(request, path, response.status_code, time.perf_counter() - began)
            return response
        finally:
            request_id.reset(token)


class CalendarMiddleware:
    """Say in words that a calendar ran out of openings, wherever a page meets it.

    Nothing was kept: a change whose clocks cannot be reckoned is undone as a whole. The API says so itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page of its own, or a word in the corner of the one that asked for a fragment."""
        if not isinstance(error, CalendarNeverOpens):
            return None
        logger.warning("the calendar %s never opens again", error.name)
        if request.headers.get("HX-Request") == "true":
            said = _(
                "The calendar “%(name)s” never opens again, so nothing was changed. An admin can edit it."
            )
            answer = HttpResponse(status=409, headers={"HX-Reswap": "none"})
            toast = {"text": said % {"name": error.name}, "meaning": "breached"}
            return trigger_client_event(answer, "toast", toast)
        return render(request, "409.html", {"calendar": error.name}, status=409)


def _record(request: HttpRequest, path: str, status: int, seconds: float) -> None:
    match = request.resolver_match
    view = match.view_name if match else ""
    metrics.observe_request(request.method or "", view, status, seconds)
    # Only a person whom the page has loaded already: asking for one here would cost every request a query.
    person = getattr(request, "_cached_user", None)
    logger.log(
        logging.ERROR if status >= 500 else logging.INFO,
        "%s %s %s %.0f ms",
        request.method,
        path,
        status,
        seconds * 1000,
        extra={
            "method": request.method,
            "path": path,
            "view": view,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "tenant_id": getattr(getattr(request, "tenant", None), "pk", None),
            "person_id": getattr(person, "pk", None),
        },
    )
