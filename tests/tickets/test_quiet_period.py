"""A word of thanks soon after a ticket was resolved does not open it again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Notification
from sla.models import Clock
from tests.api.callers import call_as
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tickets.models import Ticket
from tickets.services import assign_ticket, reply_to_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]
MINUTE = timedelta(minutes=1)


def resolved(desk: Desk, *, minutes_ago: int) -> Ticket:
    """A ticket of Ali Agent that was resolved some minutes before now."""
    at = timezone.now() - minutes_ago * MINUTE
    ticket = new_ticket(desk, at=at)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.agent, at=at)
    resolve_ticket(ticket=ticket, by=desk.agent, at=at)
    ticket.refresh_from_db()
    return ticket


def set_quiet_period(desk: Desk, minutes: int) -> None:
    desk.tenant.quiet_period_minutes = minutes
    desk.tenant.save()


def test_thanks_within_the_quiet_period_leave_it_resolved(desk: Desk, login: Login) -> None:
    ticket, client = resolved(desk, minutes_ago=5), login(desk.contact)
    address = f"/tickets/{ticket.number}/"
    before = client.get(address).content.decode()
    assert "a reply, such as a word of thanks, leaves it so" in before
    assert "Send and reopen" not in before
    client.post(f"{address}reply/", {"body": "Thank you."})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.count()) == ("resolved", 2)
    assert "Your reply is sent. The ticket stays resolved." in client.get(address).content.decode()
    assert not Clock.objects.filter(ticket=ticket, metric="next_response").exists()


def test_who_says_that_it_is_not_solved_opens_it_again(desk: Desk, login: Login) -> None:
    ticket, client = resolved(desk, minutes_ago=5), login(desk.contact)
    address = f"/tickets/{ticket.number}/"
    assert FormPage(client.get(address)).value("not_solved") == "", "asked, and not ticked for them"
    client.post(f"{address}reply/", {"body": "It fails again.", "not_solved": "1"})
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert "Your reply is sent. The ticket is open again." in client.get(address).content.decode()


def test_a_refused_reply_keeps_the_tick(desk: Desk, login: Login) -> None:
    ticket = resolved(desk, minutes_ago=5)
    data = {"body": "", "not_solved": "1"}
    response = login(desk.contact).post(f"/tickets/{ticket.number}/reply/", data)
    assert response.status_code == 422
    assert FormPage(response).value("not_solved") == "1"


def test_after_the_quiet_period_a_reply_opens_it_and_the_page_says_so(desk: Desk, login: Login) -> None:
    ticket, client = resolved(desk, minutes_ago=16), login(desk.contact)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Your reply opens it again." in page
    assert 'name="not_solved"' not in page
    client.post(f"/tickets/{ticket.number}/reply/", {"body": "Thank you."})
    ticket.refresh_from_db()
    assert ticket.status == "open"


@pytest.mark.parametrize(("minutes", "status"), [(0, "open"), (15, "resolved"), (60, "resolved")])
def test_the_desk_says_how_long_it_is(desk: Desk, minutes: int, status: str) -> None:
    set_quiet_period(desk, minutes)
    ticket = resolved(desk, minutes_ago=5)
    reply_to_ticket(ticket=ticket, by=desk.contact, body="Thanks", at=timezone.now())
    ticket.refresh_from_db()
    assert ticket.status == status


def test_the_end_of_the_quiet_period_is_not_part_of_it(desk: Desk) -> None:
    for late, status in ((15 * MINUTE - timedelta(seconds=1), "resolved"), (15 * MINUTE, "open")):
        ticket = new_ticket(desk)
        resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
        reply_to_ticket(ticket=ticket, by=desk.contact2, body="Thanks", at=MONDAY + late)
        ticket.refresh_from_db()
        assert ticket.status == status


def test_the_assignee_is_told_either_way(desk: Desk) -> None:
    for body, not_solved in (("Thanks", False), ("It fails again", True)):
        ticket = resolved(desk, minutes_ago=5)
        reply_to_ticket(ticket=ticket, by=desk.contact, body=body, at=timezone.now(), not_solved=not_solved)
    told = Notification.objects.filter(kind="replied", recipient=desk.agent).order_by("pk")
    assert list(told.values_list("title", flat=True)) == [
        "Carla Contact replied on ACME-1001, which stays resolved: The till does not print",
        "Carla Contact replied on ACME-1002, which is open again: The till does not print",
    ]


def test_an_agents_reply_leaves_it_resolved_as_ever(desk: Desk, login: Login) -> None:
    ticket = resolved(desk, minutes_ago=60)
    login(desk.agent).post(f"/tickets/{ticket.number}/reply/", {"body": "By the way", "not_solved": "1"})
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_the_api_says_until_when_and_takes_the_same_word(desk: Desk) -> None:
    ticket, client = resolved(desk, minutes_ago=5), call_as(desk.contact)
    address = f"tickets/{ticket.number}/"
    assert client.get(address).json()["quiet_until"] is not None
    client.post(f"{address}reply/", {"body": "Thanks"})
    assert client.get(address).json()["status"] == "resolved"
    client.post(f"{address}reply/", {"body": "It fails again", "not_solved": True})
    answer = client.get(address).json()
    assert (answer["status"], answer["quiet_until"]) == ("open", None)


def test_an_admin_sets_it_and_too_long_is_refused(desk: Desk, login: Login) -> None:
    from accounts.services import desk_state

    data = {
        "name": "Acme", "time_zone": "Asia/Karachi",
        "ticket_prefix": "ACME", "seen_state": desk_state(desk.tenant),
    }  # fmt: skip
    client = login(desk.admin)
    page = FormPage(client.post("/console/desk/", data | {"quiet_period_minutes": "10081"}))
    assert page.error_of("quiet_period_minutes") == "Ensure this value is less than or equal to 10080."
    assert client.post("/console/desk/", data | {"quiet_period_minutes": "0"}).status_code == 302
    desk.tenant.refresh_from_db()
    assert desk.tenant.quiet_period_minutes == 0
