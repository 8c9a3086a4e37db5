"""Replies and notes through the API."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.callers import Callers
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import Message, Ticket
from tickets.services import close_ticket, resolve_ticket


def test_agent_replies_and_takes_the_ticket(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.agent).post(
        f"tickets/{ticket.number}/reply/", {"body": "Which paper?", "then": "pending"}
    )
    assert response.status_code == 201
    assert response.json()["author"] == {"id": desk.agent.pk, "name": "Ali Agent", "is_staff": True}
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("pending", desk.agent)


def test_contact_replies_to_a_pending_ticket(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    caller(desk.agent).post(f"tickets/{ticket.number}/reply/", {"body": "Which?", "then": "pending"})
    assert caller(desk.contact2).post(f"tickets/{ticket.number}/reply/", {"body": "This"}).status_code == 201
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_contact_cannot_set_a_status_with_it(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.contact).post(f"tickets/{ticket.number}/reply/", {"body": "x", "then": "resolved"})
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert Message.objects.count() == 1


@pytest.mark.parametrize("then", ["closed", "new", "nonsense", None, 3])
def test_reply_cannot_set_any_status(desk: Desk, caller: Callers, then: object) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.agent).post(f"tickets/{ticket.number}/reply/", {"body": "x", "then": then})
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/then"


def test_closed_ticket_takes_no_reply(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    for person in (desk.agent, desk.contact):
        response = caller(person).post(f"tickets/{ticket.number}/reply/", {"body": "And yet"})
        assert (response.status_code, response.json()["code"]) == (409, "ticket_closed")
    assert "note" in caller(desk.agent).get(f"tickets/{ticket.number}/").json()["actions"]


def test_reply_takes_files(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.contact).post(
        f"tickets/{ticket.number}/reply/",
        {"body": "See", "files": [SimpleUploadedFile("screen.png", b"png")]},
        format="multipart",
    )
    attachment = response.json()["attachments"][0]
    assert attachment["name"] == "screen.png"
    assert caller(desk.agent).get(attachment["url"]).status_code == 200


def test_note_is_by_staff_for_staff(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.agent).post(f"tickets/{ticket.number}/note/", {"body": "He is *angry*"})
    assert (response.status_code, response.json()["kind"]) == (201, "note")
    assert b"angry" not in caller(desk.contact).get(f"tickets/{ticket.number}/").content
    assert caller(desk.contact).get("tickets/?q=angry").json()["results"] == []
    assert len(caller(desk.agent2).get("tickets/?q=angry").json()["results"]) == 1


def test_contact_writes_no_note(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.contact).post(f"tickets/{ticket.number}/note/", {"body": "x"})
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert not Message.objects.filter(kind="note").exists()


def test_empty_reply_is_refused(desk: Desk, caller: Callers) -> None:
    ticket: Ticket = new_ticket(desk)
    several: list[Any] = [{}, {"body": " \n"}, {"body": None}, []]
    for sent in several:
        assert caller(desk.agent).post(f"tickets/{ticket.number}/reply/", sent).status_code == 400
    assert Message.objects.count() == 1
