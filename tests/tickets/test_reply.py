"""Public replies."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MONDAY, PASSWORD, Desk, DeskClient, new_ticket
from tests.forms import ENDED, NO_CHOICE, FormPage, reader
from tests.tickets.bad_files import BAD_FILES
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


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_status_that_does_not_exist_is_refused_and_the_text_kept(
    desk: Desk, ticket: Ticket, language: str
) -> None:
    sent = {"body": "Please look.", "then": "closed"}
    page = FormPage(reader(desk.agent, language).post(f"/tickets/{ticket.number}/reply/", sent))
    assert page.status == 422
    page.says("then", NO_CHOICE[language], language=language)
    page.keeps(sent, but="then")


EMPTY = {"en": "Write something before you send it.", "es": "Escriba algo antes de enviar."}
TOO_LONG = {
    "en": "This is 20002 characters long, 2 too many. The limit is 20000.",
    "es": "Tiene 20002 caracteres, 2 de más. El límite es 20000.",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("typed", "said"), [("", EMPTY), ("  ", EMPTY), ("x" * 20_002, TOO_LONG)])
@pytest.mark.parametrize("who", ["contact", "agent"])
def test_what_is_wrong_with_a_reply_is_said_beside_it(
    desk: Desk, ticket: Ticket, *, who: str, typed: str, said: dict[str, str], language: str
) -> None:
    client = reader(getattr(desk, who), language)
    page = FormPage(client.post(f"/tickets/{ticket.number}/reply/", {"body": typed}))
    assert page.status == 422
    page.says("body", said[language], language=language)
    page.keeps({"body": typed})


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("case", sorted(BAD_FILES))
def test_a_refused_file_leaves_the_text_in_the_composer(
    desk: Desk, ticket: Ticket, case: str, language: str
) -> None:
    files, said = BAD_FILES[case]
    sent = {"body": "See the file.", "then": "pending", "attachments": files()}
    page = FormPage(reader(desk.agent, language).post(f"/tickets/{ticket.number}/reply/", sent))
    assert page.status == 422
    page.says("attachments", said[language], language=language)
    page.keeps(sent)
    assert Message.objects.count() == 1


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


CLOSED = {
    "en": "This ticket is closed. Please file a new one and name its number.",
    "es": "Este ticket está cerrado. Registre uno nuevo y mencione su número.",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("who", ["contact", "agent"])
def test_a_ticket_closed_meanwhile_refuses_the_reply_and_keeps_what_was_written(
    desk: Desk, ticket: Ticket, who: str, language: str
) -> None:
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    sent = {"body": "One more thing"}
    page = FormPage(reader(getattr(desk, who), language).post(f"/tickets/{ticket.number}/reply/", sent))
    assert page.status == 409
    page.says("body", CLOSED[language], language=language)
    page.keeps(sent)
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


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reply_survives_an_ended_session(desk: Desk, ticket: Ticket, language: str) -> None:
    client, address = reader(desk.contact, language), f"/tickets/{ticket.number}/reply/"
    client.get(f"/tickets/{ticket.number}/")
    del client.cookies["sessionid"]
    sent = {"body": "A long and careful answer"}
    response = client.post(address, sent, follow=True)
    assert ENDED[language] in response.content.decode()
    back = {"login": desk.contact.user.email, "password": PASSWORD, "next": f"/t/acme{address}"}
    page = FormPage(client.post("/accounts/login/", back, follow=True))
    assert page.language == language
    page.keeps(sent)


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
