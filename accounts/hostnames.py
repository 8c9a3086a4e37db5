"""Host names of desks: which there may be, where they point, and whether whoever asks for one owns it.

Looking up asks name servers and nothing else: no address that they give is ever called.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from django.conf import settings
from django.http.request import validate_host

PATIENCE = 6.0
"""Seconds for one question, however many name servers are asked."""
PROOF_LABEL = "_support-desk"
MOST_SHOWN = 4
_NAME = re.compile(r"(?=.{4,253}$)(?!-)([a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,62}(?<!-)")
_LOCAL = {"localhost": frozenset({"127.0.0.1", "::1"})}


def is_site_host(host: str) -> bool:
    """Whether SITE_HOSTS names that host by more than "*": then no tenant can have it for its own."""
    return validate_host(host, [pattern for pattern in settings.SITE_HOSTS if pattern != "*"])


def is_host_name(host: str) -> bool:
    """Whether this is the full name of a host, in lower case: with a dot, and no address in digits."""
    return _NAME.fullmatch(host) is not None


class NoSuchName(Exception):
    """There is no such name, or it has no address."""


class NoAnswer(Exception):
    """The name servers did not answer, or not in time: nothing is known."""


@dataclass(frozen=True)
class Whereabouts:
    """Where a name leads: the names that it stands for, and addresses at the end."""

    names: frozenset[str]
    addresses: frozenset[str]

    @property
    def shown(self) -> list[str]:
        """The addresses for whoever asked, none from inside a network: those are nobody's business."""
        public = (address for address in self.addresses if ipaddress.ip_address(address).is_global)
        return sorted(public)[:MOST_SHOWN]


def own_names() -> list[str]:
    """The names of this installation to which a desk's name may point; the one to recommend first."""
    named = [each for each in settings.DESK_ADDRESSES if not _is_address(each)]
    site = urlsplit(settings.SITE_URL).hostname or ""
    hosts = [host for host in settings.SITE_HOSTS if not host.startswith((".", "*", "["))]
    known = [*named, site, *hosts]
    return list(dict.fromkeys(each.lower() for each in known if each and not _is_address(each)))


def own_addresses() -> frozenset[str]:
    """All addresses of this installation: those in DESK_ADDRESSES, and where its own names lead.

    Raises NoAnswer where one of the names cannot be looked up just now.
    """
    found = {str(ipaddress.ip_address(each)) for each in settings.DESK_ADDRESSES if _is_address(each)}
    for name in own_names():
        try:
            found |= _LOCAL.get(name) or look_up(name).addresses
        except NoSuchName:
            continue
    return frozenset(found)


def fixed_addresses() -> list[str]:
    """The addresses that DESK_ADDRESSES gives as such, for names that can be no alias."""
    return [str(ipaddress.ip_address(each)) for each in settings.DESK_ADDRESSES if _is_address(each)]


def look_up(host: str) -> Whereabouts:
    """Where a name leads. Raises NoSuchName, NoAnswer."""
    names, addresses = set(), set()
    for kind in ("A", "AAAA"):
        answer = _ask(host, kind)
        if answer is None:
            continue
        names.add(_plain(answer.canonical_name))
        names |= {_plain(alias.name) for alias in answer.chaining_result.cnames}
        names |= {_plain(target.target) for alias in answer.chaining_result.cnames for target in alias}
        addresses |= {str(ipaddress.ip_address(record.to_text())) for record in answer}
    if not addresses:
        raise NoSuchName(host)
    return Whereabouts(frozenset(names), frozenset(addresses))


def points_here(where: Whereabouts, names: Collection[str], addresses: Collection[str]) -> bool:
    """An alias of one of our names, or every address that it has is ours."""
    return bool(where.names & set(names)) or where.addresses <= set(addresses)


def has_proof(host: str, proof: str) -> bool:
    """Whether the TXT record that only the owner of the name can set says what it should. Raises NoAnswer."""
    try:
        answer = _ask(f"{PROOF_LABEL}.{host}", "TXT")
    except NoSuchName:
        return False
    said = (b"".join(record.strings).decode("ascii", "replace").strip() for record in answer or ())
    return proof in said


def _ask(name: str, kind: str) -> dns.resolver.Answer | None:
    """The records of a kind; None if the name has none of it. Raises NoSuchName, NoAnswer."""
    try:
        return dns.resolver.resolve(name, kind, lifetime=PATIENCE, search=False)
    except dns.resolver.NoAnswer:
        return None
    except dns.resolver.NXDOMAIN as error:
        raise NoSuchName(name) from error
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(name) from error


def _plain(name: object) -> str:
    return str(name).rstrip(".").lower()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
