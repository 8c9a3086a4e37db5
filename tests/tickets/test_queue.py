"""The agents' queue."""

import base64
import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Ticket
from tickets.services import add_note, assign_ticket, reply_to_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="row-link" href="/t/acme/tickets/(\d+)/"', page)]


def link(page: str, rel: str) -> str:
    _before, found, rest = page.partition(f'rel="{rel}" href="')
    return rest.partition('"')[0].replace("&amp;", "&") if found else ""


def test_what_falls_due_first_stands_first_and_no_promise_last(desk: Desk, login: Login) -> None:
    low = new_ticket(desk, priority="low")
    critical = new_ticket(desk, priority="critical")
    none = new_ticket(desk, priority="medium")
    Ticket.objects.filter(pk=none.pk).update(due_at=None, due_state="none")
    high = new_ticket(desk, priority="high")
    page = login(desk.agent).get("/queue/").content.decode()
    assert numbers(page) == [ticket.number for ticket in (critical, high, low, none)]


def test_an_agent_orders_by_age_or_by_the_last_change(desk: Desk, login: Login) -> None:
    for minute, (subject, priority) in enumerate((("Old", "critical"), ("Middle", "low"), ("Young", "high"))):
        new_ticket(desk, subject=subject, priority=priority, at=MONDAY + timedelta(minutes=minute))
    middle = Ticket.objects.get(subject="Middle")
    add_note(ticket=middle, by=desk.agent, body="Odd", at=MONDAY + timedelta(minutes=9))
    client = login(desk.agent)
    wanted = {
        "": ["Old", "Young", "Middle"],
        "newest": ["Young", "Middle", "Old"],
        "changed": ["Middle", "Young", "Old"],
        "x": ["Old", "Young", "Middle"],
    }
    for order, subjects in wanted.items():
        page = client.get(f"/queue/?order={order}").content.decode()
        assert re.findall(r'class="row-link"[^>]*>(\w+)<', page) == subjects, order
    assert "Clear" not in client.get("/queue/?order=newest").content.decode(), "an order hides nothing"


def test_each_row_says_reference_customer_requester_status_priority_assignee_and_due(
    desk: Desk, login: Login
) -> None:
    ticket = new_ticket(desk, priority="critical")
    assign_ticket(ticket=ticket, assignee=desk.agent2, by=desk.agent, at=MONDAY)
    page = login(desk.agent).get("/queue/").content.decode()
    for words in ("ACME-1001", "Bright Bakery", "Carla Contact", "Critical", "New", "Bea Agent", "breached"):
        assert words in page


def test_the_views_of_the_rail_have_their_counts(desk: Desk, login: Login) -> None:
    now = timezone.now()
    mine, at_risk, breached = (new_ticket(desk, at=now) for _turn in range(3))
    assign_ticket(ticket=mine, assignee=desk.agent, by=desk.agent, at=now)
    soon, ago = now + timedelta(hours=1), now - timedelta(hours=1)
    Ticket.objects.filter(pk=mine.pk).update(due_at=soon, at_risk_at=soon)
    Ticket.objects.filter(pk=at_risk.pk).update(due_at=soon, at_risk_at=ago)
    Ticket.objects.filter(pk=breached.pk).update(due_at=ago, at_risk_at=ago)
    client = login(desk.agent)
    views = {
        "all": {mine, at_risk, breached},
        "mine": {mine},
        "unassigned": {at_risk, breached},
        "at_risk": {at_risk},
        "breached": {breached},
        "resolved": set(),
        "nonsense": {mine, at_risk, breached},
    }
    for view, expected in views.items():
        page = client.get(f"/queue/?view={view}").content.decode()
        assert set(numbers(page)) == {ticket.number for ticket in expected}, view
    page = client.get("/queue/").content.decode()
    assert re.findall(r'class="count[^"]*">(\d+)<', page)[:5] == ["3", "1", "2", "1", "1"]


def test_recently_resolved_shows_the_latest_first(desk: Desk, login: Login) -> None:
    first, second = new_ticket(desk), new_ticket(desk)
    resolve_ticket(ticket=first, by=desk.agent, at=MONDAY + timedelta(hours=2))
    resolve_ticket(ticket=second, by=desk.agent, at=MONDAY + timedelta(hours=1))
    assert numbers(login(desk.agent).get("/queue/?view=resolved").content.decode()) == [
        first.number,
        second.number,
    ]


def test_filters_narrow_the_list(desk: Desk, login: Login) -> None:
    one = new_ticket(desk, priority="high")
    two = new_ticket(desk, by=desk.other_contact, priority="low")
    assign_ticket(ticket=two, assignee=desk.agent2, by=desk.agent, at=MONDAY)
    reply_to_ticket(ticket=two, by=desk.agent2, body="Which one?", then="pending", at=MONDAY)
    client = login(desk.agent)
    cases: list[tuple[dict[str, Any], list[Ticket]]] = [
        ({"priority": "high"}, [one]),
        ({"status": "pending"}, [two]),
        ({"assignee": desk.agent2.pk}, [two]),
        ({"assignee": "none"}, [one]),
        ({"customer": desk.customer.pk}, [one]),
        ({"category": desk.category.pk, "priority": "low"}, [two]),
        ({"customer": desk.customer.pk, "priority": "low"}, []),
    ]
    for query, expected in cases:
        page = client.get("/queue/", query).content.decode()
        assert numbers(page) == [ticket.number for ticket in expected], query


def test_a_forged_filter_is_said_and_not_applied(desk: Desk, other_desk: Desk, login: Login) -> None:
    new_ticket(desk)
    forged: list[dict[str, Any]] = [
        {"customer": other_desk.customer.pk},
        {"assignee": desk.contact.pk},
        {"category": "x' OR 1=1"},
        {"priority": "urgent"},
        {"status": "\x00"},
    ]
    for query in forged:
        page = login(desk.agent).get("/queue/", query).content.decode()
        assert "This choice does not exist" in page, query
        assert numbers(page) == [1001]


