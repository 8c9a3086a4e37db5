"""Which desk is this, and who is it that asks?"""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import get_script_prefix, get_urlconf, resolve, set_script_prefix, set_urlconf
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts import company_sessions, view_as
from accounts.audit import audited
from accounts.client_address import client_address
from accounts.hostnames import is_site_host
from accounts.models import Membership, Tenant
from accounts.prepared import Prepared
from accounts.requests import AnyRequest
from accounts.tenancy import entering, tenant_scope

DESK_PREFIX = "/t/"
SEEN_EVERY = 300
"""Seconds."""
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,40}")
_LOOK = {"/look.css", "/logo.png", "/logo-dark.png"}
_READING = {"GET", "HEAD", "OPTIONS"}
GetResponse = Callable[[AnyRequest], HttpResponse]

_desk_at_host = Prepared(lambda host: entering(Tenant.objects.filter(host=host, is_active=True)), "a host")
_desk_named = Prepared(lambda slug: entering(Tenant.objects.filter(slug=slug, is_active=True)), "a name")
_member = Prepared(
    lambda tenant_id, user_id: (
        Membership.objects.select_related("customer").filter(tenant_id=tenant_id, user_id=user_id).active()
    ),
    *(-1, -2),
)


class TenantMiddleware:
    """Serve one desk at `/t/<slug>/…` on any of the site's hosts, and at the root of its own host name.

    Both use the same URLconf; the script prefix says which, so that `reverse()` is right in both. All of
    the request runs in the tenant's scope. A host that is neither the site's nor a tenant's is refused.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponse:
        request.membership = None
        request.tenant = None
        tenant, prefix = _desk_of(request)
        if tenant is None:
            return self.get_response(request)
        with tenant_scope(tenant.pk, is_told=True):
            if prefix and request.path_info == prefix:
                return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
            before = get_script_prefix(), get_urlconf()
            try:
                _enter(request, tenant, prefix)
                return self.get_response(request)
            finally:
                set_script_prefix(before[0])
                set_urlconf(before[1])


def _desk_of(request: HttpRequest) -> tuple[Tenant | None, str]:
    """The tenant that is asked for, entered, and the path before its pages; DisallowedHost, Http404."""
    host = split_domain_port(request.get_host())[0].removesuffix(".")
    if not is_site_host(host):
        tenant = _desk_at_host.first(host)
        if tenant is not None:
            return tenant, ""
        if "*" not in settings.SITE_HOSTS:
            raise DisallowedHost(f"No desk answers at {host!r}.")
    if not request.path_info.startswith(DESK_PREFIX):
        return None, ""
    slug = request.path_info[len(DESK_PREFIX) :].partition("/")[0]
    # Asked in this way, no strange character ever reaches the database.
    tenant = _desk_named.first(slug) if SLUG.fullmatch(slug) else None
    if tenant is None:
        raise Http404(f"No desk is called {slug!r}.")
    return tenant, f"{DESK_PREFIX}{slug}"


def _enter(request: AnyRequest, tenant: Tenant, prefix: str) -> None:
    request.tenant = tenant
    request.urlconf = settings.TENANT_URLCONF
    if prefix:
        request.path_info = request.path_info[len(prefix) :]
        request.META["SCRIPT_NAME"] = prefix
        request.META["PATH_INFO"] = request.path_info
        set_script_prefix(prefix + "/")


class LookMiddleware:
    """Answer a desk's stylesheet and logos before anybody is asked who they are.

    Everybody gets the same, so no cookie is looked at or set, and any cache on the way may keep them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponse:
        if request.tenant is None or request.path_info not in _LOOK:
            return self.get_response(request)
        request.resolver_match = match = resolve(request.path_info, settings.TENANT_URLCONF)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's own, but what a page fetches by itself takes no cookie away.

    After the end of a session such an answer may arrive behind that of a form sent at the same time
    and would take away the new session in which the form's text is kept. A stale cookie does no harm.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and not cookie.value and request.headers.get("Sec-Fetch-Dest") == "empty":
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class PersonMiddleware:
    """Load the membership, and speak the person's language in the person's time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponse:
        company_sessions.leave_at_the_door(request)
        request.viewing_as = None
        user = request.user
        if user.is_authenticated:
            if request.tenant is not None:
                request.membership = _member.first(request.tenant.pk, user.pk)
                if request.membership is not None:
                    # Both are known already: `membership.user` and `membership.tenant` cost no query.
                    request.membership.user, request.membership.tenant = user, request.tenant
            view_as.enter(request)
            _note_activity(request)
            wanted = user.language
            _speak(request, request.tenant.language_for(wanted) if request.tenant else wanted)
            timezone.activate(ZoneInfo(user.time_zone))
        elif request.tenant is not None:
            _speak(request, language_of_visitor(request, request.tenant))
            timezone.activate(ZoneInfo(request.tenant.time_zone))
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        _remember_language(request, response)
        return response

    def process_view(
        self, request: AnyRequest, _view: Any, _args: Any, _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Keep sessions that a company opened from the identity, and admins who view as others to reading."""
        if not request.user.is_authenticated:
            return None
        if company_sessions.is_out_of_reach(request):
            return render(request, "accounts/company_session.html", status=403)
        return view_as.refusal(request)


def language_of_visitor(request: HttpRequest, tenant: Tenant) -> str:
    """The one chosen in this browser, else the first that the browser asks for; the desk's own otherwise.

    Only languages that the desk offers count.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    for code in (chosen, *(wanted.partition("-")[0] for wanted, _weight in asked)):
        if code in tenant.languages:
            return code
    return str(tenant.language)


def _speak(request: AnyRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _note_activity(request: AnyRequest) -> None:
    """Write down, at most every five minutes, that a session is in use, and from where by now."""
    key = request.session.session_key
    if AUTHENTICATION_METHODS_SESSION_KEY not in request.session or not cache.add(
        f"session-seen-{key}", value=True, timeout=SEEN_EVERY
    ):
        return
    seen: dict[str, Any] = {"last_seen_at": timezone.now()}
    if address := client_address(request):
        seen["ip"] = address
    UserSession.objects.filter(session_key=key).update(**seen)


class AuditMiddleware:
    """Whatever a request changes in settings is written down as done by whoever sends it (see `audit`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponse:
        if request.tenant is None or request.method in _READING:
            return self.get_response(request)
        # A token is looked at later, by the API: the person is asked for when something is written.
        with audited(by=lambda: _who_acts(request), address=client_address(request)):
            return self.get_response(request)


def _who_acts(request: AnyRequest) -> Membership | None:
    """Whoever sends it: also while a customer's admin sees as somebody else does."""
    membership = request.membership
    return membership.seen_by or membership if membership else None


def _remember_language(request: AnyRequest, response: HttpResponse) -> None:
    """Keep the person's language in the browser: the log-in page after the end of a session speaks it too."""
    user = request.user
    if user.is_authenticated and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
