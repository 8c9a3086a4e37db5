"""Requests to addresses that a desk's admin named, made by libraries of others: judged at each step.

Stands here because the judge is notifications' and the libraries are called from below it.
"""

import socket
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from notifications.addresses import AddressRefused, addresses_of, connect_to, target_of

SECONDS = 5


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect("http", self.host, self.port)


class _Tls(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect("https", self.host, self.port)


def _connect(scheme: str, host: str, port: int | None) -> socket.socket:
    """To an address that was judged, not to what the name says a moment later."""
    named = f"[{host}]" if ":" in host else host
    return connect_to(addresses_of(target_of(f"{scheme}://{named}:{port}/")), lambda: SECONDS)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class _Judged(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs["timeout"] = SECONDS
        try:
            target_of(request.url or "")
            return super().send(request, **kwargs)
        except AddressRefused as refused:
            raise requests.ConnectionError(str(refused)) from refused


def judged_session() -> requests.Session:
    """Calls public addresses alone, within seconds each, and takes nothing from the environment."""
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 3
    for scheme in ("https://", "http://"):
        session.mount(scheme, cast("HTTPAdapter", _Judged()))
    return session
