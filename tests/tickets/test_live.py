"""The conversation goes on by itself: what is new, and who is writing."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import add_note, change_privacy, reply_to_ticket

Login = Callable[[Any], DeskClient]


def test_a_page_gets_what_is_new_and_nothing_while_nothing_is(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    address, client = f"/tickets/{ticket.number}/live/", login(desk.contact)
    assert address in client.get(f"/tickets/{ticket.number}/").content.decode()
    first = client.get(address)
    assert first.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(queries) <= 7, "session, person and desk, the ticket, its last event"
    add_note(ticket=ticket, by=desk.agent, body="Between us", at=MONDAY)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    reply_to_ticket(ticket=ticket, by=desk.agent, body="We look into it", at=MONDAY)
    news = client.get(address, headers={"If-None-Match": first["ETag"]})
    page = news.content.decode()
    assert "We look into it" in page
    assert "In progress" in page
    assert "Between us" not in page
    assert "Between us" in login(desk.agent2).get(address).content.decode()


def test_each_side_is_told_that_the_other_is_writing(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    address, client, agent = f"/tickets/{ticket.number}/", login(desk.contact), login(desk.agent)
    assert agent.post(address + "writing/").status_code == 204
    assert "Ali Agent of support is writing" in client.get(address + "live/").content.decode()
    assert "is writing" not in agent.get(address + "live/").content.decode(), "not of oneself"
    client.post(address + "writing/")
    assert "Carla Contact is writing" in agent.get(address + "live/").content.decode()
    agent.post(address + "reply/", {"body": "There"})
    assert "is writing" not in client.get(address + "live/").content.decode(), "it was sent"


def test_who_may_not_see_the_ticket_hears_nothing_of_it(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    change_privacy(ticket=ticket, private=True, by=desk.contact, at=MONDAY)
    for who in (desk.contact2, desk.other_contact):
        assert login(who).get(f"/tickets/{ticket.number}/live/").status_code == 404
        assert login(who).post(f"/tickets/{ticket.number}/writing/").status_code == 404
