"""Second factors: codes of an app, recovery codes, and the desk that asks its staff for one."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.models import Membership, User
from accounts.sealing import SealBroken, unseal
from accounts.services import require_second_factor
from tests.api.callers import ApiCaller
from tests.factories import FOUNDED, PASSWORD, Desk, DeskClient
from tests.knowledge.factories import new_article


@pytest.fixture(autouse=True)
def _committed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the commit of a request happens within it, as it does outside of tests' transactions."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_more: act())


def code_of(secret: str, later: int = 0) -> str:
    """What an app shows; each code counts once, so ask for neighbours (-1, 1) to have others."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later)))


def log_in(client: Client, person: Membership, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": person.user.email, "password": password})


def browser_with_password(person: Membership) -> DeskClient:
    client = DeskClient(person.tenant)
    log_in(client, person)
    return client


def set_up_app(client: DeskClient, person: Membership) -> str:
    """Set up an app for codes as a person does, and return its key."""
    page = client.get("/accounts/second-factor/totp/activate/", follow=True)
    assert "Is it you?" in page.content.decode()
    where = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    client.post(where, {"password": PASSWORD})
    text = client.get("/accounts/second-factor/totp/activate/").content.decode()
    assert "data:image/svg+xml;base64" in text
    found = re.search(r'readonly value="([A-Z2-7]{32})"', text)
    assert found, text
    done = client.post("/accounts/second-factor/totp/activate/", {"code": code_of(found[1], -1)})
    assert done["Location"] == f"{client.prefix}/accounts/second-factor/recovery-codes/"
    return found[1]


def second_step(client: Client, code: str) -> Any:
    return client.post("/accounts/second-factor/authenticate/", {"code": code})


@pytest.fixture
def guarded(desk: Desk) -> tuple[Desk, str]:
    """The desk with an agent who has an app; its key."""
    return desk, set_up_app(browser_with_password(desk.agent), desk.agent)


def test_an_app_is_set_up_and_asked_for_from_then_on(guarded: tuple[Desk, str]) -> None:
    desk, key = guarded
    assert mail.outbox[-1].subject == "An app for codes was set up"
    row = Authenticator.objects.get(user=desk.agent.user, type="totp")
    assert key not in str(row.data)
    assert unseal(row.data["secret"]) == key
    browser = DeskClient(desk.tenant)
    assert log_in(browser, desk.agent)["Location"] == "/t/acme/accounts/second-factor/authenticate/"
    assert "One more step" in browser.get("/accounts/second-factor/authenticate/").content.decode()
    assert urlsplit(browser.get("/profile/")["Location"]).path == "/t/acme/accounts/login/"
    wrong = second_step(browser, "000000").content.decode()
    assert "This was not accepted" in wrong
    right = code_of(key)
    assert second_step(browser, right)["Location"] == "/t/acme/"
    assert browser.get("/profile/").status_code == 200
    thief = DeskClient(desk.tenant)
    log_in(thief, desk.agent)
    assert "This was not accepted" in second_step(thief, right).content.decode()


def test_a_recovery_code_opens_once(guarded: tuple[Desk, str]) -> None:
    desk, key = guarded
    browser = DeskClient(desk.tenant)
    log_in(browser, desk.agent)
    second_step(browser, code_of(key))
    page = browser.get("/accounts/second-factor/recovery-codes/", follow=True)
    browser.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"password": PASSWORD})
    page = browser.get("/accounts/second-factor/recovery-codes/")
    codes = re.findall(r"<li>(\d{8})</li>", page.content.decode())
    assert len(codes) == 10
    text = browser.get("/accounts/second-factor/recovery-codes/download/").content.decode()
    assert text.split() == codes
    for turn, opens in enumerate((True, False)):
        other = DeskClient(desk.tenant)
        log_in(other, desk.agent)
        answer = second_step(other, codes[0])
        assert (answer.status_code == 302) == opens, turn


def test_guessing_codes_is_stopped(guarded: tuple[Desk, str]) -> None:
    desk, key = guarded
    browser = DeskClient(desk.tenant)
    log_in(browser, desk.agent)
    for guess in range(6):
        answer = second_step(browser, f"{guess:06}")
    assert "Too many failed login attempts" in answer.content.decode()
    assert second_step(browser, code_of(key)).status_code == 200


