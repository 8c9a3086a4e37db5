"""The page behind the link of an invitation."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import Client

from accounts.models import Membership, Role
from accounts.services import INVITATION_SALT, invitation_token, invite_person
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
GOOD = {"name": "Nora Newcomer", "password": "a meadow of 7 larks"}


def _invite(desk: Desk, email: str, **changes: Any) -> tuple[Membership, str]:
    values: dict[str, Any] = {"role": Role.AGENT, "customer": None, "name": "Nora"} | changes
    person = invite_person(by=desk.admin, email=email, at=NOW, **values)
    return person, f"/t/acme/invitations/{invitation_token(person)}/"


@pytest.fixture
def invited(desk: Desk) -> tuple[Membership, str]:
    return _invite(desk, "nora@example.org")


def test_a_newcomer_chooses_a_password_and_is_in(
    desk: Desk, client: Client, invited: tuple[Membership, str]
) -> None:
    person, link = invited
    page = client.get(link).content.decode()
    assert "nora@example.org" in page
    assert "Your role: Agent" in page
    answer = client.post(link, GOOD)
    assert answer.headers["Location"] == "/t/acme/"
    person.refresh_from_db()
    assert person.is_active
    assert person.name == person.user.name == "Nora Newcomer"
    assert person.user.check_password(GOOD["password"])
    assert EmailAddress.objects.get(user=person.user).verified
    assert client.get("/t/acme/profile/").status_code == 200


def test_a_contact_reads_the_companys_name(desk: Desk, client: Client) -> None:
    _person, link = _invite(desk, "c@bakery.example", role=Role.MEMBER, customer=desk.customer)
    assert "as a person of Bright Bakery" in client.get(link).content.decode()


def test_the_page_speaks_the_invited_persons_language(desk: Desk, client: Client) -> None:
    desk.tenant.language = "es"
    desk.tenant.save()
    _person, link = _invite(desk, "ana@example.org")
    assert 'lang="es"' in client.get(link).content.decode()
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get(link).content.decode()


@pytest.mark.parametrize("password", ["", "short", "1234567890", "password123", "nora newcomer", "x" * 300])
def test_a_bad_password_is_refused_and_the_name_kept(
    client: Client, invited: tuple[Membership, str], password: str
) -> None:
    person, link = invited
    answer = client.post(link, {"name": "Nora Newcomer", "password": password})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert 'value="Nora Newcomer"' in answer.content.decode()
    person.refresh_from_db()
    assert person.accepted_at is None
    assert not person.user.has_usable_password()


def test_the_link_works_once(desk: Desk, client: Client, invited: tuple[Membership, str]) -> None:
    _person, link = invited
    client.post(link, GOOD)
    assert client.get(link).headers["Location"] == "/t/acme/"
    stranger = Client()
    for answer in (stranger.get(link), stranger.post(link, GOOD)):
        assert answer.status_code == 410
        assert "no longer valid" in answer.content.decode()


def test_an_old_or_strange_link_is_over(desk: Desk, client: Client) -> None:
    with patch("django.core.signing.time.time", return_value=1_700_000_000.0):
        person, link = _invite(desk, "late@example.org")
    assert client.get(link).status_code == 410
    forged = signing.dumps(
        [desk.tenant.pk, person.pk, person.invited_at.isoformat() if person.invited_at else ""],
        salt=INVITATION_SALT,
        key="another key",
    )
    assert client.get(f"/t/acme/invitations/{forged}/").status_code == 410
    assert client.get("/t/acme/invitations/nonsense/").status_code == 410


def test_a_link_of_one_desk_is_worthless_in_another(
    desk: Desk, other_desk: Desk, client: Client, invited: tuple[Membership, str]
) -> None:
    assert client.get(invited[1].replace("/t/acme/", "/t/umbra/")).status_code == 410


def test_who_has_an_account_logs_in_first_and_then_accepts(
    desk: Desk, other_desk: Desk, client: Client, login: Login
) -> None:
    known = other_desk.agent.user
    person, link = _invite(desk, known.email)
    page = client.get(link).content.decode()
    assert "You have an account with agent@umbra.example already" in page
    assert "password" not in client.post(link, GOOD).headers["Location"]
    where = urlsplit(client.post(link, GOOD).headers["Location"])
    assert (where.path, parse_qs(where.query)["next"]) == ("/t/acme/accounts/login/", [link])
    person.refresh_from_db()
    assert person.accepted_at is None

    browser = login(other_desk.agent)
    assert "Accept and open the desk" in Client.get(browser, f"http://testserver{link}").content.decode()
    browser.prefix = "/t/acme"
    assert browser.get("/profile/").status_code == 404
    assert browser.post(link).headers["Location"] == "/t/acme/"
    person.refresh_from_db()
    assert person.is_active
    assert known.check_password("correct horse battery")
    assert browser.get("/profile/").status_code == 200


def test_who_is_logged_in_as_somebody_else_is_told(
    desk: Desk, login: Login, invited: tuple[Membership, str]
) -> None:
    person, link = invited
    browser = login(desk.agent)
    for answer in (browser.get(link), browser.post(link, GOOD)):
        page = answer.content.decode()
        assert "for nora@example.org, and you are logged in as agent@acme.example" in page
    person.refresh_from_db()
    assert person.accepted_at is None
    out = browser.post("/accounts/logout/", {"next": link})
    assert out.headers["Location"] == link


def test_a_closed_identity_cannot_enter(client: Client, invited: tuple[Membership, str]) -> None:
    person, link = invited
    person.user.is_active = False
    person.user.save()
    assert client.post(link, GOOD).status_code == 410
