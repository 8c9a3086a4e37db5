"""The request as our code knows it: behind the middleware, and behind the door."""

from django.http import HttpRequest

from accounts.models import Membership, Tenant, User, ViewAs


class AnyRequest(HttpRequest):
    """A request behind our middleware, wherever it leads and whoever asks. For type checkers alone."""

    tenant: Tenant | None
    membership: Membership | None
    viewing_as: ViewAs | None
    view_as_is_over: bool


class KnownRequest(AnyRequest):
    """A request of somebody who is logged in, inside a desk or on the site. For type checkers alone."""

    user: User


class DeskRequest(HttpRequest):
    """A request inside a desk by somebody who may enter it. For type checkers; never instantiated."""

    tenant: Tenant
    membership: Membership
    user: User
    viewing_as: ViewAs | None
