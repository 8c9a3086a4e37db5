"""A form that is sent twice, by a double click or an impatient reload, does its work once."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.tenancy import tenant_scope
from tests.factories import MONDAY, Desk, DeskClient, browser_of, build_desk, new_ticket
from tickets.models import Attachment, Message, Ticket
from tickets.services import close_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


def key_on(page: Any) -> str:
    found = re.search(r'name="submission" value="([0-9a-f-]{36})"', page.content.decode())
    assert found
    return found.group(1)


def filing(desk: Desk, key: str, **changes: Any) -> dict[str, Any]:
    values = {"subject": "No paper", "body": "Since Monday.", "category": desk.category.pk, "priority": "low"}
    return values | {"submission": key} | changes


def test_every_page_has_a_key_of_its_own(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    for person in (desk.contact, desk.agent):
        for path in ("/tickets/new/", f"/tickets/{ticket.number}/"):
            client = login(person)
            assert key_on(client.get(path)) != key_on(client.get(path))


@pytest.mark.parametrize("who", ["contact", "agent"])
def test_a_ticket_that_is_sent_twice_is_filed_once(desk: Desk, login: Login, who: str) -> None:
    client = login(getattr(desk, who))
    more = {"requester": desk.contact.pk} if who == "agent" else {}
    data = filing(desk, key_on(client.get("/tickets/new/")), **more)
    first, second = (client.post("/tickets/new/", data) for _time in range(2))
    ticket = Ticket.objects.get()
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"] == f"/t/acme/tickets/{ticket.number}/"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("mode", ["reply", "note"])
def test_a_message_that_is_sent_twice_is_written_once(desk: Desk, login: Login, mode: str) -> None:
    ticket, client = new_ticket(desk), login(desk.agent)
    key = key_on(client.get(f"/tickets/{ticket.number}/"))
    answers = []
    for _time in range(2):
        file = SimpleUploadedFile("a.txt", b"one")
        data = {"body": "Look at it.", "submission": key, "attachments": file}
        answers.append(client.post(f"/tickets/{ticket.number}/{mode}/", data))
    message = Message.objects.get(body="Look at it.")
    assert {answer.status_code for answer in answers} == {303}
    assert {answer["Location"] for answer in answers} == {f"/t/acme/tickets/{ticket.number}/#m{message.pk}"}
    assert Attachment.objects.count() == 1


def test_the_key_outlives_a_refusal(desk: Desk, login: Login) -> None:
    ticket, client, key = new_ticket(desk), login(desk.contact), str(uuid4())
    refused = client.post("/tickets/new/", filing(desk, key, subject=""))
    assert (refused.status_code, key_on(refused)) == (422, key)
    refused = client.post(f"/tickets/{ticket.number}/reply/", {"body": " ", "submission": key})
    assert (refused.status_code, key_on(refused)) == (422, key)
    for _time in range(2):
        assert client.post("/tickets/new/", filing(desk, key)).status_code == 303
    assert Ticket.objects.filter(subject="No paper").count() == 1


def test_something_else_sent_from_the_same_page_is_not_lost(desk: Desk, login: Login) -> None:
    ticket, client, key = new_ticket(desk), login(desk.contact), str(uuid4())
    for body in ("It is till 3.", "It is till 4."):
        data = {"body": body, "submission": key}
        assert client.post(f"/tickets/{ticket.number}/reply/", data).status_code == 303
    assert Message.objects.filter(body__startswith="It is till").count() == 2


def test_keys_of_one_person_say_nothing_about_another(desk: Desk, login: Login) -> None:
    key = str(uuid4())
    for person in (desk.contact, desk.contact2, desk.other_contact):
        assert login(person).post("/tickets/new/", filing(desk, key)).status_code == 303
    assert Ticket.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x", "9" * 400])
def test_a_form_without_a_proper_key_is_taken_all_the_same(desk: Desk, login: Login, key: str) -> None:
    client = login(desk.contact)
    for _time in range(2):
        assert client.post("/tickets/new/", filing(desk, key)).status_code == 303
    assert Ticket.objects.count() == 2


def test_a_second_sending_finds_the_first_also_on_a_ticket_that_is_closed_by_then(
    desk: Desk, login: Login
) -> None:
    ticket, client, data = new_ticket(desk), login(desk.contact), {"body": "Once.", "submission": uuid4()}
    first = client.post(f"/tickets/{ticket.number}/reply/", data)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    assert client.post(f"/tickets/{ticket.number}/reply/", data)["Location"] == first["Location"]


@pytest.fixture
def real_desk(transactional_db: None) -> Iterator[Desk]:
    """The cast in a database whose transactions are real, for two that come at once."""
    built = build_desk("acme")
    with tenant_scope(built.tenant.pk):
        yield built


@pytest.mark.parametrize("path", ["/tickets/new/", "/tickets/1001/reply/"])
def test_of_two_that_come_at_once_one_does_the_work(real_desk: Desk, path: str) -> None:
    new_ticket(real_desk)
    data, both = filing(real_desk, str(uuid4())), Barrier(4)

    def send(client: DeskClient) -> str:
        try:
            both.wait()
            return str(client.post(path, data)["Location"])
        finally:
            connection.close()

    clients = [browser_of(real_desk.contact) for _time in range(4)]
    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(send, clients))
    assert len(places) == 1
    assert Message.objects.filter(body="Since Monday.").count() == 1
    assert Ticket.objects.filter(subject="No paper").count() == (1 if "new" in path else 0)
