"""Lists of tickets: what is in them, in which order, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.callers import ApiCaller, Callers
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import DueState, Ticket
from tickets.services import assign_ticket, change_status, reply_to_ticket, resolve_ticket


def numbers(client: ApiCaller, **query: Any) -> list[int]:
    response = client.get(f"tickets/?{urlencode(query, doseq=True)}")
    assert response.status_code == 200, response.content
    return [ticket["number"] for ticket in response.json()["results"]]


def walk(client: ApiCaller, address: str) -> list[int]:
    """Every page from that on."""
    found: list[int] = []
    while address:
        page = client.get(address).json()
        found += [ticket["number"] for ticket in page["results"]]
        address = page["next"]
    return found


def some(desk: Desk, count: int = 7) -> list[Ticket]:
    """Tickets due in this order, of which two share an instant and the last two have none."""
    tickets = [new_ticket(desk, subject=f"Ticket {n}") for n in range(count)]
    for place, ticket in enumerate(tickets):
        due = None if place >= count - 2 else MONDAY + timedelta(hours=max(place, 1))
        state = DueState.NONE if due is None else DueState.RUNNING
        Ticket.objects.filter(pk=ticket.pk).update(due_at=due, at_risk_at=due, due_state=state)
    return tickets


def test_queue_order_has_what_falls_due_first(desk: Desk, caller: Callers) -> None:
    tickets = some(desk)
    assert numbers(caller(desk.agent)) == [ticket.number for ticket in tickets]


@pytest.mark.parametrize("order", ["due", "newest", "updated"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_show_each_row_once(desk: Desk, caller: Callers, order: str, limit: int) -> None:
    some(desk)
    client = caller(desk.agent)
    found = walk(client, f"tickets/?order={order}&limit={limit}")
    assert found == numbers(client, order=order)
    assert len(set(found)) == 7


def test_newest_first(desk: Desk, caller: Callers) -> None:
    tickets = some(desk, 3)
    assert numbers(caller(desk.agent), order="newest") == [t.number for t in reversed(tickets)]


@pytest.mark.parametrize("order", ["due", "newest"])
def test_rows_that_come_meanwhile_shift_nothing(desk: Desk, caller: Callers, order: str) -> None:
    client, tickets = caller(desk.agent), some(desk)
    page = client.get(f"tickets/?order={order}&limit=3").json()
    newcomer = new_ticket(desk)
    Ticket.objects.filter(pk=newcomer.pk).update(due_at=MONDAY - timedelta(days=1))
    seen = [t["number"] for t in page["results"]] + walk(client, page["next"])
    assert sorted(seen) == [t.number for t in tickets]


def test_what_changes_while_copying_is_read_again(desk: Desk, caller: Callers) -> None:
    client, tickets = caller(desk.agent), some(desk, 4)
    page = client.get("tickets/?order=updated&limit=2&updated_since=2026-03-01T00:00:00Z").json()
    reply_to_ticket(ticket=tickets[0], by=desk.agent, body="x", at=MONDAY + timedelta(days=1))
    rest = client.get(page["next"]).json()
    assert [t["number"] for t in rest["results"]] == [tickets[2].number, tickets[3].number]
    since = numbers(client, order="updated", updated_since=(MONDAY + timedelta(hours=1)).isoformat())
    assert since == [tickets[0].number]


@pytest.mark.parametrize("cursor", ["x", "a.1.2", "eyJh", "é", "." * 30])
def test_cursor_that_was_not_given_out_is_refused(desk: Desk, caller: Callers, cursor: str) -> None:
    response = caller(desk.agent).get(f"tickets/?{urlencode({'cursor': cursor})}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "cursor"


def test_cursor_of_another_order_is_refused(desk: Desk, caller: Callers) -> None:
    some(desk)
    client = caller(desk.agent)
    following = client.get("tickets/?order=newest&limit=1").json()["next"]
    assert client.get(following.replace("order=newest", "order=due")).status_code == 400


def test_cursor_of_staff_shows_a_contact_nothing_more(desk: Desk, caller: Callers) -> None:
    new_ticket(desk)
    theirs = new_ticket(desk, by=desk.other_contact)
    following = caller(desk.agent).get("tickets/?order=newest&limit=1").json()["next"]
    assert [t["number"] for t in caller(desk.other_contact).get(following).json()["results"]] == []
    assert numbers(caller(desk.other_contact)) == [theirs.number]


def test_filters(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    first, second = new_ticket(desk, priority="high"), new_ticket(desk, by=desk.other_contact)
    third = new_ticket(desk, subject="Invoice has the wrong address", priority="low")
    assign_ticket(ticket=first, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    change_status(ticket=second, status="on_hold", by=desk.agent, at=MONDAY)
    resolve_ticket(ticket=third, by=desk.agent, at=MONDAY)
    cases: list[tuple[dict[str, Any], set[Ticket]]] = [
        ({}, {first, second, third}),
        ({"view": "mine"}, {first}),
        ({"view": "unassigned"}, {second, third}),
        ({"status": "unresolved"}, {first, second}),
        ({"status": ["on_hold", "resolved"]}, {second, third}),
        ({"priority": ["high", "low"]}, {first, third}),
        ({"assignee": "me"}, {first}),
        ({"assignee": "none", "status": "unresolved"}, {second}),
        ({"assignee": desk.agent.pk}, {first}),
        ({"assignee": desk.agent2.pk}, set()),
        ({"customer": desk.other_customer.pk}, {second}),
        ({"customer": 2**62}, set()),
        ({"category": desk.category.pk}, {first, second, third}),
        ({"q": "invoice"}, {third}),
        ({"q": f"ACME-{first.number}"}, {first}),
        ({"updated_since": "2027-01-01T00:00:00Z"}, set()),
    ]
    for query, wanted in cases:
        assert set(numbers(client, **query)) == {t.number for t in wanted}, query


def test_views_by_deadline(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    late, risky, early = (new_ticket(desk) for _ in range(3))
    year = timedelta(days=365)
    now = datetime.now(UTC)
    for ticket, risk, due in ((late, -year, -year), (risky, -year, year), (early, year, year)):
        Ticket.objects.filter(pk=ticket.pk).update(
            at_risk_at=now + risk, due_at=now + due, due_state=DueState.RUNNING
        )
    assert numbers(client, view="breached") == [late.number]
    assert numbers(client, view="at_risk") == [risky.number]
    assert numbers(client, due_before=now.isoformat()) == [late.number]
    shown = client.get("tickets/?view=breached").json()["results"][0]["due"]
    assert (shown["is_breached"], shown["is_at_risk"]) == (True, False)


def test_mine_of_a_contact_is_what_it_asked_for(desk: Desk, caller: Callers) -> None:
    mine, colleagues = new_ticket(desk), new_ticket(desk, by=desk.contact2)
    client = caller(desk.contact)
    assert numbers(client, view="mine") == [mine.number]
    assert set(numbers(client)) == {mine.number, colleagues.number}
    assert numbers(client, customer=desk.other_customer.pk) == []


@pytest.mark.parametrize(
    "query",
    [
        "status=lost", "view=x", "order=x", "assignee=you", "assignee=0", "customer=0", "customer=x",
        f"customer={2**63}", "limit=0", "limit=101", "due_before=soon", "q=%00", "stauts=new", "priority=",
    ],
)  # fmt: skip
def test_parameter_that_is_not_understood_is_named(desk: Desk, caller: Callers, query: str) -> None:
    response = caller(desk.agent).get(f"tickets/?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "path", ["tickets/", "tickets/?q=till", "people/", "customers/", "plans/", "calendars/"]
)
def test_queries_do_not_grow_with_the_rows(desk: Desk, caller: Callers, path: str) -> None:
    client = caller(desk.agent)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    new_ticket(desk)
    count()
    before = count()
    more_rows(desk)
    assert count() == before
    assert before <= 10


def more_rows(desk: Desk) -> None:
    from accounts.services import create_customer
    from sla.services import create_calendar, create_plan
    from tests.factories import FOUNDED, KARACHI, add_person, standard_targets

    for number in range(4):
        customer = create_customer(tenant_id=desk.tenant.pk, name=f"Customer {number}", at=FOUNDED)
        person = add_person(desk.owner, f"p{number}@acme.example", f"P {number}", "member", customer)
        ticket = new_ticket(desk, by=person)
        assign_ticket(ticket=ticket, assignee=desk.agent2, by=desk.agent, at=MONDAY)
        calendar = create_calendar(tenant_id=desk.tenant.pk, name=f"C {number}", spec=KARACHI, at=FOUNDED)
        create_plan(
            tenant_id=desk.tenant.pk,
            name=f"Plan {number}",
            calendar=calendar,
            targets=standard_targets(),
            at=FOUNDED,
        )
