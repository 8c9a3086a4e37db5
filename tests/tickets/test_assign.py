"""Giving a ticket to somebody."""

from collections.abc import Callable
from typing import Any

import pytest

from notifications.models import Notification
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.forms import MEANWHILE, NO_CHOICE, FormPage, reader
from tickets.models import Ticket
from tickets.services import assign_ticket

Login = Callable[[Any], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk)


def test_a_supervisor_assigns_and_the_agent_is_told(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.supervisor)
    response = client.post(f"/tickets/{ticket.number}/assign/", {"assignee": desk.agent2.pk, "seen": ""})
    assert (response.status_code, response["Location"]) == (303, f"/t/acme/tickets/{ticket.number}/")
    ticket.refresh_from_db()
    assert ticket.assignee == desk.agent2
    assert Notification.objects.filter(recipient=desk.agent2, kind="assigned").exists()
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "The assignee is changed." in page
    assert "assigned it to Bea Agent" in page


def test_a_ticket_can_be_left_to_nobody(desk: Desk, ticket: Ticket, login: Login) -> None:
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.agent, at=MONDAY)
    login(desk.agent).post(f"/tickets/{ticket.number}/assign/", {"assignee": "", "seen": desk.agent.pk})
    ticket.refresh_from_db()
    assert ticket.assignee is None
    page = login(desk.agent2).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Take it" in page
    assert f"/queue/?customer={desk.customer.pk}" in page
    login(desk.agent2).post(f"/tickets/{ticket.number}/assign/", {"assignee": desk.agent2.pk})
    ticket.refresh_from_db()
    assert ticket.assignee == desk.agent2


@pytest.mark.parametrize("language", ["en", "es"])
def test_of_two_who_assign_at_once_the_second_is_told_and_nothing_is_overwritten(
    desk: Desk, ticket: Ticket, login: Login, language: str
) -> None:
    first, second = login(desk.supervisor), reader(desk.agent, language)
    address = f"/tickets/{ticket.number}/assign/"
    assert first.post(address, {"assignee": desk.agent2.pk, "seen": ""}).status_code == 303
    response = second.post(address, {"assignee": desk.agent.pk, "seen": ""})
    page = FormPage(response)
    assert page.status == 409
    page.says("assignee", MEANWHILE[language].format("Bea Agent"), language=language)
    ticket.refresh_from_db()
    assert ticket.assignee == desk.agent2
    page.keeps({"assignee": desk.agent.pk})
    assert f'name="seen" value="{desk.agent2.pk}"' in response.content.decode(), "again is now on purpose"
    again = second.post(address, {"assignee": desk.agent.pk, "seen": desk.agent2.pk})
    assert again.status_code == 303


@pytest.mark.parametrize("language", ["en", "es"])
def test_only_active_staff_of_this_desk_can_be_chosen(
    desk: Desk, ticket: Ticket, other_desk: Desk, language: str
) -> None:
    client = reader(desk.agent, language)
    for forged in (desk.contact.pk, other_desk.agent.pk, 10**30, "x"):
        page = FormPage(client.post(f"/tickets/{ticket.number}/assign/", {"assignee": forged, "seen": ""}))
        assert page.status == 422
        page.says("assignee", NO_CHOICE[language], language=language)
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_contacts_may_not_assign(desk: Desk, ticket: Ticket, login: Login) -> None:
    data = {"assignee": desk.agent.pk, "seen": ""}
    assert login(desk.contact).post(f"/tickets/{ticket.number}/assign/", data).status_code == 403


def test_coming_back_from_the_log_in_leads_to_the_ticket(desk: Desk, ticket: Ticket, login: Login) -> None:
    response = login(desk.agent).get(f"/tickets/{ticket.number}/assign/")
    assert (response.status_code, response["Location"]) == (302, f"/t/acme/tickets/{ticket.number}/")
