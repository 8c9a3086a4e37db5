"""How often one may ask."""

from typing import Any

import pytest
from redis.exceptions import ConnectionError as CacheIsAway
from rest_framework.throttling import SimpleRateThrottle

from accounts.services import create_token
from tests.api.callers import ApiCaller, Callers
from tests.factories import FOUNDED, Desk


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Rates low enough to reach."""
    low = {"anon": "2/min", "user": "3/min", "write": "1/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", low)
    return low


def is_throttled(response: Any) -> bool:
    if response.status_code != 429:
        return False
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "throttled"
    assert 1 <= int(response["Retry-After"]) <= 60
    return True


def test_each_token_has_its_own_count(desk: Desk, caller: Callers, rates: dict[str, str]) -> None:
    first, second = caller(desk.agent), caller(desk.agent)
    for _time in range(3):
        assert first.get("me/").status_code == 200
    assert is_throttled(first.get("me/"))
    assert second.get("me/").status_code == 200


def test_sessions_count_by_person(desk: Desk, login: Any, rates: dict[str, str]) -> None:
    browsers = [login(desk.agent), login(desk.agent)]
    for time in range(3):
        assert browsers[time % 2].get("/api/v1/me/").status_code == 200
    assert is_throttled(browsers[1].get("/api/v1/me/"))


def test_writing_is_counted_apart(desk: Desk, caller: Callers, rates: dict[str, str]) -> None:
    client = caller(desk.contact)
    assert client.post("tickets/", {}).status_code == 400
    assert is_throttled(client.post("tickets/", {}))
    assert client.get("me/").status_code == 200


def test_guessing_tokens_has_an_end(desk: Desk, rates: dict[str, str]) -> None:
    for number in range(2):
        assert ApiCaller("acme", f"sd_guess{number}").get("me/").status_code == 401
    assert is_throttled(ApiCaller("acme", "sd_guess2").get("me/"))
    # By address: what a client says about proxies does not help.
    assert is_throttled(ApiCaller("acme", "sd_guess3").get("me/", HTTP_X_FORWARDED_FOR="203.0.113.9"))
    elsewhere = ApiCaller("acme", "sd_guess4")
    assert elsewhere.get("me/", REMOTE_ADDR="203.0.113.9").status_code == 401


def test_anonymous_callers_are_counted_by_address(anonymous: ApiCaller, rates: dict[str, str]) -> None:
    assert [anonymous.get("me/").status_code for _time in range(2)] == [401, 401]
    assert is_throttled(anonymous.get("schema/"))


def test_cache_that_is_away_stops_nobody(
    desk: Desk, rates: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _token, secret = create_token(membership=desk.agent, name="Cron", at=FOUNDED)

    def away(*args: Any, **kwargs: Any) -> None:
        raise CacheIsAway

    monkeypatch.setattr(SimpleRateThrottle, "cache", type("Away", (), {"get": away, "set": away})())
    assert ApiCaller("acme", secret).get("me/").status_code == 200
