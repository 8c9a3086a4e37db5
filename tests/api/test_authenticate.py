"""Who gets in: by token, by session, and who does not."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken
from accounts.services import create_token, deactivate_person, revoke_token
from accounts.tenancy import tenant_scope
from tests.api.callers import ApiCaller, Callers
from tests.factories import FOUNDED, Desk


def token_of(desk: Desk, **options: Any) -> tuple[ApiToken, str]:
    return create_token(membership=desk.agent, name="Cron", at=FOUNDED, **options)


def refused(response: Any) -> bool:
    return bool(
        response.status_code == 401
        and response["WWW-Authenticate"].startswith("Bearer")
        and response.json()["code"] == "not_authenticated"
    )


def test_token_lets_its_person_in(desk: Desk, caller: Callers) -> None:
    me = caller(desk.agent).get("me/").json()
    assert me["person"]["email"] == "agent@acme.example"
    assert me["membership"] | {"id": 0} == {
        "id": 0, "name": "Ali Agent", "role": "agent", "is_staff": True, "customer": None,
    }  # fmt: skip
    assert me["tenant"]["slug"] == "acme"
    assert "handle_tickets" in me["permissions"]
    assert me["token"]["name"] == "Test"


def test_contact_learns_its_company_and_no_more_rights(desk: Desk, caller: Callers) -> None:
    me = caller(desk.contact).get("me/").json()
    assert me["membership"]["customer"] == {"id": desk.customer.pk, "name": "Bright Bakery"}
    assert me["permissions"] == ["file_tickets", "reply"]


def test_secret_is_kept_as_a_hash_only(desk: Desk) -> None:
    token, secret = token_of(desk)
    kept = ApiToken.objects.values().get(pk=token.pk)
    assert kept["token_hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert not any(secret in str(value) for value in kept.values())


def test_hash_is_no_key(desk: Desk) -> None:
    token, _secret = token_of(desk)
    assert refused(ApiCaller("acme", token.token_hash).get("me/"))


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer sd_unknown", "bearer x", "Bearer sd_é\x01"])
def test_unknown_token_is_refused(desk: Desk, header: str) -> None:
    client = ApiCaller("acme")
    client.credentials(HTTP_AUTHORIZATION=header)
    assert refused(client.get("me/"))


def test_nobody_is_told_how_to_get_in(anonymous: ApiCaller) -> None:
    assert refused(anonymous.get("me/"))
    assert refused(anonymous.post("tickets/", {}))


def test_revoked_token_is_refused_at_once(desk: Desk) -> None:
    token, secret = token_of(desk)
    client = ApiCaller("acme", secret)
    assert client.get("me/").status_code == 200
    revoke_token(token=token, at=timezone.now())
    assert refused(client.get("me/"))


def test_expired_token_is_refused(desk: Desk) -> None:
    _token, secret = token_of(desk, expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(ApiCaller("acme", secret).get("me/"))
    _token, secret = token_of(desk, expires_at=timezone.now() + timedelta(hours=1))
    assert ApiCaller("acme", secret).get("me/").status_code == 200


def test_token_of_another_desk_is_refused(desk: Desk, other_desk: Desk) -> None:
    with tenant_scope(other_desk.tenant.pk):
        _token, secret = token_of(other_desk)
    assert ApiCaller("umbra", secret).get("me/").status_code == 200
    assert refused(ApiCaller("acme", secret).get("me/"))


def test_deactivated_person_is_refused(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    deactivate_person(membership=desk.agent, by=desk.owner, at=timezone.now())
    # Even if somebody forgot to revoke the tokens with it.
    ApiToken.objects.update(revoked_at=None)
    assert refused(client.get("me/"))


def test_locked_identity_is_refused(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    desk.agent.user.is_active = False
    desk.agent.user.save()
    assert refused(client.get("me/"))


def test_use_is_noted_at_most_once_a_minute(desk: Desk) -> None:
    token, secret = token_of(desk)
    client = ApiCaller("acme", secret)
    client.get("me/")
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    client.get("me/")
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    client.get("me/")
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at > first


def test_browser_session_lets_in(desk: Desk, login: Any) -> None:
    me = login(desk.agent).get("/api/v1/me/").json()
    assert me["membership"]["name"] == "Ali Agent"
    assert me["token"] is None


def test_browser_that_writes_needs_its_csrf_token(desk: Desk) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(desk.agent.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/t/acme/api/v1/tokens/", {"name": "Cron"})
    assert response.status_code == 403
    assert response.json()["code"] == "not_allowed"
    client.get("/t/acme/profile/")
    sent = client.cookies["csrftoken"].value
    answer = client.post("/t/acme/api/v1/tokens/", {"name": "Cron"}, HTTP_X_CSRFTOKEN=sent)
    assert answer.status_code == 201


def test_stranger_with_a_session_finds_nothing(desk: Desk, other_desk: Desk) -> None:
    client = ApiCaller("acme")
    client.force_login(other_desk.agent.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("me/", "tickets/", "people/"):
        response = client.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_token_counts_before_the_session(desk: Desk, login: Any) -> None:
    _token, secret = create_token(membership=desk.contact, name="Mine", at=FOUNDED)
    client = login(desk.agent)
    me = client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {secret}").json()
    assert me["membership"]["name"] == "Carla Contact"


def test_answers_are_in_no_cache(desk: Desk, caller: Callers) -> None:
    response = caller(desk.agent).get("me/")
    assert "no-store" in response["Cache-Control"]
    assert "Authorization" in response["Vary"]
