"""Who calls: a personal token in the header, or the browser's session."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import ApiToken, Tenant, User
from accounts.second_factor import lacks_second_factor
from accounts.services import hash_token

USE_NOTED_EVERY = timedelta(minutes=1)
REALM = "Support Desk"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer sd_…`: a token of the desk that is asked, of somebody who may still enter it.

    Sets `request.membership`, so that a view cannot tell token and session apart, and speaks the person's
    language. A request without that header is left to the next way of authentication.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = _token_of(request._request.tenant, secret.strip(), now)  # type: ignore[attr-defined]
        _note_use(token, now)
        user = token.membership.user
        request._request.membership = token.membership  # type: ignore[attr-defined]
        translation.activate(user.language)
        timezone.activate(ZoneInfo(user.time_zone))
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{REALM}"'


def _token_of(tenant: Tenant, secret: str, now: datetime) -> ApiToken:
    """The usable token with that secret in that desk; the reason for a refusal is told to nobody."""
    token = (
        ApiToken.objects.select_related("membership__user", "membership__customer")
        .filter(tenant_id=tenant.pk, token_hash=hash_token(secret))
        .first()
    )
    if token is None or not token.is_usable(now):
        raise AuthenticationFailed(_("This token is not valid here: unknown, expired or revoked."))
    if not token.membership.is_active or not token.membership.user.is_active:
        raise AuthenticationFailed(_("This token is not valid here: unknown, expired or revoked."))
    return token


def _note_use(token: ApiToken, now: datetime) -> None:
    """Write down the use, at most once a minute: reading through the API must not mean a write each time."""
    if token.last_used_at is not None and now - token.last_used_at < USE_NOTED_EVERY:
        return
    long_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
    token.last_used_at = now


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with its CSRF token in the header `X-CSRFToken`.

    PersonMiddleware has set `request.membership` (None for somebody unknown in this desk) already. Staff who
    lack the second factor that the desk asks for get no further here than in its pages: 403.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        known: tuple[User, None] | None = super().authenticate(request)
        if known is not None and lacks_second_factor(request._request):
            raise PermissionDenied(_("This desk asks its staff for a second factor. Set one up first."))
        return known

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{REALM}"'
