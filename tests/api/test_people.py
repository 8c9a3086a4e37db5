"""People, customers and one's own tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services import archive_team, create_team, create_token
from accounts.tenancy import tenant_scope
from tests.api.callers import ApiCaller, Callers
from tests.factories import FOUNDED, Desk


def names(client: ApiCaller, path: str) -> list[str]:
    return [row["name"] for row in client.get(path).json()["results"]]


def test_staff_find_people(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    assert names(client, "people/?kind=staff") == [
        "Adam Admin", "Ali Agent", "Bea Agent", "Olga Owner", "Sara Supervisor",
    ]  # fmt: skip
    assert names(client, "people/?q=ACME.example&limit=2") == ["Adam Admin", "Ali Agent"]
    assert names(client, f"people/?customer={desk.other_customer.pk}") == ["Omar Other"]
    assert names(client, f"people/?customer={other_desk.customer.pk}") == []
    assert "umbra" not in str(client.get("people/").json())
    person = client.get("people/?q=carla").json()["results"][0]
    assert person == {
        "id": desk.contact.pk,
        "name": "Carla Contact",
        "email": "contact@acme.example",
        "role": "member",
        "is_staff": False,
        "is_active": True,
        "customer": {"id": desk.customer.pk, "name": "Bright Bakery"},
    }


def test_staff_find_customers(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    assert names(client, "customers/") == ["Bright Bakery", "Calm Carpets"]
    assert names(client, "customers/?q=CARP") == ["Calm Carpets"]


def test_customers_name_their_coordinator(desk: Desk, caller: Callers) -> None:
    desk.customer.coordinator = desk.agent2
    desk.customer.save()
    rows = caller(desk.agent).get("customers/").json()["results"]
    assert [row["coordinator"] and row["coordinator"]["name"] for row in rows] == ["Bea Agent", None]


def test_staff_find_teams(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    people = [desk.supervisor, desk.agent]
    create_team(name="Night watch", members=people, by=desk.admin, at=FOUNDED)
    old = create_team(name="Zeal", members=people, by=desk.admin, at=FOUNDED)
    archive_team(team=old, by=desk.admin, at=FOUNDED)
    with tenant_scope(other_desk.tenant.pk):
        create_team(name="Umbra's own", members=[other_desk.agent], by=other_desk.admin, at=FOUNDED)
    client = caller(desk.agent)
    [team] = client.get("teams/").json()["results"]
    assert (team["name"], team["archived_at"]) == ("Night watch", None)
    assert [person["name"] for person in team["members"]] == ["Ali Agent", "Sara Supervisor"]
    assert names(client, "teams/?archived=true") == ["Night watch", "Zeal"]


@pytest.mark.parametrize("path", ["people/", "customers/", "teams/", "plans/", "calendars/"])
def test_contacts_list_neither_people_nor_plans(desk: Desk, caller: Callers, path: str) -> None:
    response = caller(desk.customer_admin).get(path)
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_everybody_finds_the_categories_in_use(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    client = caller(desk.contact)
    assert names(client, "categories/") == ["Technical issue"]
    desk.category.archived_at = timezone.now()
    desk.category.save()
    assert names(client, "categories/") == []


def test_token_is_made_in_the_browser_and_shown_once(desk: Desk, login: Any) -> None:
    browser = login(desk.contact)
    expires = (timezone.now() + timedelta(days=30)).isoformat()
    response = browser.post(
        "/api/v1/tokens/", {"name": "Export", "expires_at": expires}, content_type="application/json"
    )
    assert response.status_code == 201
    made = response.json()
    assert made["token"].startswith(made["start"])
    assert ApiCaller("acme", made["token"]).get("me/").json()["membership"]["name"] == "Carla Contact"
    assert made["token"] not in browser.get("/api/v1/tokens/").content.decode()
    assert names(browser, "/api/v1/tokens/") == ["Export"]


def test_token_cannot_make_another(desk: Desk, caller: Callers) -> None:
    response = caller(desk.owner).post("tokens/", {"name": "Mine"})
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 81}, "/name"),
        ({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"name": "x", "expires_at": "soon"}, "/expires_at"),
    ],
)
def test_token_needs_a_name_and_a_future(desk: Desk, login: Any, sent: dict[str, str], pointer: str) -> None:
    response = login(desk.agent).post("/api/v1/tokens/", sent, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer


def test_token_revokes_itself(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    token = ApiToken.objects.get()
    assert client.delete(f"tokens/{token.pk}/").status_code == 204
    assert client.get("me/").status_code == 401


def test_revoking_twice_keeps_the_first_instant(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    token, _secret = create_token(membership=desk.agent, name="Old", at=FOUNDED)
    client.delete(f"tokens/{token.pk}/")
    token.refresh_from_db()
    first = token.revoked_at
    assert client.delete(f"tokens/{token.pk}/").status_code == 204
    token.refresh_from_db()
    assert token.revoked_at == first is not None


def test_tokens_of_others_are_not_there(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    token, _secret = create_token(membership=desk.agent, name="Old", at=FOUNDED)
    client = caller(desk.owner)
    assert client.delete(f"tokens/{token.pk}/").status_code == 404
    assert [row["name"] for row in client.get("tokens/").json()["results"]] == ["Test"]
    token.refresh_from_db()
    assert token.revoked_at is None
