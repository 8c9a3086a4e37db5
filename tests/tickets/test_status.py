"""Saying what a ticket waits for."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import Desk, DeskClient, new_ticket
from tests.forms import MEANWHILE, NO_CHOICE, FormPage, reader
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


@pytest.mark.parametrize(("language", "now"), [("en", "On hold"), ("es", "En espera")])
def test_of_two_who_change_it_at_once_the_second_is_told(
    desk: Desk, ticket: Ticket, login: Login, language: str, now: str
) -> None:
    address = f"/tickets/{ticket.number}/status/"
    login(desk.agent).post(address, {"status": "on_hold", "seen": "new"})
    response = reader(desk.agent2, language).post(address, {"status": "pending", "seen": "new"})
    page = FormPage(response)
    assert page.status == 409
    page.says("status", MEANWHILE[language].format(now), language=language)
    page.keeps({"status": "pending"})
    assert 'name="seen" value="on_hold"' in response.content.decode()


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


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_unknown_status_is_refused(desk: Desk, ticket: Ticket, language: str) -> None:
    data = {"status": "lost", "seen": "new"}
    page = FormPage(reader(desk.agent, language).post(f"/tickets/{ticket.number}/status/", data))
    assert page.status == 422
    page.says("status", NO_CHOICE[language], language=language)


def test_contacts_may_not_change_it(desk: Desk, ticket: Ticket, login: Login) -> None:
    data = {"status": "pending", "seen": "new"}
    assert login(desk.contact).post(f"/tickets/{ticket.number}/status/", data).status_code == 403


def test_customers_read_what_a_status_means_for_them(desk: Desk, ticket: Ticket, login: Login) -> None:
    login(desk.agent).post(f"/tickets/{ticket.number}/status/", {"status": "pending", "seen": "new"})
    page = login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Waiting for you" in page
    assert "Pending" not in page
