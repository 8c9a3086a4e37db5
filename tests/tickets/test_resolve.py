"""Resolving: by staff, or by the customer for whom it works again."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Ticket
from tickets.services import close_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk)


@pytest.mark.parametrize("who", ["agent", "contact", "contact2"])
def test_staff_and_the_requesters_company_may_resolve(
    desk: Desk, ticket: Ticket, login: Login, who: str
) -> None:
    response = login(getattr(desk, who)).post(f"/tickets/{ticket.number}/resolve/")
    assert response.status_code == 303
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    assert ticket.resolved_at is not None


def test_the_customer_is_asked_whether_it_works_again(desk: Desk, ticket: Ticket, login: Login) -> None:
    assert "It works again" in login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()


def test_what_is_resolved_already_is_said_and_shown_as_it_is(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    response = login(desk.agent2).post(f"/tickets/{ticket.number}/resolve/")
    assert response.status_code == 409
    assert "status does not allow this any more" in response.content.decode()


def test_a_closed_ticket_cannot_be_resolved(desk: Desk, ticket: Ticket, login: Login) -> None:
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    response = login(desk.contact).post(f"/tickets/{ticket.number}/resolve/")
    assert response.status_code == 409
    assert "This ticket is closed." in response.content.decode()


def test_a_stranger_finds_no_such_ticket(desk: Desk, ticket: Ticket, login: Login) -> None:
    assert login(desk.other_contact).post(f"/tickets/{ticket.number}/resolve/").status_code == 404


def test_looking_does_not_resolve(desk: Desk, ticket: Ticket, login: Login) -> None:
    assert login(desk.agent).get(f"/tickets/{ticket.number}/resolve/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "new"
