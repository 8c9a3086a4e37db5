"""Saying what a ticket waits for."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import Desk, DeskClient, new_ticket
from tickets.models import Ticket

Login = Callable[[Any], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk)


@pytest.mark.parametrize("status", ["open", "pending", "on_hold", "awaiting_approval"])
def test_an_agent_sets_a_status(desk: Desk, ticket: Ticket, login: Login, status: str) -> None:
    data = {"status": status, "seen": "new"}
    assert login(desk.agent).post(f"/tickets/{ticket.number}/status/", data).status_code == 303
    ticket.refresh_from_db()
    assert ticket.status == status


def test_of_two_who_change_it_at_once_the_second_is_told(desk: Desk, ticket: Ticket, login: Login) -> None:
    address = f"/tickets/{ticket.number}/status/"
    login(desk.agent).post(address, {"status": "on_hold", "seen": "new"})
    response = login(desk.agent2).post(address, {"status": "pending", "seen": "new"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "it is now “On hold”" in page
    assert '<option value="pending" selected>' in page
    assert 'name="seen" value="on_hold"' in page


@pytest.mark.parametrize("status", ["resolved", "closed", "new"])
def test_ends_and_beginnings_are_not_set_by_hand(
    desk: Desk, ticket: Ticket, login: Login, status: str
) -> None:
    data = {"status": "open", "seen": "new"}
    login(desk.agent).post(f"/tickets/{ticket.number}/status/", data)
    data = {"status": status, "seen": "open"}
    response = login(desk.agent).post(f"/tickets/{ticket.number}/status/", data)
    assert response.status_code == 409
    assert "The ticket&#39;s status does not allow this" in response.content.decode()
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_an_unknown_status_is_refused(desk: Desk, ticket: Ticket, login: Login) -> None:
    data = {"status": "lost", "seen": "new"}
    assert login(desk.agent).post(f"/tickets/{ticket.number}/status/", data).status_code == 422


def test_contacts_may_not_change_it(desk: Desk, ticket: Ticket, login: Login) -> None:
    data = {"status": "pending", "seen": "new"}
    assert login(desk.contact).post(f"/tickets/{ticket.number}/status/", data).status_code == 403


def test_customers_read_what_a_status_means_for_them(desk: Desk, ticket: Ticket, login: Login) -> None:
    login(desk.agent).post(f"/tickets/{ticket.number}/status/", {"status": "pending", "seen": "new"})
    page = login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Waiting for you" in page
    assert "Pending" not in page
