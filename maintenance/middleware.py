"""The status page is answered before the database is asked who it belongs to."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.urls import ResolverMatch
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from accounts.hostnames import is_site_host
from maintenance.status_cache import Copy, find_copy, keep_copy, keep_longer, last_copy

log = logging.getLogger(__name__)

NAMES = {
    "": "status",
    "history/": "status_history",
    "feed.atom": "status_atom",
    "status.json": "status_json",
    "maintenance.ics": "status_calendar",
}
"""What is kept, by its address below /status/, and the name of that address."""
_PATH = re.compile(r"(?:/t/(?P<slug>[-a-zA-Z0-9_]{1,40}))?/status/(?P<tail>[a-z.]*/?)")
_MONTH = re.compile(r"\d{4}-\d{2}")
_PACKS = re.compile(r"\bgzip\b")
_THEMES = ("light", "dark")
_KEPT_HEADERS = ("Content-Type", "Content-Language", "Content-Security-Policy", "X-Frame-Options", "Link")
_LANGUAGES = {code for code, _name in settings.LANGUAGES}


@dataclass(frozen=True)
class Asked:
    """Which document is wanted at which address, and how: what copies are told apart by."""

    name: str
    place: str
    language: str
    theme: str
    month: str

    @property
    def key(self) -> str:
        """Under which its copy is kept."""
        return f"status:copy:{self.place}:{self.name}:{self.language}:{self.theme}:{self.month}"


@dataclass(frozen=True)
class Draft:
    """What a view says of its answer, so that a copy may be kept: see `keep_copy`."""

    tenant_id: int
    version: str
    shown: str
    is_public: bool


class StatusPageMiddleware:
    """Answer with a copy where there is one of the desk's present version, else keep what the view answers.

    A view that may be copied finds `request.status_asked` and puts a `Draft` on its answer. When the view
    fails, the last public copy is shown instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = asked_for(request)
        if asked is None:
            return self.get_response(request)
        copy = find_copy(asked.key)
        if copy is not None and copy.is_public:
            return _answer(request, asked, copy)
        request.status_asked, request.status_copy = asked, copy  # type: ignore[attr-defined]
        response = self.get_response(request)
        draft: Draft | None = getattr(response, "status_draft", None)
        if response.status_code == 200 and draft is not None:
            _keep(asked, draft, response)
        elif response.status_code >= 500 and (last := last_copy(asked.key)) is not None:
            log.warning("The status page cannot be written: an earlier copy is shown.")
            keep_longer(asked.key, last)
            return _answer(request, asked, last)
        return response


def asked_for(request: HttpRequest) -> Asked | None:
    """What of a status page is asked for; None for everything else."""
    if "/status/" not in request.path_info or request.method not in ("GET", "HEAD"):
        return None
    found = _PATH.fullmatch(request.path_info)
    name = NAMES.get(found["tail"]) if found else None
    if found is None or name is None:
        return None
    place = _place(request, found["slug"])
    if place is None:
        return None
    query = request.GET if request.META.get("QUERY_STRING") else {}
    language = query.get("lang", "")
    month = query.get("month", "") if name == "status_history" else ""
    theme = request.COOKIES.get("theme", "") if name in ("status", "status_history") else ""
    return Asked(
        name=name,
        place=place,
        language=language if language in _LANGUAGES else get_language_from_request(request),
        theme=theme if theme in _THEMES else "system",
        month=month if _MONTH.fullmatch(month) else "",
    )


def _place(request: HttpRequest, slug: str | None) -> str | None:
    """The desk's address: its name at the site's hosts, or a host of its own."""
    try:
        host = split_domain_port(request.get_host())[0].removesuffix(".")
    except DisallowedHost:
        return None
    if slug is None:
        return None if is_site_host(host) else f"host/{host}"
    return f"t/{slug}" if is_site_host(host) or "*" in settings.SITE_HOSTS else None


def _keep(asked: Asked, draft: Draft, response: HttpResponse) -> None:
    keep_copy(
        asked.key,
        tenant_id=draft.tenant_id,
        version=draft.version,
        shown=draft.shown,
        is_public=draft.is_public,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        body=bytes(response.content),
    )


def _answer(request: HttpRequest, asked: Asked, copy: Copy) -> HttpResponse:
    """The copy in the form that the browser takes; 304 if it has it already."""
    request.resolver_match = ResolverMatch(_answer, (), {}, url_name=asked.name)
    if copy.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304)
    elif _PACKS.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response = HttpResponse(copy.packed)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(copy.plain)
    for name, value in copy.headers.items():
        response[name] = value
    response["ETag"] = copy.etag
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Accept-Language", "Cookie"))
    if response.status_code == 200:
        response["Content-Length"] = str(len(response.content))
    return response
