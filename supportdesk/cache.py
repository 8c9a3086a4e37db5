"""A cache that may be away: what it would have said is left out, and nothing stands still because of it.

Only what can be missed is kept there: copies of sessions, whose truth is in the database, and the counts of
rate limits. While it does not answer nobody is counted, which is logged; a log-in that fails would be worse.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

ASK_AGAIN_SECONDS = 5.0
# Once more for a connection that has gone stale; redis-py by itself tries for seconds, while a page waits.
_OPTIONS: dict[str, Any] = {
    "retry": Retry(NoBackoff(), 1),
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}
T = TypeVar("T")


class ForgivingRedisCache(RedisCache):
    """Redis or Valkey; away, it is empty, takes everything and keeps nothing."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._options: dict[str, Any] = {**_OPTIONS, **params.get("OPTIONS", {})}
        self._ask_again_at = 0.0

    @property
    def is_away(self) -> bool:
        """It did not answer a moment ago: what it says now is nothing."""
        return time.monotonic() < self._ask_again_at

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._unless_away(
            lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), True
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._unless_away(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._unless_away(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._unless_away(lambda: super(ForgivingRedisCache, self).delete(key, version), False)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._unless_away(lambda: super(ForgivingRedisCache, self).has_key(key, version), False)

    def _unless_away(self, ask: Callable[[], T], instead: T) -> T:
        """What the cache says, or `instead`; after a failure it is left alone for a while."""
        if time.monotonic() < self._ask_again_at:
            return instead
        try:
            return ask()
        except (RedisError, OSError) as error:
            self._ask_again_at = time.monotonic() + ASK_AGAIN_SECONDS
            log.warning("The cache does not answer, rate limits are not kept: %s", error)
            return instead
