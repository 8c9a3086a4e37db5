"""Where webhooks may go: what is refused, and that a name cannot change its mind."""

import ipaddress
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from notifications import addresses, webhooks
from notifications.addresses import AddressRefused, addresses_of, is_public, target_of
from notifications.webhooks import Call, call_webhook
from tests.notifications.receiver import Receiver

PEM = Path(__file__).with_name("data") / "hooks.pem"
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

INTERNAL = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1",
    "ff02::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "172.32.0.1", "193.0.0.1", "2606:4700::1111",
    "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("number", INTERNAL)
def test_internal_addresses_are_refused(number: str) -> None:
    assert not is_public(ipaddress.ip_address(number))
    host = f"[{number}]" if ":" in number else number
    with pytest.raises(AddressRefused):
        target_of(f"https://{host}/hook")


@pytest.mark.parametrize("number", PUBLIC)
def test_public_addresses_are_not(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "//hooks.example/",
        "https://",
        "https:///path",
        "https://user@hooks.example/",
        "https://user:secret@hooks.example/",
        "https://hooks.example:0x50/",
        "https://hooks.example:99999/",
        "https://hooks.example\\@internal/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "https://höoks.example/",
        "https://ho%6fks.example/",
        "https://[::1/",
        "https://hooks.example/" + "x" * 500,
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_address_for_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"])
def test_spellings_of_this_machine_are_refused_when_they_are_looked_up(host: str) -> None:
    target = target_of(f"https://{host}/")
    with pytest.raises(AddressRefused):
        addresses_of(target)


def test_one_internal_address_among_public_ones_refuses_all(monkeypatch: pytest.MonkeyPatch) -> None:
    name_server(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        addresses_of(target_of("https://hooks.example/"))


def test_a_name_that_changes_its_mind_is_called_where_it_was_judged(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Judged public, then, when the call is made, this machine: the call still goes to the judged address."""
    dialled: list[Any] = []
    name_server(monkeypatch, ["8.8.8.8"], then=["127.0.0.1"])

    def dial(wire: socket.socket, address: Any) -> None:
        dialled.append(address)
        raise ConnectionRefusedError("not reached")

    monkeypatch.setattr(socket.socket, "connect", dial)
    answer = call_webhook(call("https://hooks.example/hook"))
    assert dialled == [("8.8.8.8", 443)]
    assert "not reached" in answer.error
    assert not answer.is_final


def test_the_certificate_must_be_of_the_name(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The wire leads to a number, the handshake speaks of the name; an unknown issuer is refused."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(PEM)
    with Receiver(server) as receiver:
        name_server(monkeypatch, ["127.0.0.1"], port=receiver.port)
        settings.WEBHOOK_TRUSTED = [f"{host}:{receiver.port}" for host in ("hooks.example", "other.example")]
        webhooks._tls.cache_clear()
        unknown = call_webhook(call(f"https://hooks.example:{receiver.port}/hook"))
        assert "CERTIFICATE_VERIFY_FAILED" in unknown.error
        monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
        webhooks._tls.cache_clear()
        assert call_webhook(call(f"https://hooks.example:{receiver.port}/hook")).status == 204
        other = call_webhook(call(f"https://other.example:{receiver.port}/hook"))
        assert "match" in other.error
        webhooks._tls.cache_clear()
    assert [taken.path for taken in receiver.taken] == ["/hook"]
    assert receiver.taken[0].headers["host"] == f"hooks.example:{receiver.port}"


def call(url: str) -> Call:
    return Call(url=url, body=b"{}", event_id="evt_1", secrets=(SECRET,), at=1)


def name_server(
    monkeypatch: pytest.MonkeyPatch, first: list[str], then: list[str] | None = None, port: int = 443
) -> None:
    """Names lead to `first` when asked once, and from then on to `then`."""
    answers = [first]

    def look_up(host: str, asked_port: int, *arguments: Any, **options: Any) -> list[Any]:
        found = answers.pop() if answers else (then or first)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, asked_port)) for number in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
