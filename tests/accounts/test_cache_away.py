"""Logging in, working and logging out while Redis or Valkey is away."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership
from supportdesk.embedded.process import free_port
from tests.factories import PASSWORD, Desk, DeskClient, new_ticket

Login = Callable[[Membership], DeskClient]


@pytest.fixture
def away(settings: Any) -> None:
    """Nobody listens at the cache's port."""
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}}


def log_in(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/t/acme/accounts/login/", {"login": "agent@acme.example", "password": password})


def test_log_in_work_and_log_out(
    desk: Desk, client: Client, away: None, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = new_ticket(desk)
    with caplog.at_level(logging.WARNING, logger="supportdesk.cache"):
        assert client.get("/t/acme/accounts/login/").status_code == 200
        assert log_in(client, "wrong").status_code == 200
        assert log_in(client)["Location"] == "/t/acme/"
        answer = client.post(f"/t/acme/tickets/{ticket.number}/reply/", {"body": "Please restart it."})
        assert answer.status_code == 303
        assert "Please restart it." in client.get(answer["Location"]).content.decode()
        assert Session.objects.count() == 1
        assert client.post("/t/acme/accounts/logout/").status_code == 302
        assert not Session.objects.exists()
    assert client.get("/t/acme/queue/").status_code == 302
    said = [record.getMessage() for record in caplog.records]
    assert any("rate limits are not kept" in line for line in said)
    assert len(said) < 10, "once in a while, not for every question"


def test_a_forgotten_password_is_asked_for(desk: Desk, client: Client, away: None) -> None:
    answer = client.post("/t/acme/accounts/password/reset/", {"email": "agent@acme.example"})
    assert answer.status_code == 302


def test_who_was_logged_in_stays_so_when_it_goes_and_when_it_is_back(
    desk: Desk, login: Login, settings: Any
) -> None:
    client = login(desk.agent)
    there = settings.CACHES
    settings.CACHES = {"default": {**there["default"], "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}}
    assert client.get("/queue/").status_code == 200
    settings.CACHES = there
    assert client.get("/queue/").status_code == 200
    cache.set("asked", "again")
    assert cache.get("asked") == "again"