def test_a_reference_leads_straight_to_its_ticket(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    client = login(desk.agent)
    for words in (
        f"ACME-{ticket.number}",
        f"acme-{ticket.number}",
        f" #{ticket.number} ",
        str(ticket.number),
    ):
        response = client.get("/queue/", {"q": words})
        assert (response.status_code, response["Location"]) == (302, f"/t/acme/tickets/{ticket.number}/")
    assert client.get("/queue/", {"q": "ACME-9999"}).status_code == 200


def test_a_reference_typed_into_the_filter_leads_out_of_the_list(desk: Desk, login: Login) -> None:
    new_ticket(desk)
    headers = {"HX-Request": "true", "HX-Target": "queue-list"}
    answer = login(desk.agent).get("/queue/?q=1001", headers=headers)
    assert answer["HX-Redirect"] == "/t/acme/tickets/1001/", "the ticket's page does not fit into the list"


def test_words_are_found_in_subject_reply_and_note_and_misspelt(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, subject="The scanner beeps", body="A rare word: xylophone")
    new_ticket(desk, subject="Something else")
    client = login(desk.agent)
    for words in ("scanner", "xylophone", "scannr"):
        assert numbers(client.get("/queue/", {"q": words}).content.decode()) == [ticket.number], words
    for words in ("'; DROP TABLE tickets_ticket; --", "\x00", "%", "(((", "a" * 300):
        assert client.get("/queue/", {"q": words}).status_code == 200


def test_pages_follow_each_other_also_where_nothing_is_promised(desk: Desk, login: Login) -> None:
    for turn in range(70):
        new_ticket(desk, at=MONDAY + timedelta(minutes=turn // 3))
    bare = Ticket.objects.order_by("pk").values_list("pk", flat=True)[25:60]
    Ticket.objects.filter(pk__in=list(bare)).update(due_at=None, due_state="none")
    client = login(desk.agent)
    pages = [client.get("/queue/").content.decode()]
    while link(pages[-1], "next"):
        pages.append(client.get("/queue/" + link(pages[-1], "next")).content.decode())
    forward = [numbers(page) for page in pages]
    assert [len(page) for page in forward] == [25, 25, 20]
    assert sorted(number for page in forward for number in page) == list(range(1001, 1071))
    back = [forward[-1]]
    page = pages[-1]
    while link(page, "prev"):
        page = client.get("/queue/" + link(page, "prev")).content.decode()
        back.insert(0, numbers(page))
    assert back == forward


@pytest.mark.parametrize("order", ["", "newest", "changed"])
def test_a_cursor_that_leads_nowhere_shows_the_first_page(desk: Desk, login: Login, order: str) -> None:
    new_ticket(desk)
    client = login(desk.agent)
    others = ([False, 5], [False, 5, 5], [False, "x", 5], [False, "\0", 5], [False, "x"], [True, 10**30])
    cursors = ["x", "a.1.1.1", "a.-.99999999999999999999", "b.-.0", "a.99999999999999999.5", "a.-.5"]
    cursors += [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in others]
    for cursor in cursors:
        page = client.get("/queue/", {"cursor": cursor, "order": order}).content.decode()
        assert numbers(page) == [1001], cursor
    named = base64.urlsafe_b64encode(json.dumps([False, "\0", 1]).encode()).decode().rstrip("=")
    assert login(desk.admin).get("/console/customers/", {"cursor": named}).status_code == 200


def test_htmx_gets_the_list_alone(desk: Desk, login: Login) -> None:
    new_ticket(desk)
    client = login(desk.agent)
    response = client.get("/queue/", headers={"HX-Request": "true", "HX-Target": "queue-list"})
    page = response.content.decode()
    assert page.lstrip().startswith('<section id="queue-list"')
    assert "<html" not in page
    assert "HX-Target" in response["Vary"]


def test_an_empty_queue_is_a_reward_and_an_empty_filter_says_the_way_out(desk: Desk, login: Login) -> None:
    client = login(desk.agent)
    assert "Every ticket is resolved." in client.get("/queue/").content.decode()
    assert "Your desk is clear" in client.get("/queue/?view=mine").content.decode()
    assert "No promise is broken" in client.get("/queue/?view=breached").content.decode()
    assert "Clear the filters" in client.get("/queue/?priority=low").content.decode()


def test_contacts_have_no_queue(desk: Desk, login: Login) -> None:
    assert login(desk.contact).get("/queue/").status_code == 403


def test_tickets_of_another_desk_never_show(desk: Desk, other_desk: Desk, login: Login) -> None:
    new_ticket(desk, subject="Only ours")
    assert "Only ours" not in login(other_desk.agent).get("/queue/").content.decode()


@pytest.mark.parametrize("address", ["/queue/", "/queue/?q=till", "/queue/?view=resolved&priority=low"])
def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk, login: Login, address: str) -> None:
    client = login(desk.agent)
    counts = []
    for more in (5, 25):
        for turn in range(more):
            ticket = new_ticket(desk, by=(desk.contact, desk.other_contact)[turn % 2], priority="low")
            if "resolved" in address:
                resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert numbers(client.get(address).content.decode())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_full_page_is_light(desk: Desk, login: Login) -> None:
    for turn in range(26):
        new_ticket(desk, subject=f"The {turn}th till of the shop in the main street does not print receipts")
    page = login(desk.agent).get("/queue/").content
    assert len(numbers(page.decode())) == 25
    assert len(page) < 60_000
    assert len(gzip.compress(page)) < 15_000
