"""Customers and categories in the settings."""

import re
from collections.abc import Callable

import pytest

from accounts import services as accounts
from accounts.models import Customer, Membership
from notifications.models import OutboxMessage
from tests.factories import FOUNDED, Desk, DeskClient
from tests.forms import CHANGED, MEANWHILE, FormPage, reader
from tickets.models import Category

Login = Callable[[Membership], DeskClient]


def test_a_customer_is_added_and_its_name_is_taken_once(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = {"name": "Delta  Dairy", "notes": "n", "hosting_model": "on_premises"}
    assert client.post("/console/customers/new/", sent).status_code == 302
    customer = Customer.objects.get(name="Delta Dairy")
    assert (customer.notes, customer.hosting_model) == ("n", "on_premises")
    assert "On premises" in client.get(f"/console/customers/{customer.pk}/").content.decode()
    response = client.post("/console/customers/new/", sent | {"name": "delta dairy", "notes": "keep me"})
    assert response.status_code == 422
    assert "exists already" in response.content.decode()
    assert "keep me" in response.content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_second_of_two_edits_of_a_customer_is_told(desk: Desk, login: Login, language: str) -> None:
    address = f"/console/customers/{desk.customer.pk}/edit/"
    data = {
        "name": "Bright Bakery",
        "notes": "first",
        "hosting_model": "dedicated",
        "is_active": "on",
        "seen_version": "1",
    }
    assert login(desk.owner).post(address, data).status_code == 302
    page = FormPage(reader(desk.admin, language).post(address, data | {"notes": "second"}))
    assert (page.status, page.language) == (409, language)
    assert page.summary[""] == CHANGED[language].format("Bright Bakery")
    page.keeps({"name": "Bright Bakery", "notes": "second", "hosting_model": "dedicated", "is_active": "on"})
    desk.customer.refresh_from_db()
    assert (desk.customer.notes, desk.customer.hosting_model) == ("first", "dedicated")


def test_the_list_finds_by_name_and_shows_those_without_contract(desk: Desk, login: Login) -> None:
    accounts.create_customer(tenant_id=desk.tenant.pk, name="Delta Dairy", at=FOUNDED)
    client = login(desk.admin)
    assert "Bright Bakery" not in client.get("/console/customers/?q=DAIRY").content.decode()
    bare = client.get("/console/customers/?contract=none").content.decode()
    assert "Delta Dairy" in bare
    assert "Calm Carpets" not in bare


def test_the_list_turns_pages_without_losing_or_repeating_anybody(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(118):
        accounts.create_customer(tenant_id=desk.tenant.pk, name=f"Company {number:03}", at=FOUNDED)
    client, seen, page = login(desk.admin), list[str](), ""
    cursor: str | None = ""
    while cursor is not None:
        with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
            page = client.get(f"/console/customers/?cursor={cursor}").content.decode()
        seen += names_on(page)
        cursor = cursor_on(page, "next")
    assert seen == sorted(Customer.objects.values_list("name", flat=True), key=str.lower)
    back = client.get(f"/console/customers/?cursor={cursor_on(page, 'prev')}").content.decode()
    assert names_on(back) == seen[50:100]
    for nonsense in ("x", "WzEsMl0", "W2ZhbHNlLCB7fSwgMV0", "W2ZhbHNlLCAiYSIsICJiIl0"):
        assert client.get(f"/console/customers/?cursor={nonsense}").status_code == 200


def names_on(page: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', page)


def cursor_on(page: str, rel: str) -> str | None:
    match = re.search(rf'rel="{rel}" href="\?cursor=([^"]+)"', page)
    return match[1] if match else None


def test_a_contact_is_invited_once(desk: Desk, login: Login) -> None:
    client, address = login(desk.admin), f"/console/customers/{desk.customer.pk}/invite/"
    data = {"name": "Nadia New", "email": "Nadia@bakery.example", "role": "member"}
    assert client.post(address, data).status_code == 302
    nadia = Membership.objects.get(user__email="nadia@bakery.example")
    assert (nadia.customer, nadia.role, nadia.accepted_at) == (desk.customer, "member", None)
    assert OutboxMessage.objects.filter(to="nadia@bakery.example", is_secret=True).count() == 1
    response = client.post(address, data)
    assert response.status_code == 422
    assert "already in this desk" in response.content.decode()


@pytest.mark.parametrize("role", ["agent", "owner", "nonsense", ""])
def test_a_contact_gets_no_role_of_the_staff(desk: Desk, login: Login, role: str) -> None:
    address = f"/console/customers/{desk.customer.pk}/invite/"
    response = login(desk.admin).post(address, {"name": "N", "email": "n@x.example", "role": role})
    assert response.status_code == 422
    assert not Membership.objects.filter(user__email="n@x.example").exists()


def test_categories_are_created_changed_archived_and_restored(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    assert client.post("/console/categories/new/", {"name": "Question", "position": "2"}).status_code == 302
    question = Category.objects.get(name="Question")
    address = f"/console/categories/{question.pk}/edit/"
    changed = {"name": "Questions", "position": "0", "description": "How to", "seen_version": "1"}
    assert client.post(address, changed).status_code == 302
    assert client.post(address, changed | {"name": "Late"}).status_code == 409
    client.post(f"/console/categories/{question.pk}/archive/")
    question.refresh_from_db()
    assert (question.name, question.position, question.archived_at is not None) == ("Questions", 0, True)
    client.post(f"/console/categories/{question.pk}/archive/", {"restore": "1"})
    question.refresh_from_db()
    assert question.archived_at is None


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_second_of_two_edits_of_a_category_is_told(desk: Desk, login: Login, language: str) -> None:
    address = f"/console/categories/{desk.category.pk}/edit/"
    first = {"name": "Failures", "position": "0", "description": "", "seen_version": "1"}
    assert login(desk.owner).post(address, first).status_code == 302
    sent = {"name": "Incidents", "position": "3", "description": "All that breaks"}
    page = FormPage(reader(desk.admin, language).post(address, sent | {"seen_version": "1"}))
    assert (page.status, page.language) == (409, language)
    assert page.summary[""] == MEANWHILE[language].format("Failures")
    page.keeps(sent)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "technical ISSUE", "position": "0"},
        {"name": "", "position": "0"},
        {"name": "x" * 81, "position": "0"},
        {"name": "Fine", "position": "-1"},
        {"name": "Fine", "position": "first"},
    ],
)
def test_bad_categories_are_refused(desk: Desk, login: Login, data: dict[str, str]) -> None:
    response = login(desk.admin).post("/console/categories/new/", data | {"description": "kept words"})
    assert response.status_code == 422
    assert "kept words" in response.content.decode()
    assert Category.objects.count() == 1
