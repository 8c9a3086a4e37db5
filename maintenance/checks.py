"""One check over the network: HTTP or TCP, to addresses that were judged, with an end at a fixed time.

A desk's admin names the address, and our server, inside a network, calls it. So as with webhooks the name is
looked up once, one internal address among those found refuses all, and the check goes to exactly those; no
redirect is followed. Nothing of an answer is kept but whether it was good and how long it took.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Timer
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from maintenance.faults import ADDRESS, Fault
from notifications.addresses import AddressRefused, SocketAddress, Target, addresses_of, connect_to, target_of

MOST_READ = 256 * 1024
USER_AGENT = "SupportDesk-Monitor/1"
FAULTS: dict[type[Exception], str] = {
    socket.gaierror: "unknown_name",
    ConnectionRefusedError: "refused",
    ConnectionResetError: "cut",
    BrokenPipeError: "cut",
    http.client.RemoteDisconnected: "cut",
}


@dataclass(frozen=True)
class Check:
    """What is asked: `kind` is http or tcp; of an HTTP answer any 2xx is good where no status is expected."""

    kind: str
    address: str
    timeout: float
    expected_status: int | None = None
    expected_text: str = ""


@dataclass(frozen=True)
class Result:
    """What was wrong with the answer, None for nothing; how long it took, None where none came."""

    fault: Fault | None = None
    milliseconds: int | None = None

    @property
    def is_good(self) -> bool:
        """Nothing was wrong."""
        return self.fault is None


def target_to_check(kind: str, address: str) -> Target:
    """Take the address of a check apart; raises AddressRefused for one that may not be called.

    HTTP takes https:// and http://, TCP host:port. Asks no name server, so forms may call it.
    """
    if kind == "tcp":
        if "//" in address or "/" in address or "@" in address:
            raise AddressRefused(gettext_noop("Write a host and a port, as in mail.example.com:25."))
        target = target_of(f"https://{address}")
        if urlsplit(f"https://{address}").port is None:
            raise AddressRefused(gettext_noop("Write a host and a port, as in mail.example.com:25."))
        return target
    if address.startswith("http://"):
        secure = "https://" + address.removeprefix("http://")
        target = target_of(secure)
        return replace(target, scheme="http", port=urlsplit(secure).port or 80)
    return target_of(address)


def run_check(check: Check) -> Result:
    """Ask once, within the timeout and the time that name servers take; never raises."""
    started = time.monotonic()
    try:
        target = target_to_check(check.kind, check.address)
        addresses = addresses_of(target)
        fault = _ask_tcp(addresses, check) if check.kind == "tcp" else _ask_http(target, addresses, check)
    except AddressRefused as refused:
        return Result(Fault(ADDRESS, {"why": str(refused)}))
    except TimeoutError:
        return Result(Fault("timeout", {"seconds": check.timeout}))
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as failed:
        return Result(_fault_of(failed))
    return Result(fault, int((time.monotonic() - started) * 1000))


def _fault_of(failed: Exception) -> Fault:
    said = {"error": f"{type(failed).__name__}: {failed}".replace("\0", "")[:300]}
    if isinstance(failed, ssl.SSLCertVerificationError):
        return Fault("certificate", {"error": failed.verify_message[:300]})
    for kind, code in FAULTS.items():
        if isinstance(failed, kind):
            return Fault(code)
    return Fault("network", said)


def _ask_tcp(addresses: list[SocketAddress], check: Check) -> Fault | None:
    with _wire_to(addresses, check.timeout):
        return None


def _ask_http(target: Target, addresses: list[SocketAddress], check: Check) -> Fault | None:
    """What is wrong with the answer, None for nothing."""
    with _wire_to(addresses, check.timeout) as wire:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=check.timeout)
        try:
            # The wire leads to a number; the certificate must be good for the name.
            is_secure, name = target.scheme == "https", target.host
            connection.sock = _tls().wrap_socket(wire.main, server_hostname=name) if is_secure else wire.main
            headers = {"Host": _host_header(target), "User-Agent": USER_AGENT, "Connection": "close"}
            connection.request("GET", target.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read(MOST_READ) if check.expected_text else b""
        except (OSError, http.client.HTTPException):
            if wire.is_cut:
                raise TimeoutError from None
            raise
        finally:
            connection.close()
        if wire.is_cut:  # the end of the wire looks like the end of the answer
            raise TimeoutError
    return _judge(answer.status, body, check)


def _judge(status: int, body: bytes, check: Check) -> Fault | None:
    if check.expected_status is not None:
        if status != check.expected_status:
            return Fault("other_status", {"status": status, "expected": check.expected_status})
    elif 300 <= status < 400:
        return Fault("redirect", {"status": status})
    elif not 200 <= status < 300:
        return Fault("status", {"status": status})
    if check.expected_text and check.expected_text not in body.decode("utf-8", "replace"):
        return Fault("no_text")
    return None


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.scheme == "https" else 80
    return host if target.port == usual else f"{host}:{target.port}"


@dataclass
class _Wire:
    main: socket.socket
    copy: socket.socket
    is_cut: bool = False

    def cut(self) -> None:
        """End the connection for both sides, also amid a handshake; whoever reads or writes gets an error."""
        self.is_cut = True
        with suppress(OSError):
            self.copy.shutdown(socket.SHUT_RDWR)


@contextmanager
def _wire_to(addresses: list[SocketAddress], timeout: float) -> Iterator[_Wire]:
    """A connection to the first address that answers, which ends with the timeout whatever comes in."""
    ends = time.monotonic() + timeout
    connected = connect_to(addresses, lambda: _left(ends))
    wire = _Wire(connected, connected.dup())
    clock = Timer(max(0.0, ends - time.monotonic()), wire.cut)
    clock.daemon = True
    clock.start()
    try:
        yield wire
    finally:
        clock.cancel()
        wire.copy.close()
        connected.close()


def _left(ends: float) -> float:
    """Seconds until then. Raises TimeoutError when it has come."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
