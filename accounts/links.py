"""Addresses of a desk's pages, inside it and from the outside, and the one that its mails come from."""

from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.urls import get_script_prefix, reverse

from accounts.models import Tenant
from accounts.oneline import one_line


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


def sender_of(tenant: Tenant) -> str:
    """What stands in "From" of a desk's mails: its name for senders, and the installation's one address."""
    mailbox = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return str(Address(display_name=one_line(tenant.sender), addr_spec=mailbox))


def logo_url(tenant: Tenant) -> str:
    """The full address of the desk's logo for mails; empty where it has none."""
    return f"{absolute_url(tenant, desk_path('logo'))}?v={tenant.logo}" if tenant.logo else ""
