"""A due time set by hand, and cleared again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Notification
from sla.models import Clock
from sla.services import end_contract
from tests.factories import Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tickets.models import Ticket, TicketEvent
from tickets.services import assign_ticket, clear_due, reply_to_ticket, resolve_ticket, set_due

Login = Callable[[Any], DeskClient]
FAR = datetime(2031, 3, 6, 13, 0, tzinfo=UTC)
FAR_IN_LAHORE = "2031-03-06T18:00"


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, priority="critical", at=timezone.now())


def clock(ticket: Ticket, metric: str = "resolution") -> Clock:
    return Clock.objects.get(ticket=ticket, metric=metric)


def form(**changes: str) -> dict[str, str]:
    return {
        "metric": "resolution",
        "due_at": FAR_IN_LAHORE,
        "reason": "Agreed with Carla by telephone.",
        "seen": "",
        **changes,
    }


def test_a_due_time_counts_with_its_reason_and_the_reckoned_one_beside_it(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    reckoned = clock(ticket).due_at
    client = login(desk.agent)
    assert client.post(f"/tickets/{ticket.number}/due/", form()).status_code == 303
    assert (clock(ticket).due_at, clock(ticket).due_is_manual) == (FAR, True)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Due time set by hand by Ali Agent: Agreed with Carla by telephone." in page
    assert "Reckoned: " in page
    assert "set “Resolution” to be due Thu 6 Mar 2031, 18:00: Agreed with Carla" in page
    seen = {"metric": "resolution", "seen": FAR.isoformat()}
    assert client.post(f"/tickets/{ticket.number}/due/clear/", seen).status_code == 303
    assert (clock(ticket).due_at, clock(ticket).due_is_manual) == (reckoned, False)
    assert "cleared the due time set by hand" in client.get(f"/tickets/{ticket.number}/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("due_at", "2026-03-01T10:00", "This time has passed. Choose a later one."),
        ("due_at", "", "Choose a day and a time."),
        ("due_at", "soon", "Write a day and a time, as in 2026-03-05 14:30."),
        ("reason", " ", "Say why: who reads the ticket later will ask."),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_kept(
    desk: Desk, login: Login, field: str, typed: str, words: str
) -> None:
    ticket = new_ticket(desk, priority="critical", at=timezone.now())
    response = login(desk.agent).post(f"/tickets/{ticket.number}/due/", form(**{field: typed}))
    assert response.status_code == 422
    fields = {e.attributes.get("id", ""): e for e in FormPage(response).elements}
    assert "due-resolution" in fields, "at the clock that it is about"
    page = FormPage(response)
    assert (page.error_of(field), page.value(field)) == (words, typed)
    assert not TicketEvent.objects.filter(kind="due_set").exists()


def test_the_form_is_drawn_for_who_asks_for_it(desk: Desk, ticket: Ticket, login: Login) -> None:
    client, address = login(desk.agent), f"/tickets/{ticket.number}/"
    page = client.get(address).content.decode()
    assert f'href="/t/acme{address}?due=resolution#due-resolution"' in page
    assert 'name="due_at"' not in page
    asked = FormPage(client.get(f"{address}?due=resolution"))
    assert asked.value("due_at") == ""
    set_due(ticket=ticket, metric="resolution", due_at=FAR, reason="Agreed", by=desk.agent, at=timezone.now())
    asked = FormPage(client.get(f"{address}?due=resolution"))
    assert (asked.value("due_at"), asked.value("reason")) == (FAR_IN_LAHORE, "Agreed")
    assert 'name="due_at"' not in client.get(f"{address}?due=nonsense").content.decode()


def test_of_two_who_set_it_at_once_the_second_is_told(desk: Desk, ticket: Ticket, login: Login) -> None:
    address = f"/tickets/{ticket.number}/due/"
    login(desk.agent).post(address, form())
    response = login(desk.agent2).post(address, form(due_at="2031-04-01T09:00"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "it is now “Thursday 6 March 2031, 18:00 PKT”" in page
    assert 'value="2031-04-01T09:00"' in page
    assert f'name="seen" value="{FAR.isoformat()}"' in page, "the next try overwrites it knowingly"
    assert clock(ticket).due_at == FAR


def test_a_clock_that_has_ended_takes_none(desk: Desk, ticket: Ticket, login: Login) -> None:
    reply_to_ticket(ticket=ticket, by=desk.agent, body="We look.", at=timezone.now())
    response = login(desk.agent).post(f"/tickets/{ticket.number}/due/", form(metric="first_response"))
    assert response.status_code == 409
    assert "There is no such clock on this ticket, or it has ended." in response.content.decode()
    assert not TicketEvent.objects.filter(kind="due_set").exists(), "the event was undone"
    resolve_ticket(ticket=ticket, by=desk.agent, at=timezone.now())
    assert login(desk.agent).post(f"/tickets/{ticket.number}/due/", form()).status_code == 409


def test_where_the_plan_promises_nothing_a_time_can_be_agreed_on(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, priority="low", at=timezone.now())
    client = login(desk.agent)
    assert "Agree on a time for the solution" in client.get(f"/tickets/{ticket.number}/").content.decode()
    client.post(f"/tickets/{ticket.number}/due/", form())
    assert clock(ticket).due_at == FAR
    assert "Reckoned: no commitment" in client.get(f"/tickets/{ticket.number}/").content.decode()
    clear_due(ticket=ticket, metric="resolution", by=desk.agent, at=timezone.now())
    ticket.refresh_from_db()
    assert (clock(ticket).due_at, ticket.due_metric) == (None, "first_response")


def test_without_a_contract_there_is_nothing_to_set(desk: Desk, login: Login) -> None:
    end_contract(contract=desk.contract, ends_on=date(2026, 1, 3), by=desk.admin, at=timezone.now())
    ticket = new_ticket(desk, at=timezone.now())
    client = login(desk.agent)
    assert "Agree on a time" not in client.get(f"/tickets/{ticket.number}/").content.decode()
    assert client.post(f"/tickets/{ticket.number}/due/", form()).status_code == 409
    assert not TicketEvent.objects.filter(kind="due_set").exists()


def test_the_assignee_is_told_unless_they_did_it(desk: Desk, ticket: Ticket) -> None:
    now = timezone.now()
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.agent, at=now)
    for by in (desk.agent, desk.supervisor):
        due_at = FAR + timedelta(days=by.pk)
        set_due(ticket=ticket, metric="resolution", due_at=due_at, reason="Agreed", by=by, at=now)
    told = Notification.objects.get(kind="due_set")
    assert told.recipient == desk.agent
    assert told.title.startswith("Sara Supervisor set ACME-1001 to be due ")


def test_customers_neither_set_one_nor_read_the_reason(desk: Desk, ticket: Ticket, login: Login) -> None:
    client = login(desk.contact)
    assert client.post(f"/tickets/{ticket.number}/due/", form()).status_code == 403
    assert client.post(f"/tickets/{ticket.number}/due/clear/", form()).status_code == 403
    set_due(
        ticket=ticket,
        metric="resolution",
        due_at=FAR,
        reason="They pay late",
        by=desk.agent,
        at=timezone.now(),
    )
    assert "They pay late" not in client.get(f"/tickets/{ticket.number}/").content.decode()
