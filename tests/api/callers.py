"""Programs that call the API."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from accounts.models import Membership
from accounts.services import create_token
from accounts.tenancy import tenant_scope
from tests.factories import FOUNDED


class ApiCaller(APIClient):
    """A program with a token, or without; paths are those below /api/v1/: `caller.get("tickets/")`."""

    def __init__(self, slug: str, secret: str = "") -> None:
        super().__init__()
        self.prefix = f"/t/{slug}/api/v1/"
        if secret:
            self.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    def generic(  # type: ignore[override]
        self, method: str, path: str, *args: Any, **kwargs: Any
    ) -> Any:
        full = path if path.startswith(("/", "http")) else self.prefix + path
        return super().generic(method, full, *args, **kwargs)


Callers = Callable[[Membership], ApiCaller]


def call_as(membership: Membership) -> ApiCaller:
    """A program with a fresh token of that person."""
    with tenant_scope(membership.tenant_id):
        _token, secret = create_token(membership=membership, name="Test", at=FOUNDED)
    return ApiCaller(membership.tenant.slug, secret)
