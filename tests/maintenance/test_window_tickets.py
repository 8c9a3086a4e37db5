"""Tickets tied to a window, and telling them of its end."""

import pytest

from maintenance.services.errors import NotAllowed, TextNeeded, WrongStatus
from maintenance.services.windows import (
    complete_window,
    link_ticket,
    start_window,
    tell_tickets,
    unlink_ticket,
)
from maintenance.sweep import sweep_tenant
from notifications.models import Notification
from tests.factories import MONDAY, Desk, browser_of, new_service, new_ticket
from tests.maintenance.windows import HOUR, IN_A_WEEK, scheduled_window
from tickets.models import Message
from tickets.services import close_ticket, resolve_ticket


def test_every_tied_ticket_is_told_of_the_end_once(desk: Desk) -> None:
    window = scheduled_window(desk)
    asked, filed, closed = (new_ticket(desk, subject=subject) for subject in ("Ask", "File", "Close"))
    link_ticket(window=window, ticket=asked, by=desk.agent, at=MONDAY)
    link_ticket(window=window, ticket=filed, by=desk.agent, at=MONDAY)
    link_ticket(window=window, ticket=filed, by=desk.agent2, at=MONDAY)
    link_ticket(window=window, ticket=closed, by=desk.agent, at=MONDAY)
    resolve_ticket(ticket=closed, by=desk.agent, at=MONDAY)
    close_ticket(ticket=closed, at=MONDAY + 24 * 8 * HOUR)
    window = start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    with pytest.raises(WrongStatus):
        tell_tickets(window=window, text="It is done.", by=desk.agent, at=IN_A_WEEK)
    window = complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR)
    with pytest.raises(TextNeeded):
        tell_tickets(window=window, text="", by=desk.agent, at=IN_A_WEEK + HOUR)
    assert tell_tickets(window=window, text="It is done.", by=desk.agent, at=IN_A_WEEK + HOUR) == 2
    assert tell_tickets(window=window, text="It is done.", by=desk.agent2, at=IN_A_WEEK + HOUR) == 0
    replies = Message.objects.filter(body="It is done.").values_list("ticket", flat=True)
    assert sorted(replies) == sorted([asked.pk, filed.pk])
    assert window.events.get(kind="told").data == {"tickets": 2}


def test_tickets_that_can_no_longer_be_answered_are_not_asked_for(desk: Desk) -> None:
    window, closed = scheduled_window(desk), new_ticket(desk, subject="Close")
    link_ticket(window=window, ticket=closed, by=desk.agent, at=MONDAY)
    window = start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR)
    page, agent = f"/maintenance/{window.pk}/", browser_of(desk.agent)
    assert "1 linked ticket was not told" in agent.get(page).content.decode()
    resolve_ticket(ticket=closed, by=desk.agent, at=IN_A_WEEK)
    close_ticket(ticket=closed, at=IN_A_WEEK + 24 * 8 * HOUR)
    text = agent.get(page).content.decode()
    assert "not told" not in text
    assert "Answer" not in text


def test_work_that_ends_by_itself_asks_somebody_to_answer_its_tickets(desk: Desk) -> None:
    window = scheduled_window(desk, ends_by_itself=True, responsible=desk.agent2)
    other = scheduled_window(desk, ends_by_itself=True, services=[new_service(desk, "Mail")])
    link_ticket(window=window, ticket=new_ticket(desk), by=desk.agent, at=MONDAY)
    sweep_tenant(now=IN_A_WEEK)
    sweep_tenant(now=IN_A_WEEK + 2 * HOUR)
    asked = Notification.objects.filter(title__startswith="Maintenance is over, linked tickets wait")
    assert [(row.recipient, row.path) for row in asked] == [
        (desk.agent2, f"/maintenance/{window.pk}/#tickets")
    ]
    other.refresh_from_db()
    assert other.status == "completed"


def test_a_ticket_is_untied(desk: Desk) -> None:
    window, ticket = scheduled_window(desk), new_ticket(desk)
    link_ticket(window=window, ticket=ticket, by=desk.agent, at=MONDAY)
    with pytest.raises(NotAllowed):
        unlink_ticket(window=window, ticket=ticket, by=desk.contact, at=MONDAY)
    unlink_ticket(window=window, ticket=ticket, by=desk.agent, at=MONDAY)
    assert not window.window_tickets.exists()