def test_a_desk_asks_its_staff_and_lets_them_set_one_up(desk: Desk) -> None:
    browser = browser_with_password(desk.admin)
    page = browser.get("/console/sign-in/").content.decode()
    assert "Set up your own second factor first" in page
    browser.post("/console/sign-in/second-factor/", {"required": "1"})
    desk.tenant.refresh_from_db()
    assert not desk.tenant.requires_second_factor
    set_up_app(browser, desk.admin)
    assert "Adam Admin" not in browser.get("/console/sign-in/").content.decode().split("none yet:")[1]
    browser.post("/console/sign-in/second-factor/", {"required": "1"})
    desk.tenant.refresh_from_db()
    assert desk.tenant.requires_second_factor
    assert browser.get("/console/").status_code == 200  # set up in this very session

    agent = browser_with_password(desk.agent)
    for path in ("/queue/", "/profile/", "/tickets/"):
        shut = agent.get(path)
        assert shut.status_code == 403
        assert "One more lock on your account" in shut.content.decode()
    assert agent.get("/api/v1/me/").status_code == 403
    assert agent.get("/queue/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/t/acme/"
    article = new_article(desk, audience="staff").article_id
    assert "Reset your password" not in agent.get("/help/").content.decode()
    assert agent.get(f"/help/articles/{article}/").status_code == 404
    assert browser_with_password(desk.contact).get("/tickets/").status_code == 200
    set_up_app(agent, desk.agent)
    assert agent.get(f"/help/articles/{article}/").status_code == 200
    assert agent.get("/queue/").status_code == 200
    assert agent.get("/api/v1/me/").status_code == 200

    browser.post("/console/sign-in/second-factor/")
    assert browser_with_password(desk.agent2).get("/queue/").status_code == 200


def test_without_any_factor_left_other_sessions_end_and_the_door_closes(guarded: tuple[Desk, str]) -> None:
    desk, key = guarded
    set_up_app(browser_with_password(desk.admin), desk.admin)
    require_second_factor(tenant=desk.tenant, required=True, by=desk.admin, at=FOUNDED)
    mine, elsewhere = DeskClient(desk.tenant), DeskClient(desk.tenant)
    for browser, later in ((mine, 0), (elsewhere, 1)):
        log_in(browser, desk.agent)
        second_step(browser, code_of(key, later))
        assert browser.get("/queue/").status_code == 200
    page = mine.get("/accounts/second-factor/totp/deactivate/", follow=True)
    mine.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"password": PASSWORD})
    mine.post("/accounts/second-factor/totp/deactivate/")
    assert not Authenticator.objects.filter(user=desk.agent.user).exists()
    assert mail.outbox[-1].subject == "Your app for codes was removed"
    assert mine.get("/queue/").status_code == 403
    assert elsewhere.get("/queue/").status_code == 302


def test_an_operator_helps_who_lost_everything(guarded: tuple[Desk, str]) -> None:
    desk, key = guarded
    browser = DeskClient(desk.tenant)
    log_in(browser, desk.agent)
    second_step(browser, code_of(key))
    operator = Client()
    operator.force_login(User.objects.create_superuser("root@example.org", PASSWORD))
    chosen = {"action": "take_second_factor_away", "_selected_action": [desk.agent.user_id]}
    assert operator.post("/admin/accounts/user/", chosen).status_code == 302
    assert mail.outbox[-1].to == ["agent@acme.example"]
    assert browser.get("/queue/").status_code == 302
    assert log_in(browser, desk.agent)["Location"] == "/t/acme/"


def test_programs_go_on_with_their_tokens(desk: Desk) -> None:
    from accounts.services import create_token

    _token, secret = create_token(membership=desk.agent, name="Reports", at=FOUNDED)
    desk.tenant.requires_second_factor = True
    desk.tenant.save()
    assert ApiCaller("acme", secret).get("me/").status_code == 200


def test_only_this_installation_opens_what_it_sealed(desk: Desk, settings: Any) -> None:
    from accounts.sealing import seal

    sealed = seal("a secret")
    before, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "another key that is used in this test and nowhere else",
    )
    with pytest.raises(SealBroken):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(sealed) == "a secret"


@pytest.mark.parametrize(
    "page", ["", "webauthn/", "webauthn/add/", "totp/activate/", "recovery-codes/generate/"]
)
def test_every_page_is_ours(desk: Desk, page: str) -> None:
    browser = browser_with_password(desk.contact)
    answer = browser.get(f"/accounts/second-factor/{page}", follow=True)
    assert answer.status_code == 200
    assert '<link rel="stylesheet" href="/static/css/app.css">' in answer.content.decode()
