"""Checks over the network: what is a good answer, and that nothing inside is ever called."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from maintenance.checks import Check, Result, run_check, target_to_check
from maintenance.faults import Fault, fault_words
from notifications.addresses import AddressRefused
from tests.maintenance.servers import Watched


@pytest.fixture
def watched(settings: Any) -> Iterator[Watched]:
    """A server that the installation trusts."""
    with Watched() as server:
        settings.WEBHOOK_TRUSTED = [server.place]
        yield server


def ask(watched: Watched, **changes: Any) -> Result:
    values: dict[str, Any] = {
        "kind": "http",
        "address": f"http://{watched.place}/health?deep=1",
        "timeout": 5,
    }
    return run_check(Check(**(values | changes)))


def said(found: Result) -> str:
    """What was wrong, in English."""
    return fault_words(found.fault.code, found.fault.values) if found.fault else ""


def test_an_answer_of_200_is_good(watched: Watched) -> None:
    found = ask(watched)
    assert (found.is_good, found.fault) == (True, None)
    assert found.milliseconds is not None
    assert (watched.paths, watched.hosts) == (["/health?deep=1"], [watched.place])


@pytest.mark.parametrize(
    ("status", "changes", "error"),
    [
        (500, {}, "HTTP 500"),
        (404, {}, "HTTP 404"),
        (404, {"expected_status": 404}, ""),
        (200, {"expected_status": 204}, "HTTP 200 instead of 204"),
        (200, {"expected_text": "is well"}, ""),
        (200, {"expected_text": "is lost"}, "The expected text is missing"),
    ],
)
def test_what_is_a_good_answer(watched: Watched, status: int, changes: dict[str, Any], error: str) -> None:
    watched.status = status
    found = ask(watched, **changes)
    assert (found.is_good, said(found)) == (not error, error)


def test_no_redirect_is_followed(watched: Watched) -> None:
    with Watched() as inside:
        watched.status, watched.location = 302, f"http://{inside.place}/secret"
        found = ask(watched)
        assert (found.is_good, said(found)) == (False, "HTTP 302: redirects are not followed")
        assert ask(watched, expected_status=302).is_good
        assert inside.paths == []


def test_a_slow_answer_ends_with_the_timeout(watched: Watched) -> None:
    watched.drips = True
    assert ask(watched, timeout=1) == Result(Fault("timeout", {"seconds": 1}))


def test_nobody_listens(settings: Any) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{bound.getsockname()[1]}"
        settings.WEBHOOK_TRUSTED = [place]
        for check in (Check("tcp", place, 2), Check("http", f"http://{place}/", 2)):
            found = run_check(check)
            assert said(found) == "The connection was refused"


def test_tcp_connects(watched: Watched) -> None:
    assert run_check(Check("tcp", watched.place, 2)).is_good


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("http", "http://127.0.0.1/"),
        ("http", "https://10.0.0.1/"),
        ("http", "http://169.254.169.254/latest/meta-data/"),
        ("http", "http://[::1]:8000/"),
        ("http", "http://user:secret@example.com/"),
        ("http", "ftp://example.com/"),
        ("http", "example.com"),
        ("tcp", "127.0.0.1:5432"),
        ("tcp", "192.168.0.4:22"),
        ("tcp", "[::ffff:10.0.0.1]:22"),
        ("tcp", "mail.example.com"),
        ("tcp", "https://mail.example.com:25"),
        ("tcp", "user@mail.example.com:25"),
    ],
)
def test_what_may_not_be_called_is_refused_at_once(kind: str, address: str) -> None:
    with pytest.raises(AddressRefused):
        target_to_check(kind, address)
    assert not run_check(Check(kind, address, 2)).is_good


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "100.100.100.200"])
@pytest.mark.parametrize("check", [Check("http", "https://a.example/", 2), Check("tcp", "a.example:25", 2)])
def test_a_name_that_leads_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, check: Check, inside: str
) -> None:
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET

    def looked_up(host: str, port: int, **options: Any) -> list[Any]:
        outside = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))
        return [outside, (family, socket.SOCK_STREAM, 6, "", (inside, port))]

    def connected(*arguments: Any) -> None:
        raise AssertionError("called")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket.socket, "connect", connected)
    found = run_check(check)
    assert (found.is_good, "inside a network" in said(found)) == (False, True)


def test_plain_http_keeps_its_own_port() -> None:
    assert target_to_check("http", "http://example.com/x").port == 80
    assert target_to_check("http", "https://example.com/x").port == 443
    assert target_to_check("tcp", "mail.example.com:443").port == 443
