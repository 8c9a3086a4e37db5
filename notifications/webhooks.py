"""One call of a webhook: signed, to addresses that were judged, with an end at a fixed time.

Signatures follow Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`, the last over
the other two and the body. No redirect is followed, and of the answer only its status is read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Timer

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from notifications.addresses import AddressRefused, SocketAddress, Target, addresses_of, connect_to, target_of

CONNECT_SECONDS = 5
READ_SECONDS = 10
# Whatever the other side does: one byte every nine seconds must not hold a worker.
CALL_SECONDS = 15
SECRET_START = "whsec_"  # noqa: S105 - how every secret begins, so that one is known when found somewhere
USER_AGENT = "SupportDesk-Webhook/1"


@dataclass(frozen=True)
class Call:
    """What one call needs; the id is the same at every attempt, `at` (epoch seconds) is this attempt's.

    It carries a signature with each of the `secrets`, of which a receiver knows one.
    """

    url: str
    body: bytes
    event_id: str
    secrets: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class Answer:
    """What came back: the status, or in words why there is none. `is_final`: trying again is useless."""

    status: int | None = None
    error: str = ""
    is_final: bool = False

    @property
    def is_taken(self) -> bool:
        """The other side has it."""
        return self.status is not None and 200 <= self.status < 300


def sign(secret: str, event_id: str, at: int, body: bytes) -> str:
    """One signature of the header: version 1, HMAC-SHA256 over id, timestamp and body, in Base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_START))
    signed = f"{event_id}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def call_webhook(call: Call) -> Answer:
    """Make the call once, within CALL_SECONDS and the time that name servers take; never raises."""
    try:
        target = target_of(call.url)
        status = _status(target, addresses_of(target), call)
    except AddressRefused as refused:
        return Answer(error=str(refused), is_final=True)
    except (OSError, HTTPError, http.client.HTTPException, UnicodeError) as error:
        return Answer(error=f"{type(error).__name__}: {error}"[:500])
    if 300 <= status < 400:
        return Answer(status, f"HTTP {status}: redirects are not followed.")
    if status >= 400:
        return Answer(status, f"HTTP {status}", is_final=status == http.client.GONE)
    return Answer(status)


def _status(target: Target, addresses: list[SocketAddress], call: Call) -> int:
    wire = _Wire(addresses)
    if target.scheme == "https":
        connection: _PlainConnection | _TlsConnection = _TlsConnection(
            target.host, target.port, ssl_context=_tls(), timeout=READ_SECONDS
        )
    else:
        connection = _PlainConnection(target.host, target.port, timeout=READ_SECONDS)
    connection.wire = wire
    clock = Timer(CALL_SECONDS, wire.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", target.path, call.body, _headers(call), preload_content=False)
        status = connection.getresponse().status
        if wire.is_cut:  # the end of the wire looks like the end of the headers
            raise TimeoutError
        return status
    except (OSError, HTTPError, http.client.HTTPException):
        if wire.is_cut:
            raise TimeoutError(f"no answer within {CALL_SECONDS} seconds") from None
        raise
    finally:
        clock.cancel()
        connection.close()
        wire.close()


def _headers(call: Call) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Connection": "close",
        "Idempotency-Key": call.event_id,
        "webhook-id": call.event_id,
        "webhook-timestamp": str(call.at),
        "webhook-signature": " ".join(sign(one, call.event_id, call.at, call.body) for one in call.secrets),
    }


class _Wire:
    """Connects to addresses that were judged; another thread can cut it, also amid a TLS handshake."""

    def __init__(self, addresses: list[SocketAddress]) -> None:
        self.addresses = addresses
        self.is_cut = False
        self.copy: socket.socket | None = None

    def connect(self) -> socket.socket:
        """The first address that answers; OSError of the last one if none does."""
        wire = connect_to(self.addresses, lambda: CONNECT_SECONDS)
        wire.settimeout(READ_SECONDS)
        self.copy = wire.dup()
        if self.is_cut:
            self.cut()
        return wire

    def cut(self) -> None:
        """End the connection for both sides; whoever reads or writes on it gets an error."""
        self.is_cut = True
        if self.copy is not None:
            with suppress(OSError):
                self.copy.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the copy back."""
        if self.copy is not None:
            self.copy.close()


class _PlainConnection(HTTPConnection):
    """Plain http, for receivers that the installation trusts."""

    wire: _Wire

    def _new_conn(self) -> socket.socket:
        return self.wire.connect()


class _TlsConnection(HTTPSConnection):
    """The certificate must be good for the name in the address, though the wire leads to a number."""

    wire: _Wire

    def _new_conn(self) -> socket.socket:
        return self.wire.connect()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
