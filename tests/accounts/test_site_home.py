"""The site's start page: which desk is yours?"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Membership, Role, User
from accounts.services import accept_invitation, deactivate_person, invite_person
from tests.factories import PASSWORD, Desk, DeskClient

Login = Callable[[Membership], DeskClient]
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def person(email: str) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_a_stranger_is_asked_for_the_desk(desk: Desk, client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Which desk is yours?" in page
    assert "Acme" not in page


@pytest.mark.parametrize(
    "said", ["acme", " ACME ", "http://testserver/t/acme/", "testserver/t/acme/queue/?x=1", "/t/acme"]
)
def test_every_way_to_name_a_desk_leads_to_it(desk: Desk, client: Client, said: str) -> None:
    assert client.get("/", {"desk": said}).headers["Location"] == "/t/acme/"


def test_a_desk_with_its_own_host_is_found_by_it(desk: Desk, client: Client) -> None:
    desk.tenant.host = "help.acme.example"
    desk.tenant.save()
    for said in ("acme", "help.acme.example", "https://help.acme.example:8000/queue/"):
        assert client.get("/", {"desk": said}).headers["Location"].endswith("://help.acme.example/")


@pytest.mark.parametrize("said", ["", "nobody", "http://[", "a\x00b", "x" * 301, "//", "ácme", "/t/"])
def test_an_unknown_desk_is_said_so_and_what_was_typed_kept(desk: Desk, client: Client, said: str) -> None:
    answer = client.get("/", {"desk": said})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_a_closed_desk_is_unknown(desk: Desk, client: Client) -> None:
    desk.tenant.is_active = False
    desk.tenant.save()
    assert "No desk has this address" in client.get("/", {"desk": "acme"}).content.decode()


def test_who_has_one_desk_goes_straight_there(desk: Desk, other_desk: Desk) -> None:
    assert person("agent@acme.example").get("/").headers["Location"] == "/t/acme/"
    assert "Your desks" in person("agent@acme.example").get("/?all").content.decode()


def test_who_has_several_chooses(desk: Desk, other_desk: Desk) -> None:
    second = invite_person(
        by=desk.owner, email="agent@umbra.example", name="Ali", role=Role.SUPERVISOR, at=NOW
    )
    accept_invitation(membership=second, at=NOW)
    page = person("agent@umbra.example").get("/").content.decode()
    for expected in ('href="/t/acme/"', 'href="/t/umbra/"', "Supervisor", "Agent"):
        assert expected in page
    deactivate_person(membership=second, by=desk.owner, at=NOW)
    assert person("agent@umbra.example").get("/").headers["Location"] == "/t/umbra/"


def test_who_has_none_reads_how_to_come_by_one(desk: Desk) -> None:
    invite_person(by=desk.owner, email="nora@example.org", name="Nora", role=Role.AGENT, at=NOW)
    page = person("nora@example.org").get("/").content.decode()
    assert "No desk yet" in page
    assert "Operators" not in page


def test_operators_find_their_pages(desk: Desk) -> None:
    User.objects.create_superuser("root@example.org", PASSWORD, name="Root")
    page = person("root@example.org").get("/").content.decode()
    assert 'href="/admin/"' in page
