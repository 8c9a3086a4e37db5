"""Category, due time by hand, merge and split through the API."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from sla.models import Clock
from tests.api.callers import Callers
from tests.factories import Desk, new_ticket
from tickets.models import Ticket
from tickets.services import merge_tickets, reply_to_ticket, set_due
from tickets.services.categories import create_category

FAR = datetime(2031, 3, 6, 13, 0, tzinfo=UTC)
DUE = {"metric": "resolution", "due_at": "2031-03-06T13:00:00Z", "reason": "Agreed with Carla."}
STAFFS: dict[str, dict[str, Any]] = {
    "category": {"category": 1},
    "due": DUE,
    "due/clear": {"metric": "resolution"},
    "merge": {"into": 1001},
    "split": {"message": 1, "subject": "Scanner"},
}


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, priority="critical", at=timezone.now())


def test_category_changes_unless_somebody_was_first(desk: Desk, ticket: Ticket, caller: Callers) -> None:
    client, path = caller(desk.agent), f"tickets/{ticket.number}/category/"
    outage = create_category(tenant_id=desk.tenant.pk, name="Outage", is_outage=True)
    answer = client.post(path, {"category": outage.pk, "seen": desk.category.pk}).json()
    assert answer["category"] == {"id": outage.pk, "name": "Outage"}
    response = client.post(path, {"category": desk.category.pk, "seen": desk.category.pk})
    assert (response.status_code, response.json()["current"]) == (409, "Outage")


def test_due_time_is_set_and_cleared(desk: Desk, ticket: Ticket, caller: Callers) -> None:
    client, path = caller(desk.agent), f"tickets/{ticket.number}/due/"
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    reckoned = clock.due_at
    assert client.post(path, DUE | {"seen": None}).status_code == 200
    clock.refresh_from_db()
    assert clock.due_at == FAR
    assert client.post(path, DUE | {"reason": "Another", "seen": None}).json()["code"] == "edited_meanwhile"
    cleared = client.post(f"{path}clear/", {"metric": "resolution", "seen": DUE["due_at"]})
    assert cleared.status_code == 200
    clock.refresh_from_db()
    assert clock.due_at == reckoned


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"due_at": "2026-01-01T00:00:00Z"}, "/due_at"), ({"metric": "next_response"}, "/metric")],
)
def test_due_time_that_makes_no_sense_is_refused_at_its_field(
    desk: Desk, caller: Callers, changes: dict[str, str], pointer: str
) -> None:
    number = new_ticket(desk, at=timezone.now()).number
    response = caller(desk.agent).post(f"tickets/{number}/due/", DUE | changes)
    assert (response.status_code, response.json()["code"]) == (422, "refused_due")
    assert response.json()["errors"][0]["pointer"] == pointer


def test_merged_ticket_names_its_survivor_and_refuses_replies(
    desk: Desk, ticket: Ticket, caller: Callers
) -> None:
    survivor, client = new_ticket(desk), caller(desk.agent)
    answer = client.post(f"tickets/{ticket.number}/merge/", {"into": survivor.number}).json()
    assert (answer["status"], answer["merged_into"]) == ("closed", survivor.number)
    response = caller(desk.contact).post(f"tickets/{ticket.number}/reply/", {"body": "Hello?"})
    assert (response.status_code, response.json()["code"]) == (409, "ticket_merged")
    assert response.json()["merged_into"] == survivor.number
    again = client.post(f"tickets/{new_ticket(desk).number}/merge/", {"into": ticket.number})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_merge")


def test_merging_into_what_the_caller_does_not_see(
    desk: Desk, ticket: Ticket, other_desk: Desk, caller: Callers
) -> None:
    response = caller(desk.agent).post(f"tickets/{ticket.number}/merge/", {"into": 4711})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/into")


def test_message_is_split_off(desk: Desk, ticket: Ticket, caller: Callers) -> None:
    asked = reply_to_ticket(ticket=ticket, by=desk.contact, body="And the scanner?", at=timezone.now())
    client, path = caller(desk.agent), f"tickets/{ticket.number}/split/"
    response = client.post(path, {"message": asked.pk, "subject": "Scanner"})
    split = response.json()
    assert (response.status_code, response["Location"]) == (201, split["url"])
    assert (split["subject"], split["messages"][0]["body"]) == ("Scanner", "And the scanner?")
    again = client.post(path, {"message": asked.pk, "subject": "Scanner"})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_split")
    assert client.post(path, {"message": 2**40, "subject": "Scanner"}).status_code == 404


@pytest.mark.parametrize("verb", STAFFS)
def test_contact_does_none_of_it(desk: Desk, caller: Callers, verb: str) -> None:
    number = new_ticket(desk).number
    response = caller(desk.customer_admin).post(f"tickets/{number}/{verb}/", STAFFS[verb])
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("verb", ["category", "due", "due/clear", "split"])
def test_merged_ticket_stays_as_it_is(desk: Desk, caller: Callers, verb: str) -> None:
    now = timezone.now()
    ticket, survivor = new_ticket(desk, at=now), new_ticket(desk, at=now)
    asked = reply_to_ticket(ticket=ticket, by=desk.contact, body="Hello?", at=now)
    merge_tickets(ticket=ticket, into=survivor, by=desk.agent, at=now)
    sent = STAFFS[verb] | {"category": {"category": desk.category.pk}, "split": {"message": asked.pk}}.get(
        verb, {}
    )
    response = caller(desk.agent).post(f"tickets/{ticket.number}/{verb}/", sent)
    assert (response.status_code, response.json()["code"]) == (409, "ticket_merged")


def test_contacts_do_not_read_why_a_due_time_was_set(desk: Desk, ticket: Ticket, caller: Callers) -> None:
    set_due(
        ticket=ticket, metric="resolution", due_at=FAR, reason="Pays late", by=desk.agent, at=timezone.now()
    )
    events = f"tickets/{ticket.number}/events/"
    assert "Pays late" in caller(desk.agent).get(events).content.decode()
    assert "Pays late" not in caller(desk.contact).get(events).content.decode()


def test_no_commitment_is_none_and_never_overdue(desk: Desk, caller: Callers) -> None:
    desk.contract.delete()
    ticket = new_ticket(desk)
    due = caller(desk.contact).get(f"tickets/{ticket.number}/").json()["due"]
    assert (due["state"], due["at"], due["is_at_risk"], due["is_breached"]) == ("none", None, False, False)
