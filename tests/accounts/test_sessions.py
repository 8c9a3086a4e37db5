"""Where somebody is logged in, and who sees that they have been."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.browsers import browser_words
from accounts.models import LogIn, Membership
from accounts.services import note_log_in
from accounts.tenancy import tenant_scope
from tests.api.callers import ApiCaller
from tests.factories import PASSWORD, Desk, DeskClient, add_person

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
Login = Callable[[Membership], DeskClient]


def browser(person: Membership, agent: str = FIREFOX, address: str = "192.0.2.7") -> DeskClient:
    """A browser in which that person has logged in with the password."""
    client = DeskClient(person.tenant, HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": person.user.email, "password": PASSWORD})
    return client


def test_one_sees_ones_sessions_and_ends_one_or_all_others(desk: Desk) -> None:
    here, phone, third = (
        browser(desk.contact),
        browser(desk.contact, IPHONE, "192.0.2.8"),
        browser(desk.contact),
    )
    page = here.get("/profile/sessions/").content.decode()
    assert page.index("this one") < page.index("Safari, iPhone")
    assert "192.0.2.8" in page
    assert page.count("/end/") == 2 + 1  # each of the others, and all of them
    of_phone = UserSession.objects.get(ip="192.0.2.8").pk
    assert here.post(f"/profile/sessions/{of_phone}/end/").status_code == 302
    assert phone.get("/tickets/").status_code == 302
    assert third.get("/tickets/").status_code == 200
    here.post("/profile/sessions/others/end/")
    assert third.get("/tickets/").status_code == 302
    assert "You are logged in nowhere else" in here.get("/profile/sessions/").content.decode()


def test_nobody_ends_the_session_of_somebody_else(desk: Desk) -> None:
    mine, theirs = browser(desk.agent), browser(desk.contact)
    pk = UserSession.objects.get(user=desk.contact.user).pk
    assert mine.post(f"/profile/sessions/{pk}/end/").status_code == 404
    mine.post("/profile/sessions/others/end/")
    assert theirs.get("/tickets/").status_code == 200
    assert "iPhone" not in mine.get("/profile/sessions/").content.decode()
    stranger = DeskClient(desk.tenant)
    assert "/accounts/login/" in stranger.get("/profile/sessions/")["Location"]


def test_the_list_costs_the_same_with_many_sessions(desk: Desk, django_assert_max_num_queries: Any) -> None:
    here = browser(desk.contact)
    here.get("/profile/sessions/")
    for _turn in range(6):
        browser(desk.contact, IPHONE)
    with django_assert_max_num_queries(9):
        page = here.get("/profile/sessions/").content.decode()
    assert page.count("Safari, iPhone") == 6


def test_a_session_that_ended_is_not_shown(desk: Desk) -> None:
    here, other = browser(desk.contact), browser(desk.contact, IPHONE)
    new = {"oldpassword": PASSWORD, "password1": "seven quiet larks", "password2": "seven quiet larks"}
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert "iPhone" not in here.get("/profile/sessions/").content.decode()
    assert other.get("/tickets/").status_code == 302


def test_use_is_written_down_now_and_then(desk: Desk) -> None:
    here = browser(desk.contact)
    long_ago = timezone.now() - timedelta(days=2)
    for is_due in (False, True):
        here.get("/tickets/")
        UserSession.objects.update(last_seen_at=long_ago)
        if is_due:
            cache.clear()
        here.get("/tickets/", REMOTE_ADDR="192.0.2.99")
        row = UserSession.objects.get()
        assert (row.last_seen_at > long_ago, row.ip == "192.0.2.99") == (is_due, is_due)


def test_a_log_in_is_seen_by_the_admins_of_company_and_desk(desk: Desk, login: Login) -> None:
    browser(desk.contact)
    row = LogIn.objects.get(person=desk.contact)
    assert (row.way, row.address, row.browser) == ("password", "192.0.2.7", "Firefox, Windows")
    chief, admin = login(desk.customer_admin), login(desk.admin)
    people = chief.get("/company/people/").content.decode()
    assert re.search(rf'href="/t/acme/company/people/{desk.contact.pk}/log-ins/"', people)
    for page in (
        chief.get(f"/company/people/{desk.contact.pk}/log-ins/"),
        admin.get(f"/console/people/{desk.contact.pk}/log-ins/"),
    ):
        text = page.content.decode()
        assert "Firefox, Windows" in text
        assert "192.0.2.7" in text
    assert "No log-ins" in admin.get(f"/console/people/{desk.agent.pk}/log-ins/").content.decode()
    assert chief.get(f"/company/people/{desk.other_contact.pk}/log-ins/").status_code == 404
    assert login(desk.contact).get(f"/company/people/{desk.contact.pk}/log-ins/").status_code == 403
    assert login(desk.agent).get(f"/console/people/{desk.contact.pk}/log-ins/").status_code == 403


@pytest.mark.parametrize(
    ("caller", "sees"),
    [("admin", 3), ("agent", 1), ("customer_admin", 1), ("contact", 1), ("contact2", 0)],
)
def test_a_program_reads_what_its_person_may(desk: Desk, caller: str, sees: int) -> None:
    from accounts.services import create_token

    for person in (desk.contact, desk.agent, desk.other_contact):
        browser(person)
    _token, secret = create_token(membership=getattr(desk, caller), name="x", at=timezone.now())
    api = ApiCaller("acme", secret)
    assert len(api.get("log-ins/").json()["results"]) == sees
    assert api.get("log-ins/", {"person": desk.other_contact.pk}).json()["results"] == [] or caller == "admin"


def test_one_log_in_counts_in_every_desk_that_it_opens_and_is_forgotten(desk: Desk, other_desk: Desk) -> None:
    with tenant_scope(other_desk.tenant.pk):
        guest = add_person(other_desk.owner, "contact@acme.example", "Carla", "agent")
        log_in: dict[str, Any] = {
            "user": desk.contact.user,
            "way": "password",
            "address": "192.0.2.1",
            "user_agent": "",
        }
    now = timezone.now()
    note_log_in(**log_in, at=now - timedelta(days=200))
    note_log_in(**log_in, at=now)
    for tenant, person in ((desk.tenant, desk.contact), (other_desk.tenant, guest)):
        with tenant_scope(tenant.pk):
            assert list(LogIn.objects.values_list("person_id", "at")) == [(person.pk, now)]


def test_on_the_site_itself_the_pages_are_the_same(desk: Desk) -> None:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    client.post("/accounts/login/", {"login": "contact@acme.example", "password": PASSWORD})
    assert "Firefox, Windows" in client.get("/profile/sessions/").content.decode()
    assert LogIn.objects.get().person_id == desk.contact.pk


def test_browsers_are_named_in_two_words() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    for said, words in (
        (edge, "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("curl/8.1 x", "curl/8.1"),
        ("", ""),
    ):
        assert browser_words(said) == words
