"""Copies of what the status page and its feeds say, so that they are answered without asking the database.

A copy stands in this process and in the shared cache, and belongs to a place (a desk's address) and to a
version of the desk. Whatever the page shows bumps the version when it is committed, so a copy is right at
once; it is written anew after `LIFETIME` seconds anyway, since days and durations go on by themselves. While
the shared cache is away, the copies of this process serve for as long.

Another version says what is shown to whom: the page's readers and its services. An old copy that is shown
because no new one can be written belongs to the present one of that, wherever the cache can tell.
"""

from __future__ import annotations

import gzip
import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.cache import cache
from django.db import transaction

LIFETIME = 10.0
"""Seconds until a copy is written anew although nothing was bumped."""
KEPT = 3600
"""Seconds for which the shared cache keeps a copy, to be shown when no newer one can be made."""
WRITING = 5
"""Seconds for which one request may write a copy anew while others get the old one."""
MOST_HERE = 512
_here: dict[str, Copy] = {}


@dataclass(frozen=True)
class Copy:
    """A whole answer: `plain` and `packed` (gzip) are its body.

    `written_at` is when it was written, in seconds of `time.time()`; `made_at` the same, or later for one
    that is shown a little longer.
    """

    tenant_id: int
    version: str
    shown: str
    written_at: float
    made_at: float
    is_public: bool
    headers: Mapping[str, str]
    plain: bytes
    packed: bytes = field(repr=False)
    etag: str

    def is_fresh(self) -> bool:
        """Young enough to be shown without a new one being made."""
        return 0 <= time.time() - self.made_at < LIFETIME


def find_copy(key: str) -> Copy | None:
    """The copy of the desk's present version, None if there is none or it is too old."""
    copy = _here.get(key)
    version = cache.get(_version_key(copy.tenant_id)) if copy is not None else None
    if copy is None or not copy.is_fresh() or (version is not None and copy.version != version):
        copy = cache.get(key)
        if copy is None:
            return None
        version = cache.get(_version_key(copy.tenant_id))
        _remember(key, copy)
    if version is None:
        return copy if copy.is_fresh() and _cache_is_away() else None
    if copy.version != version:
        return None
    return copy if copy.is_fresh() or _is_being_made(key, copy) else None


def last_copy(key: str) -> Copy | None:
    """A public copy of the last hour, for when the database does not answer; none that shows too much now."""
    for copy in (_here.get(key), cache.get(key)):
        if copy is not None and copy.is_public and _may_be_shown(copy):
            return copy
    return None


def keep_copy(
    key: str,
    *,
    tenant_id: int,
    version: str,
    shown: str,
    is_public: bool,
    headers: Mapping[str, str],
    body: bytes,
) -> Copy:
    """Keep an answer that was written from what the database said after `version` and `shown` were read."""
    now = time.time()
    copy = Copy(
        tenant_id=tenant_id,
        version=version,
        shown=shown,
        written_at=now,
        made_at=now,
        is_public=is_public,
        headers=dict(headers),
        plain=body,
        packed=gzip.compress(body, compresslevel=6, mtime=0),
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:24]}"',
    )
    _remember(key, copy)
    cache.set(key, copy, KEPT)
    return copy


def keep_longer(key: str, copy: Copy) -> None:
    """Show an old copy for a few seconds more before the next attempt to make a new one."""
    _remember(key, replace(copy, made_at=time.time() - LIFETIME / 2))


def version_of(tenant_id: int) -> str:
    """The version that the desk's copies belong to now; read it before what is written is read."""
    return _read_or_begin(_version_key(tenant_id))


def shown_of(tenant_id: int) -> str:
    """The version of what is shown to whom; read it before what is written is read."""
    return _read_or_begin(_shown_key(tenant_id))


def bump(tenant_id: int) -> None:
    """What the desk's status page shows has changed: no copy made before this commit is shown after it."""
    transaction.on_commit(lambda: _begin_anew(_version_key(tenant_id)), robust=True)


def bump_shown(tenant_id: int) -> None:
    """Who may read what has changed: earlier copies are not shown even while the database is away."""
    bump(tenant_id)
    transaction.on_commit(lambda: _begin_anew(_shown_key(tenant_id)), robust=True)


def _read_or_begin(key: str) -> str:
    version: str | None = cache.get(key)
    if version is None:
        cache.add(key, uuid.uuid4().hex, None)
        version = cache.get(key)
    return version or ""


def _begin_anew(key: str) -> None:
    cache.set(key, uuid.uuid4().hex, None)


def _may_be_shown(copy: Copy) -> bool:
    """Not too old, and nothing was hidden since, as far as the cache knows."""
    if not 0 <= time.time() - copy.written_at < KEPT:
        return False
    shown = cache.get(_shown_key(copy.tenant_id))
    return copy.shown == shown if shown is not None else _cache_is_away()


def _is_being_made(key: str, copy: Copy) -> bool:
    """Somebody else is writing a new one, and nothing was bumped: of a crowd only one has to wait."""
    age = time.time() - copy.made_at
    return 0 <= age < 2 * LIFETIME and not cache.add(f"{key}:making", True, WRITING)


def _version_key(tenant_id: int) -> str:
    return f"status:version:{tenant_id}"


def _shown_key(tenant_id: int) -> str:
    return f"status:shown:{tenant_id}"


def _remember(key: str, copy: Copy) -> None:
    while len(_here) >= MOST_HERE and key not in _here:
        _here.pop(next(iter(_here)), None)
    _here[key] = copy


def _cache_is_away() -> bool:
    """Whether the cache does not answer just now; one that cannot be away never says so."""
    return bool(getattr(cache, "is_away", False))
