"""The request as our views know it, once it has come through the door."""

from django.http import HttpRequest

from accounts.models import Membership, Tenant, User


class DeskRequest(HttpRequest):
    """A request inside a desk by somebody who may enter it. For type checkers; never instantiated."""

    tenant: Tenant
    membership: Membership
    user: User  # type: ignore[assignment]
