"""One id, one log line and one measurement for every request."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
