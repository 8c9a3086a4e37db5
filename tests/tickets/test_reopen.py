"""Reopening: not done after all."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Ticket
from tickets.services import close_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


@pytest.fixture
def resolved(desk: Desk) -> Ticket:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    return ticket


@pytest.mark.parametrize("who", ["agent", "contact", "contact2"])
def test_staff_and_the_requesters_company_may_reopen(
    desk: Desk, resolved: Ticket, login: Login, who: str
) -> None:
    client = login(getattr(desk, who))
    assert "Reopen" in client.get(f"/tickets/{resolved.number}/").content.decode()
    assert client.post(f"/tickets/{resolved.number}/reopen/").status_code == 303
    resolved.refresh_from_db()
    assert (resolved.status, resolved.resolved_at) == ("open", None)


def test_the_requesters_answer_reopens(desk: Desk, resolved: Ticket, login: Login) -> None:
    client = login(desk.contact)
    assert "Send and reopen" in client.get(f"/tickets/{resolved.number}/").content.decode()
    client.post(f"/tickets/{resolved.number}/reply/", {"body": "It happens again."})
    resolved.refresh_from_db()
    assert resolved.status == "open"


def test_what_is_open_cannot_be_reopened(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    response = login(desk.agent).post(f"/tickets/{ticket.number}/reopen/")
    assert response.status_code == 409


def test_a_closed_ticket_stays_closed_and_the_customer_is_told_what_to_do(
    desk: Desk, resolved: Ticket, login: Login
) -> None:
    close_ticket(ticket=resolved, at=MONDAY)
    client = login(desk.contact)
    response = client.post(f"/tickets/{resolved.number}/reopen/")
    assert response.status_code == 409
    page = client.get(f"/tickets/{resolved.number}/").content.decode()
    assert f"file a new ticket and name ACME-{resolved.number}" in page
    assert 'id="composer"' not in page
