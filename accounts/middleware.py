"""Which desk is this, and who is it that asks?"""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope

DESK_PREFIX = "/t/"
GetResponse = Callable[[HttpRequest], HttpResponse]


class TenantMiddleware:
    """Serve one desk at `/t/<slug>/…` on any of the site's hosts, and at the root of its own host name.

    Both use the same URLconf; the script prefix says which, so that `reverse()` is right in both. All of
    the request runs in the tenant's scope. A host that is neither the site's nor a tenant's is refused.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        request.tenant = None  # type: ignore[attr-defined]
        tenant, prefix = _desk_of(request)
        if tenant is None:
            return self.get_response(request)
        before = get_script_prefix()
        try:
            _enter(request, tenant, prefix)
            with tenant_scope(tenant.pk):
                return self.get_response(request)
        finally:
            set_script_prefix(before)


def _desk_of(request: HttpRequest) -> tuple[Tenant | None, str]:
    """The tenant that is asked for, and the path in front of its pages."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if not is_site_host(host):
        tenant = Tenant.objects.filter(host=host.lower(), is_active=True).first()
        if tenant is None:
            raise DisallowedHost(f"No desk answers at {host!r}.")
        return tenant, ""
    if not request.path_info.startswith(DESK_PREFIX):
        return None, ""
    slug = request.path_info[len(DESK_PREFIX) :].partition("/")[0]
    return Tenant.objects.filter(slug=slug, is_active=True).first() or _unknown(slug), f"{DESK_PREFIX}{slug}"


def _unknown(slug: str) -> Tenant:
    raise Http404(f"No desk is called {slug!r}.")


def is_site_host(host: str) -> bool:
    """Whether the installation itself answers at that host name (setting SITE_HOSTS, "*" for any)."""
    return any(
        pattern == "*" or host == pattern or (pattern.startswith(".") and host.endswith(pattern))
        for pattern in settings.SITE_HOSTS
    )


def _enter(request: HttpRequest, tenant: Tenant, prefix: str) -> None:
    request.tenant = tenant  # type: ignore[attr-defined]
    request.urlconf = "supportdesk.tenant_urls"
    if prefix:
        request.path_info = request.path_info[len(prefix) :] or "/"
        request.META["SCRIPT_NAME"] = prefix
        request.META["PATH_INFO"] = request.path_info
        set_script_prefix(prefix + "/")


class PersonMiddleware:
    """Load the membership, and speak the person's language in the person's time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if request.tenant is not None:
                request.membership = (
                    Membership.objects.select_related("customer")
                    .filter(tenant_id=request.tenant.pk, user_id=user.pk)
                    .active()
                    .first()
                )
                if request.membership is not None:
                    # The person is known already: `membership.user` costs no query.
                    request.membership.user = user
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            timezone.activate(ZoneInfo(user.time_zone))
        elif request.tenant is not None:
            timezone.activate(ZoneInfo(request.tenant.time_zone))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
