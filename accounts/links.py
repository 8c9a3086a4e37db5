"""Addresses of a desk's pages, inside it and from the outside."""

from django.conf import settings
from django.urls import get_script_prefix, reverse

from accounts.models import Tenant


def desk_path(name: str, *args: object) -> str:
    """The path of a page inside its desk, beginning with "/", without the prefix of any tenant."""
    path = reverse(name, args=args, urlconf="supportdesk.tenant_urls")
    return "/" + path.removeprefix(get_script_prefix())


def absolute_url(tenant: Tenant, path: str) -> str:
    """The full address of a path of that desk: at its own host name if it has one, else at the site's."""
    if tenant.host:
        scheme = settings.SITE_URL.partition("://")[0]
        return f"{scheme}://{tenant.host}{path}"
    return f"{settings.SITE_URL}/t/{tenant.slug}{path}"
