"""Public replies."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Message, Ticket
from tickets.services import close_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk)


def test_an_agent_replies_and_stands_at_the_new_message(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.agent)
    response = client.post(f"/tickets/{ticket.number}/reply/", {"body": "Please restart it."})
    message = Message.objects.latest("pk")
    assert response.status_code == 303
    assert response["Location"] == f"/t/acme/tickets/{ticket.number}/#m{message.pk}"
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("open", desk.agent)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Please restart it." in page
    assert f'data-draft-sent="ticket-{ticket.number}"' in page, "the browser may forget its draft"


@pytest.mark.parametrize("then", ["pending", "on_hold", "awaiting_approval", "resolved"])
def test_a_status_can_be_set_with_the_reply(desk: Desk, ticket: Ticket, login: Login, then: str) -> None:
    login(desk.agent).post(f"/tickets/{ticket.number}/reply/", {"body": "Please look.", "then": then})
    ticket.refresh_from_db()
    assert ticket.status == then


def test_a_status_that_does_not_exist_is_refused_and_the_text_kept(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    data = {"body": "Please look.", "then": "closed"}
    response = login(desk.agent).post(f"/tickets/{ticket.number}/reply/", data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "This choice does not exist" in page
    assert "Please look." in page


def test_an_empty_reply_is_refused_beside_the_field(desk: Desk, ticket: Ticket, login: Login) -> None:
    response = login(desk.contact).post(f"/tickets/{ticket.number}/reply/", {"body": "  "})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Write something before you send it." in page
    assert 'aria-describedby="composer-body_error"' in page


def test_a_refused_file_leaves_the_text_in_the_composer(desk: Desk, ticket: Ticket, login: Login) -> None:
    data = {"body": "See the file.", "attachments": SimpleUploadedFile("a.exe", b"MZ")}
    response = login(desk.contact).post(f"/tickets/{ticket.number}/reply/", data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "“a.exe” is of a type that is not taken" in page
    assert "See the file." in page


def test_a_colleague_of_the_requester_may_answer(desk: Desk, ticket: Ticket, login: Login) -> None:
    response = login(desk.contact2).post(f"/tickets/{ticket.number}/reply/", {"body": "It is till 3."})
    assert response.status_code == 303


def test_somebody_of_another_company_finds_no_such_ticket(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.other_contact)
    assert client.get(f"/tickets/{ticket.number}/").status_code == 404
    assert client.get(f"/tickets/{ticket.number}/reply/").status_code == 404
    assert client.post(f"/tickets/{ticket.number}/reply/", {"body": "Let me in"}).status_code == 404


def test_an_agent_of_another_desk_finds_no_such_ticket(
    desk: Desk, ticket: Ticket, other_desk: Desk, login: Login
) -> None:
    client = login(other_desk.agent)
    assert client.post(f"/tickets/{ticket.number}/reply/", {"body": "Let me in"}).status_code == 404


def test_the_customers_answer_takes_a_pending_ticket_back_to_work(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    login(desk.agent).post(f"/tickets/{ticket.number}/reply/", {"body": "Which till?", "then": "pending"})
    login(desk.contact).post(f"/tickets/{ticket.number}/reply/", {"body": "Till 3."})
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_a_closed_ticket_refuses_the_reply_and_keeps_what_was_written(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    response = login(desk.agent).post(f"/tickets/{ticket.number}/reply/", {"body": "One more thing"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "This ticket is closed." in page
    assert "One more thing" in page
    assert not Message.objects.filter(body="One more thing").exists()


def test_markup_of_a_stranger_stays_text(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.contact)
    client.post(
        f"/tickets/{ticket.number}/reply/", {"body": "<script>alert(1)</script> [x](javascript:alert(1))"}
    )
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert "<script>alert(1)" not in page
    assert 'href="javascript:' not in page
    assert "&lt;script&gt;" in page


def test_a_reply_survives_an_ended_session(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.contact)
    client.logout()
    address = f"/tickets/{ticket.number}/reply/"
    response = client.post(address, {"body": "A long and careful answer"})
    assert response.status_code == 302
    client.force_login(desk.contact.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(address).content.decode()
    assert "A long and careful answer" in page
    assert 'id="composer"' in page


def test_a_long_conversation_is_folded_in_the_middle(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.agent)
    for turn in range(30):
        client.post(f"/tickets/{ticket.number}/reply/", {"body": f"Turn number {turn}."})
    folded = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "It worked" in folded, "the first message stays"
    assert "Turn number 29." in folded
    assert "Turn number 2." not in folded
    assert "Show 5 messages between" in folded
    assert "Turn number 2." in client.get(f"/tickets/{ticket.number}/?all").content.decode()
