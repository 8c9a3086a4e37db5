"""The customers' list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.services import change_sees
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import add_person, reply_to_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


def test_a_contact_sees_all_tickets_of_the_company_and_no_other(desk: Desk, login: Login) -> None:
    new_ticket(desk, subject="Mine")
    new_ticket(desk, by=desk.contact2, subject="A colleague's")
    new_ticket(desk, by=desk.other_contact, subject="Somebody else's")
    page = login(desk.contact).get("/tickets/").content.decode()
    assert "Mine" in page
    assert "A colleague&#39;s" in page
    assert "Somebody else" not in page
    joined = new_ticket(desk, by=desk.contact2, subject="Carla was added")
    add_person(ticket=joined, person=desk.contact, by=desk.contact2, at=MONDAY)
    mine = login(desk.contact).get("/tickets/?whose=mine").content.decode()
    assert "Mine" in mine
    assert "Carla was added" in mine
    assert "A colleague&#39;s" not in mine
    assert 'value="mine" checked' in mine
    nothing = login(desk.contact).get("/tickets/?whose=mine&show=resolved").content.decode()
    assert "Show theirs too" in nothing
    assert 'href="?show=resolved"' in nothing
    change_sees(membership=desk.contact, sees="own", by=desk.customer_admin, at=MONDAY)
    alone = login(Membership.objects.get(pk=desk.contact.pk)).get("/tickets/").content.decode()
    assert 'name="whose"' not in alone, "there is nothing to leave out"


def test_each_row_says_what_comes_next(desk: Desk, login: Login) -> None:
    promised = new_ticket(desk, subject="Promised")
    waiting = new_ticket(desk, subject="Waiting")
    reply_to_ticket(ticket=waiting, by=desk.agent, body="Which till?", then="pending", at=MONDAY)
    page = login(desk.contact).get("/tickets/").content.decode()
    assert f"ACME-{promised.number}" in page
    assert "Our first reply was due" in page, "Monday is long gone"
    assert "Waits for your answer." in page
    assert "Waiting for you" in page


def test_open_resolved_and_all_are_tabs(desk: Desk, login: Login) -> None:
    new_ticket(desk, subject="Still open")
    resolve_ticket(ticket=new_ticket(desk, subject="Done"), by=desk.agent, at=MONDAY)
    client = login(desk.contact)
    shown = {
        name: client.get(f"/tickets/?show={name}").content.decode() for name in ("open", "resolved", "all")
    }
    assert ["Still open" in shown[name] for name in shown] == [True, False, True]
    assert ["Done" in shown[name] for name in shown] == [False, True, True]


def test_words_and_numbers_are_found_within_the_company(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, subject="The scanner beeps", body="A rare word: xylophone")
    other = new_ticket(desk, by=desk.other_contact, body="xylophone", subject="Secret subject")
    client = login(desk.contact)
    for words in ("xylophone", f"ACME-{ticket.number}", str(ticket.number), "scannr"):
        assert "The scanner beeps" in client.get("/tickets/", {"q": words}).content.decode(), words
    for words in ("xylophone", str(other.number)):
        assert "Secret subject" not in client.get("/tickets/", {"q": words}).content.decode()
    assert "Nothing matches" in client.get("/tickets/", {"q": "\x00%_' OR 1=1"}).content.decode()


def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk, login: Login) -> None:
    for turn in range(45):
        new_ticket(desk, subject=f"Subject {turn}.", at=MONDAY + timedelta(minutes=turn // 4))
    client = login(desk.contact)
    seen: list[int] = []
    address = "/tickets/"
    for _page in range(3):
        response = client.get(address)
        rows = [turn for turn in range(45) if f"Subject {turn}." in response.content.decode()]
        seen += rows
        address = "/tickets/" + _link(response.content.decode(), "next")
    assert sorted(seen) == list(range(45))


def _link(page: str, rel: str) -> str:
    _before, found, rest = page.partition(f'rel="{rel}" href="')
    return rest.partition('"')[0].replace("&amp;", "&") if found else ""


def test_staff_are_led_to_the_queue(desk: Desk, login: Login) -> None:
    assert login(desk.agent).get("/tickets/")["Location"] == "/t/acme/queue/"


def test_an_empty_list_offers_the_one_next_step(desk: Desk, login: Login) -> None:
    page = login(desk.contact).get("/tickets/").content.decode()
    assert "No open tickets" in page
    assert 'href="/t/acme/tickets/new/"' in page


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk, login: Login) -> None:
    client = login(desk.contact)
    counts = []
    for more in (5, 25):
        for turn in range(more):
            new_ticket(desk, by=(desk.contact, desk.contact2)[turn % 2])
        client.get("/tickets/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/tickets/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
