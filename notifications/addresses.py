"""Where calls out of the house may go: never to ourselves, nor to anything that stands beside us.

A desk's admin names an address, and our server, which stands inside a network, calls it. So every address of
the name is looked up and judged once, and the call then goes to exactly those: a name that leads elsewhere a
moment later (DNS rebinding) gains nothing. `settings.WEBHOOK_TRUSTED` names exceptions as host:port.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

MOST_TRIED = 3
LONGEST_URL = 500
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_PRINTABLE = re.compile(r"[!-\[\]-~]+")  # visible ASCII without the backslash, which some read as a slash

# What `is_global` lets pass, or judged otherwise in older Pythons.
_INTERNAL = [
    ipaddress.ip_network(net)
    for net in (
        "100.64.0.0/10",  # carriers' own; a cloud's metadata stands there too
        "168.63.129.16/32",  # a cloud's metadata under a public number
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2001::/23",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
SocketAddress = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]


class AddressRefused(ValueError):
    """An address that may not be called, with the reason in words for the admin who named it."""


@dataclass(frozen=True)
class Target:
    """A web address, taken apart once: what is judged is what is called."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_trusted(self) -> bool:
        """Named by the installation: plain http and internal addresses are allowed."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" in settings.WEBHOOK_TRUSTED


def target_of(url: str) -> Target:
    """Take a web address apart; raises AddressRefused for one that may not be called, whatever it leads to.

    Asks no name server, so forms may call it.
    """
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url):
        raise AddressRefused(gettext_noop("The address is too long or has characters that no address has."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise AddressRefused(gettext_noop("This is not a web address.")) from None
    if parts.scheme not in ("https", "http") or not host:
        raise AddressRefused(gettext_noop("The address must begin with https:// and name a host."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(gettext_noop("The address must not hold a user name or a password."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)
    if target.scheme != "https" and not target.is_trusted:
        raise AddressRefused(gettext_noop("The address must begin with https://."))
    literal = _literal(host)
    if literal is None and not _NAME.fullmatch(host):
        raise AddressRefused(gettext_noop("This is not the name of a host."))
    if literal is not None and not is_public(literal) and not target.is_trusted:
        raise AddressRefused(gettext_noop("The address lies inside a network that must not be called."))
    return target


def addresses_of(target: Target) -> list[SocketAddress]:
    """Look the host up: what to connect to, at most three. One internal address among them refuses all.

    Raises AddressRefused, or OSError when the name is not known.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    sockets: list[SocketAddress] = [(family, address) for family, _type, _proto, _name, address in found]  # type: ignore[misc] # no IPv4 address comes as bytes
    for _family, address in sockets:
        if not target.is_trusted and not is_public(ipaddress.ip_address(address[0])):
            raise AddressRefused(gettext_noop("The address leads inside a network that must not be called."))
    return sockets[:MOST_TRIED]


def is_public(address: IpAddress) -> bool:
    """Whether an address is of the public internet; one that wraps another is judged by what it wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None or address.teredo is not None:
            return False
    if any(address.version == net.version and address in net for net in _INTERNAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def connect_to(addresses: Iterable[SocketAddress], wait: Callable[[], float]) -> socket.socket:
    """A connection to the first address that answers; `wait` says before each how many seconds it has.

    Raises the OSError of the last one if none does, and what `wait` raises.
    """
    failed = OSError("the name leads nowhere")
    for family, address in addresses:
        seconds = wait()
        wire = socket.socket(family, socket.SOCK_STREAM)
        wire.settimeout(seconds)
        try:
            wire.connect(address)
        except OSError as error:
            wire.close()
            failed = error
            continue
        return wire
    raise failed
