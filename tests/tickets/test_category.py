"""Another category: the ticket is about something else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import Desk, DeskClient, new_ticket
from tickets.models import Category, Ticket, TicketEvent
from tickets.services.categories import archive_category, create_category

Login = Callable[[Any], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk)


@pytest.fixture
def outage(desk: Desk) -> Category:
    return create_category(tenant_id=desk.tenant.pk, name="Outage", is_outage=True)


def test_an_agent_changes_the_category_and_everybody_reads_it(
    desk: Desk, ticket: Ticket, outage: Category, login: Login
) -> None:
    data = {"category": outage.pk, "seen": desk.category.pk}
    assert login(desk.agent).post(f"/tickets/{ticket.number}/category/", data).status_code == 303
    ticket.refresh_from_db()
    assert ticket.category == outage
    event = TicketEvent.objects.get(ticket=ticket, kind="category_changed")
    assert event.data == {"from": "Technical issue", "to": "Outage", "is_outage": True}
    for reader in (desk.agent2, desk.contact):
        page = login(reader).get(f"/tickets/{ticket.number}/").content.decode()
        assert "changed the category from “Technical issue” to “Outage”" in page


def test_of_two_who_change_it_at_once_the_second_is_told(
    desk: Desk, ticket: Ticket, outage: Category, login: Login
) -> None:
    other = create_category(tenant_id=desk.tenant.pk, name="Question")
    address = f"/tickets/{ticket.number}/category/"
    login(desk.agent).post(address, {"category": outage.pk, "seen": desk.category.pk})
    response = login(desk.agent2).post(address, {"category": other.pk, "seen": desk.category.pk})
    page = response.content.decode()
    assert response.status_code == 409
    assert "it is now “Outage”" in page
    assert f'<option value="{other.pk}" selected>' in page
    ticket.refresh_from_db()
    assert ticket.category == outage


def test_an_archived_category_is_kept_but_not_chosen(
    desk: Desk, ticket: Ticket, outage: Category, login: Login
) -> None:
    for category in (desk.category, outage):
        archive_category(category=category, by=desk.admin, at=ticket.filed_at)
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert f'<option value="{desk.category.pk}" selected>Technical issue</option>' in page
    response = login(desk.agent).post(f"/tickets/{ticket.number}/category/", {"category": outage.pk})
    assert response.status_code == 422
    assert "This choice does not exist" in response.content.decode()


def test_contacts_may_not_change_it(desk: Desk, ticket: Ticket, outage: Category, login: Login) -> None:
    data = {"category": outage.pk}
    assert login(desk.contact).post(f"/tickets/{ticket.number}/category/", data).status_code == 403


def test_an_admin_says_which_category_is_about_outages(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    client.post("/console/categories/new/", {"name": "Outage", "position": "0", "is_outage": "on"})
    assert Category.objects.get(name="Outage").is_outage
    assert "Outage or restore" in client.get("/console/categories/").content.decode()
    address = f"/console/categories/{desk.category.pk}/edit/"
    data = {"name": desk.category.name, "position": "0", "seen_version": "1", "is_outage": "on"}
    client.post(address, data)
    desk.category.refresh_from_db()
    assert desk.category.is_outage
    assert 'name="is_outage"' in client.get(address).content.decode()


def test_filing_says_whether_it_is_an_outage(desk: Desk, outage: Category) -> None:
    for category in (desk.category, outage):
        filed = TicketEvent.objects.get(ticket=new_ticket(desk, category=category), kind="filed")
        assert filed.data["is_outage"] is category.is_outage
