"""Setting another priority."""

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


def test_the_clocks_follow_the_new_priority(desk: Desk, ticket: Ticket, login: Login) -> None:
    ticket.refresh_from_db()
    before = ticket.due_at
    data = {"priority": "critical", "seen": "medium"}
    response = login(desk.agent).post(f"/tickets/{ticket.number}/priority/", data)
    assert response.status_code == 303
    ticket.refresh_from_db()
    assert ticket.priority == "critical"
    assert before is not None
    assert ticket.due_at is not None
    assert ticket.due_at < before


@pytest.mark.parametrize(("language", "now"), [("en", "High"), ("es", "Alta")])
def test_of_two_who_change_it_at_once_the_second_is_told(
    desk: Desk, ticket: Ticket, login: Login, language: str, now: str
) -> None:
    address = f"/tickets/{ticket.number}/priority/"
    login(desk.agent).post(address, {"priority": "high", "seen": "medium"})
    response = reader(desk.agent2, language).post(address, {"priority": "low", "seen": "medium"})
    page = FormPage(response)
    assert page.status == 409
    page.says("priority", MEANWHILE[language].format(now), language=language)
    page.keeps({"priority": "low"})
    ticket.refresh_from_db()
    assert ticket.priority == "high"


def test_the_same_choice_twice_is_no_conflict(desk: Desk, ticket: Ticket, login: Login) -> None:
    address = f"/tickets/{ticket.number}/priority/"
    for client in (login(desk.agent), login(desk.agent2)):
        assert client.post(address, {"priority": "high", "seen": "medium"}).status_code == 303


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_unknown_priority_is_refused(desk: Desk, ticket: Ticket, language: str) -> None:
    data = {"priority": "urgent", "seen": "medium"}
    page = FormPage(reader(desk.agent, language).post(f"/tickets/{ticket.number}/priority/", data))
    assert page.status == 422
    page.says("priority", NO_CHOICE[language], language=language)


def test_contacts_may_not_change_it(desk: Desk, ticket: Ticket, login: Login) -> None:
    data = {"priority": "critical", "seen": "medium"}
    assert login(desk.contact).post(f"/tickets/{ticket.number}/priority/", data).status_code == 403
