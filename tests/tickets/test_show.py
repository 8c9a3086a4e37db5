"""The page of one ticket, for staff and for its customer."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Ticket
from tickets.services import add_note, assign_ticket, change_priority, reply_to_ticket

Login = Callable[[Any], DeskClient]


def busy_ticket(desk: Desk, turns: int) -> Ticket:
    ticket = new_ticket(desk)
    for turn in range(turns):
        reply_to_ticket(ticket=ticket, by=(desk.agent, desk.contact)[turn % 2], body="Go on", at=MONDAY)
        add_note(ticket=ticket, by=desk.agent2, body="Hm", at=MONDAY)
        priority = ("high", "medium")[turn % 2]
        change_priority(ticket=ticket, priority=priority, by=desk.agent, at=MONDAY)
    return ticket


def test_staff_see_clocks_plan_limits_and_exclusions(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, priority="critical")
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    for words in (
        "First response",
        "Resolution",
        "How this deadline came about",
        "Gold",
        "Office hours",
        "Support makes no changes to data.",
        "Your own hardware",
        "Covered",
        "contact@acme.example",
    ):
        assert words in page


def test_a_contact_sees_the_promise_but_nothing_of_the_desk(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, priority="critical")
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    page = login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    assert "first reply was due" in page
    for words in (
        "Sara Supervisor",
        "assigned it",
        "Internal note",
        "Support makes no changes",
        "agent@acme",
    ):
        assert words not in page


def test_many_changes_in_a_row_are_folded(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    for priority in ("high", "low", "critical", "medium"):
        change_priority(ticket=ticket, priority=priority, by=desk.agent, at=MONDAY)
    assert "3 changes" in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()


def test_a_customer_without_a_contract_has_no_promise_and_the_page_says_so(desk: Desk, login: Login) -> None:
    desk.contract.delete()
    ticket = new_ticket(desk)
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Nothing is promised for this ticket" in page


def test_a_number_that_is_not_there_is_not_found(desk: Desk, login: Login) -> None:
    for number in (1, 999_999, 10**20):
        assert login(desk.agent).get(f"/tickets/{number}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_conversation(
    desk: Desk, login: Login, settings: Any
) -> None:
    settings.SITE_HOSTS = ["testserver"]  # by "*" a host costs a question more: is it a desk's own?
    for who, most in ((desk.agent, 12), (desk.contact, 12)):
        client = login(who)
        counts = []
        for turns in (1, 4, 20):
            ticket = busy_ticket(desk, turns)
            client.get(f"/tickets/{ticket.number}/")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/tickets/{ticket.number}/").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] == counts[2] <= most


def test_of_many_clocks_the_ended_ones_stand_whole_on_a_page_of_their_own(desk: Desk, login: Login) -> None:
    client, counts = login(desk.agent), []
    for turns in (10, 20):
        address = f"/tickets/{busy_ticket(desk, turns).number}/"
        page = client.get(address).content.decode()
        assert f'href="/t/acme{address}clocks/"' in page
        assert page.count('class="receipt-words"') < 3
        with CaptureQueriesContext(connection) as queries:
            clocks = client.get(f"{address}clocks/").content.decode()
        assert clocks.count('class="receipt-words"') > turns // 3
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_works_in_spanish(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    desk.agent.user.language = "es"
    desk.agent.user.save()
    assert '<html lang="es"' in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
