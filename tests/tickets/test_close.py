"""What has been resolved for seven days is closed for good, by the desk itself."""

from datetime import timedelta

import pytest

from tests.factories import MONDAY, Desk, new_ticket
from tickets.services import WrongStatus, reopen_ticket, reply_to_ticket, resolve_ticket
from tickets.tasks import close_resolved_tickets

DAY = timedelta(days=1)


def test_resolved_ticket_closes_after_seven_days(desk: Desk) -> None:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    assert close_resolved_tickets(now=MONDAY + 7 * DAY - timedelta(seconds=1)) == 0
    assert close_resolved_tickets(now=MONDAY + 9 * DAY) == 1
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == ("closed", MONDAY + 7 * DAY)
    assert ticket.events.filter(kind="closed").count() == 1


def test_reopened_ticket_stays_open(desk: Desk) -> None:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    reopen_ticket(ticket=ticket, by=desk.contact, at=MONDAY + DAY)
    assert close_resolved_tickets(now=MONDAY + 30 * DAY) == 0


def test_closing_twice_records_once(desk: Desk) -> None:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    assert [close_resolved_tickets(now=MONDAY + 8 * DAY) for _turn in range(2)] == [1, 0]


def test_a_reply_cannot_close(desk: Desk) -> None:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    with pytest.raises(WrongStatus):
        reply_to_ticket(ticket=ticket, by=desk.agent, body="Done.", at=MONDAY, then="closed")
