"""How often one caller may ask. Counted in the cache; rates stand in the settings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import ApiToken

if TYPE_CHECKING:
    # DRF's views read the settings that name this module while they are imported.
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class _CacheMayFail(throttling.SimpleRateThrottle):
    """Lets requests pass while the cache does not answer: a counter is no reason to stand still."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError):
            logger.warning("Requests are not counted: the cache does not answer.")
            return True


class AnonymousThrottle(_CacheMayFail, throttling.AnonRateThrottle):
    """Callers without a valid token or session, by address; refused tokens count here."""


class CallerThrottle(_CacheMayFail, throttling.UserRateThrottle):
    """Each token for itself; sessions by person."""

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not request.user.is_authenticated:
            return None
        token = request.auth
        who = f"token-{token.pk}" if isinstance(token, ApiToken) else f"user-{request.user.pk}"
        return self.cache_format % {"scope": self.scope, "ident": who}


class WriteThrottle(CallerThrottle):
    """Requests that change something, counted apart from those that read."""

    scope = "write"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return None if request.method in SAFE_METHODS else super().get_cache_key(request, view)
