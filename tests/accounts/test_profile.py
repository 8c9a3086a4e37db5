"""What people decide about themselves: name, language, time zone; and the language switch for all."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Role
from accounts.services import invite_person
from accounts.tenancy import tenant_scope
from tests.factories import FOUNDED, Desk, DeskClient

Login = Callable[[Membership], DeskClient]
GOOD = {"name": "Ali  Khan", "language": "es", "time_zone": "America/Mexico_City"}


def test_the_profile_applies_at_once(desk: Desk, login: Login) -> None:
    browser = login(desk.agent)
    answer = browser.post("/profile/", GOOD)
    assert answer.headers["Location"] == "/t/acme/profile/"
    page = browser.get("/profile/").content.decode()
    assert 'lang="es"' in page
    assert 'value="America/Mexico_City" selected' in page
    desk.agent.refresh_from_db()
    assert desk.agent.name == desk.agent.user.name == "Ali Khan"


def test_the_name_changes_in_this_desk_only(desk: Desk, other_desk: Desk, login: Login) -> None:
    with tenant_scope(other_desk.tenant.pk):
        same = invite_person(
            by=other_desk.owner, email=desk.agent.user.email, name="Ali Agent", role=Role.AGENT, at=FOUNDED
        )
    login(desk.agent).post("/profile/", GOOD)
    with tenant_scope(other_desk.tenant.pk):
        same.refresh_from_db()
    assert same.name == "Ali Agent"
    assert same.user.name == "Ali Khan"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "nul\x00"),
        ("language", "fr"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(desk: Desk, login: Login, field: str, value: str) -> None:
    answer = login(desk.agent).post("/profile/", GOOD | {field: value})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    desk.agent.user.refresh_from_db()
    assert (desk.agent.user.language, desk.agent.user.time_zone) == ("en", "Asia/Karachi")


def test_an_old_alias_of_a_zone_stays_choosable(desk: Desk, login: Login) -> None:
    desk.agent.user.time_zone = "Cuba"
    desk.agent.user.save()
    browser = login(desk.agent)
    assert 'value="Cuba" selected' in browser.get("/profile/").content.decode()
    assert browser.post("/profile/", GOOD | {"time_zone": "Cuba"}).status_code == 302


def test_both_sides_have_the_page_in_their_own_frame(desk: Desk, login: Login) -> None:
    assert 'class="desk"' in login(desk.agent).get("/profile/").content.decode()
    assert 'class="portal"' in login(desk.contact).get("/profile/").content.decode()


def test_people_without_a_desk_have_it_on_the_site(desk: Desk, login: Login) -> None:
    page = Client()
    page.cookies = login(desk.agent).cookies
    assert 'class="plain"' in page.get("/profile/").content.decode()
    assert page.post("/profile/", GOOD).headers["Location"] == "/profile/"
    desk.agent.refresh_from_db()
    assert desk.agent.user.name == "Ali Khan"
    assert desk.agent.name == "Ali Agent"


def test_the_page_costs_few_queries(desk: Desk, login: Login, django_assert_max_num_queries: object) -> None:
    browser = login(desk.agent)
    browser.get("/profile/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert browser.get("/profile/").status_code == 200


def test_a_stranger_switches_the_language_by_a_cookie(desk: Desk, client: Client) -> None:
    page = "/t/acme/accounts/login/?next=/t/acme/profile/"
    assert 'lang="en"' in client.get(page).content.decode()
    answer = client.post("/t/acme/i18n/setlang/", {"language": "es", "next": page})
    assert answer.headers["Location"] == page
    assert 'lang="es"' in client.get(page).content.decode()
    assert (
        client.post("/i18n/setlang/", {"language": "es", "next": "//evil.example"}).headers["Location"] == "/"
    )


def test_a_person_keeps_the_switched_language_everywhere(desk: Desk, login: Login) -> None:
    browser = login(desk.contact)
    browser.post("/i18n/setlang/", {"language": "es", "next": "/t/acme/profile/"})
    desk.contact.user.refresh_from_db()
    assert desk.contact.user.language == "es"
    browser.post("/i18n/setlang/", {"language": "xx", "next": "/t/acme/profile/"})
    desk.contact.user.refresh_from_db()
    assert desk.contact.user.language == "es"
    assert browser.get("/i18n/setlang/").status_code == 405
