"""Assigning, priority, status, resolving and reopening through the API."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Absence
from tests.api.callers import Callers
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import Ticket
from tickets.services import assign_ticket, change_priority, close_ticket, resolve_ticket

CHANGES: dict[str, dict[str, Any]] = {
    "assign": {"assignee": None},
    "priority": {"priority": "low"},
    "status": {"status": "pending"},
}


def closed(desk: Desk) -> Ticket:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    return ticket


def test_supervisor_assigns(desk: Desk, caller: Callers) -> None:
    client, number = caller(desk.supervisor), new_ticket(desk).number
    answer = client.post(f"tickets/{number}/assign/", {"assignee": desk.agent2.pk, "seen": None}).json()
    assert answer["assignee"] == {"id": desk.agent2.pk, "name": "Bea Agent", "is_staff": True}
    assert answer["assignee_back_at"] is None
    answer = client.post(f"tickets/{number}/assign/", {"assignee": None}).json()
    assert answer["assignee"] is None
    now = timezone.now()
    back = now + timedelta(days=3)
    Absence.objects.create(tenant=desk.tenant, person=desk.agent, starts_at=now, ends_at=back, kind="holiday")
    answer = client.post(f"tickets/{number}/assign/", {"assignee": desk.agent.pk}).json()
    assert answer["assignee_back_at"] >= back.astimezone(UTC).isoformat()[:19]
    shown = caller(desk.contact).get(f"tickets/{number}/").json()
    assert shown["assignee_back_at"] is None, "when staff are away is not the customer's to know"


def test_assigning_to_who_is_no_staff_of_this_desk(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    client, number = caller(desk.agent), new_ticket(desk).number
    for person in (desk.contact, other_desk.agent):
        response = client.post(f"tickets/{number}/assign/", {"assignee": person.pk})
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/assignee")
    assert client.post(f"tickets/{number}/assign/", {}).json()["errors"][0]["code"] == "required"
    assert Ticket.objects.get().assignee is None


def test_second_of_two_who_assign_is_told(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent2, by=desk.agent2, at=MONDAY)
    response = caller(desk.agent).post(
        f"tickets/{ticket.number}/assign/", {"assignee": desk.agent.pk, "seen": None}
    )
    problem = response.json()
    assert (response.status_code, problem["code"], problem["current"]) == (
        409,
        "edited_meanwhile",
        "Bea Agent",
    )
    assert Ticket.objects.get().assignee == desk.agent2


def test_priority_changes_unless_somebody_was_first(desk: Desk, caller: Callers) -> None:
    client, ticket = caller(desk.agent), new_ticket(desk)
    path = f"tickets/{ticket.number}/priority/"
    assert client.post(path, {"priority": "high", "seen": "medium"}).json()["priority"] == "high"
    change_priority(ticket=ticket, priority="low", by=desk.agent2, at=MONDAY)
    response = client.post(path, {"priority": "critical", "seen": "high"})
    assert (response.status_code, response.json()["current"]) == (409, "Low")
    assert client.post(path, {"priority": "critical"}).json()["priority"] == "critical"


def test_status_changes_along_the_table_only(desk: Desk, caller: Callers) -> None:
    client, number = caller(desk.agent), new_ticket(desk).number
    path = f"tickets/{number}/status/"
    assert client.post(path, {"status": "on_hold", "seen": "new"}).json()["status"] == "on_hold"
    response = client.post(path, {"status": "open", "seen": "new"})
    assert (response.status_code, response.json()["code"]) == (409, "edited_meanwhile")
    for status in ("new", "resolved", "closed"):
        assert client.post(path, {"status": status}).status_code == 400
    client.post(f"tickets/{number}/resolve/")
    response = client.post(path, {"status": "open"})
    assert (response.status_code, response.json()["code"]) == (409, "wrong_status")


def test_customer_resolves_and_reopens(desk: Desk, caller: Callers) -> None:
    client, number = caller(desk.contact2), new_ticket(desk).number
    answer = client.post(f"tickets/{number}/resolve/").json()
    assert (answer["status"], answer["actions"]) == (
        "resolved",
        ["reply", "reopen", "add_people"],
    )
    assert answer["resolved_at"] is not None
    again = client.post(f"tickets/{number}/resolve/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_status")
    answer = client.post(f"tickets/{number}/reopen/", {}).json()
    assert (answer["status"], answer["resolved_at"]) == ("open", None)
    assert client.post(f"tickets/{number}/reopen/").status_code == 409
    assert client.post(f"tickets/{number}/resolve/", {"note": "x"}).status_code == 400


@pytest.mark.parametrize("verb", CHANGES)
def test_contact_handles_nothing(desk: Desk, caller: Callers, verb: str) -> None:
    ticket = new_ticket(desk)
    response = caller(desk.customer_admin).post(f"tickets/{ticket.number}/{verb}/", CHANGES[verb])
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("verb", [*CHANGES, "resolve", "reopen"])
def test_closed_ticket_stays_as_it_is(desk: Desk, caller: Callers, verb: str) -> None:
    sent = CHANGES.get(verb, {})
    response = caller(desk.owner).post(f"tickets/{closed(desk).number}/{verb}/", sent)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "ticket_closed")
    assert problem["detail"] == "This ticket is closed. Please file a new one and name its number."
