"""Personal API tokens: shown once, kept as a hash, one's own only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiToken, Membership
from accounts.services import create_token, hash_token
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(desk: Desk, login: Login) -> None:
    browser = login(desk.agent)
    answer = browser.post("/profile/tokens/", {"name": "Report script", "lasts": "30"})
    token = ApiToken.objects.get()
    page = answer.content.decode()
    secret = page.partition('readonly value="')[2].partition('"')[0]
    assert secret.startswith("sd_")
    assert hash_token(secret) == token.token_hash
    assert secret.startswith(token.start)
    assert "no-store" in answer.headers["Cache-Control"]
    again = browser.get("/profile/tokens/").content.decode()
    assert secret not in again
    assert "Report script" in again
    assert token.expires_at is not None
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


def test_a_token_may_last_until_it_is_revoked(desk: Desk, login: Login) -> None:
    login(desk.contact).post("/profile/tokens/", {"name": "Forever", "lasts": "always"})
    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"lasts": "3650"}, {"lasts": ""}])
def test_what_is_wrong_is_said_and_no_token_made(desk: Desk, login: Login, wrong: dict[str, str]) -> None:
    answer = login(desk.agent).post("/profile/tokens/", {"name": "Fine", "lasts": "30"} | wrong)
    assert "There is a problem" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_revoking_asks_first_and_ends_the_token(desk: Desk, login: Login) -> None:
    token, _secret = create_token(membership=desk.agent, name="Old laptop", at=timezone.now())
    browser = login(desk.agent)
    assert "Revoke “Old laptop”?" in browser.get(f"/profile/tokens/{token.pk}/revoke/").content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None
    assert (
        browser.post(f"/profile/tokens/{token.pk}/revoke/").headers["Location"] == "/t/acme/profile/tokens/"
    )
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "“Old laptop” no longer works" in browser.get("/profile/tokens/").content.decode()
    assert browser.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404


def test_tokens_of_others_do_not_exist(desk: Desk, other_desk: Desk, login: Login) -> None:
    from accounts.tenancy import tenant_scope

    colleagues, _secret = create_token(membership=desk.agent2, name="Hers", at=timezone.now())
    with tenant_scope(other_desk.tenant.pk):
        strangers, _secret = create_token(membership=other_desk.agent, name="Theirs", at=timezone.now())
    for browser in (login(desk.agent), login(desk.owner)):
        assert "Hers" not in browser.get("/profile/tokens/").content.decode()
        for token in (colleagues, strangers):
            for answer in (
                browser.get(f"/profile/tokens/{token.pk}/revoke/"),
                browser.post(f"/profile/tokens/{token.pk}/revoke/"),
            ):
                assert answer.status_code == 404
    assert browser.get(f"/profile/tokens/{10**30}/revoke/").status_code == 404
