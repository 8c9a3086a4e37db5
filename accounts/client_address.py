"""From which network address a request comes: one rule for rate limits, log-ins and the audit log."""

from ipaddress import ip_address

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address that our proxy saw (`BEHIND_PROXY`), else that of the connection; None if it is none."""
    from allauth.account.adapter import get_adapter  # noqa: PLC0415 - its module asks for models that are not ready

    try:
        return str(ip_address(get_adapter(request).get_client_ip(request)))
    except (PermissionDenied, ValueError):  # a socket without an address, or a proxy that names nobody
        return None
