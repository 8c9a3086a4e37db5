"""What a window means for tickets is written into their histories, and taken back when it no longer holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maintenance.models import Window
from maintenance.pauses import follow_window
from maintenance.sweep import sweep_tenant
from sla.models import PlanVersion
from tests.factories import MONDAY, Desk, DeskClient, new_service, new_ticket
from tests.maintenance.planned import announce, change, h, told
from tests.maintenance.test_series import begun
from tickets.models import Service, Ticket
from tickets.services import change_service, reopen_ticket, reply_to_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


@pytest.fixture
def service(desk: Desk) -> Service:
    return new_service(desk)


@pytest.fixture
def ticket(desk: Desk, service: Service) -> Ticket:
    return new_ticket(desk, priority="critical", service=service)


def move(desk: Desk, ticket: Ticket, service: Service | None, at: float) -> None:
    """The ticket is about another service from an hour on."""
    change_service(ticket=ticket, service=service, by=desk.agent, at=h(at))


def test_an_announced_window_is_written_on_open_tickets_of_its_services(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    elsewhere = new_ticket(desk, service=new_service(desk, "Mail"))
    nothing = new_ticket(desk)
    done = new_ticket(desk, service=service)
    resolve_ticket(ticket=done, by=desk.agent, at=h(0.5))
    window = announce(desk, service, 2, 4, at=1)
    assert told(ticket) == [("planned", "2", "4")]
    assert [told(other) for other in (elsewhere, nothing, done)] == [[], [], []]
    assert follow_window(window=window, at=h(1)) == 0


def test_a_draft_and_an_emergency_mean_nothing(desk: Desk, service: Service, ticket: Ticket) -> None:
    announce(desk, service, 2, 4, status="draft")
    announce(desk, service, 5, 6, is_emergency=True, emergency_reason="The disk is failing.")
    assert told(ticket) == []


def test_what_people_were_not_told_of_yet_means_nothing_until_they_are(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    window = announce(desk, service, 2, 4, told_at=None)
    assert told(ticket) == told(new_ticket(desk, service=service)) == []
    change(window, at=1, told_at=h(1))
    assert told(ticket) == [("planned", "2", "4")]


def test_an_occurrence_of_a_series_counts_from_its_announcement(desk: Desk, service: Service) -> None:
    day = (MONDAY + timedelta(days=1)).date()
    begun(desk, rule="FREQ=WEEKLY", first_date=day, services=[service])
    ticket = new_ticket(desk, service=service)
    at_first = told(ticket)
    assert 0 < len(at_first) < Window.objects.count()
    sweep_tenant(now=MONDAY + timedelta(days=7))
    assert len(told(ticket)) == len(at_first) + 1


def test_many_windows_are_one_reckoning(
    desk: Desk, service: Service, django_assert_max_num_queries: Any
) -> None:
    PlanVersion.objects.filter(plan=desk.plan).update(maintenance_pauses=True)
    announce(desk, service, 24, 25)
    with CaptureQueriesContext(connection) as one:
        new_ticket(desk, priority="critical", service=service)
    for start in range(26, 40, 2):
        announce(desk, service, start, start + 1)
    with django_assert_max_num_queries(len(one)):
        ticket = new_ticket(desk, priority="critical", service=service)
    assert len(told(ticket)) == 8


def test_a_customer_that_was_left_out_was_not_told_and_is_not_paused(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    theirs = new_ticket(desk, by=desk.other_contact, service=service)
    announce(desk, service, 2, 4, left_out=desk.other_customer)
    later = new_ticket(desk, by=desk.other_contact, service=service, at=h(1))
    assert [told(one) for one in (ticket, theirs, later)] == [[("planned", "2", "4")], [], []]


def test_what_is_moved_extended_and_ended_is_written_again(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    window = announce(desk, service, 2, 4)
    change(window, at=1, starts_at=3, ends_at=5)
    change(window, at=3, status="in_progress", started_at=h(3))
    change(window, at=4, ends_at=7)
    change(window, at=6, status="completed", ended_at=h(6))
    assert told(ticket) == [("planned", "2", "4"), ("planned", "3", "5"), ("planned", "3", "7"), ("lifted",)]


def test_what_ends_when_it_was_to_end_needs_no_word(desk: Desk, service: Service, ticket: Ticket) -> None:
    window = announce(desk, service, 2, 4)
    assert change(window, at=4, status="completed", started_at=h(2), ended_at=h(4)) == 0
    assert told(ticket) == [("planned", "2", "4")]


@pytest.mark.parametrize(
    "values",
    [
        {"status": "cancelled", "cancelled_why": "No longer needed"},
        {"is_emergency": True, "emergency_reason": "It cannot wait", "starts_at": 1.5},
    ],
)
def test_what_is_cancelled_or_becomes_an_emergency_is_lifted(
    desk: Desk, service: Service, ticket: Ticket, values: dict[str, Any]
) -> None:
    window = announce(desk, service, 2, 4)
    change(window, at=1, **values)
    assert told(ticket) == [("planned", "2", "4"), ("lifted",)]


def test_a_ticket_that_comes_to_a_service_hears_of_its_windows(desk: Desk, service: Service) -> None:
    announce(desk, service, 2, 4)
    announce(desk, service, 26, 28)
    ended = announce(desk, service, -4, -2)
    Window.objects.filter(pk=ended.pk).update(status="completed", started_at=h(-4), ended_at=h(-2))
    filed = new_ticket(desk, service=service, at=h(3))
    moved = new_ticket(desk, at=h(3))
    assert told(moved) == []
    move(desk, moved, service, at=3)
    assert told(filed) == told(moved) == [("planned", "2", "4"), ("planned", "26", "28")]


def test_a_ticket_that_moves_to_another_service_follows_that_one(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    mail = new_service(desk, "Mail")
    announce(desk, service, 2, 4)
    announce(desk, mail, 5, 6)
    move(desk, ticket, mail, at=1)
    assert told(ticket) == [("planned", "2", "4"), ("planned", "5", "6"), ("lifted",)]
    move(desk, ticket, None, at=2)
    assert told(ticket)[3:] == [("lifted",)]


@pytest.mark.parametrize("by_reply", [True, False])
def test_a_ticket_that_is_taken_up_again_hears_what_changed_meanwhile(
    desk: Desk, service: Service, ticket: Ticket, by_reply: bool
) -> None:
    kept = announce(desk, service, 2, 4)
    gone = announce(desk, service, 5, 6)
    resolve_ticket(ticket=ticket, by=desk.agent, at=h(0.5))
    change(kept, at=1, starts_at=3)
    change(gone, at=1, status="cancelled")
    assert told(ticket) == [("planned", "2", "4"), ("planned", "5", "6")]
    if by_reply:
        reply_to_ticket(ticket=ticket, by=desk.contact, body="Still broken", at=h(1.5), not_solved=True)
    else:
        reopen_ticket(ticket=ticket, by=desk.contact, at=h(1.5))
    assert told(ticket)[2:] == [("planned", "3", "4"), ("lifted",)]


def test_both_sides_read_it_on_the_ticket(desk: Desk, service: Service, ticket: Ticket, login: Login) -> None:
    window = announce(desk, service, 2, 4)
    change(window, at=1, status="cancelled")
    for reader in (desk.agent, desk.contact):
        page = login(reader).get(f"/tickets/{ticket.number}/").content.decode()
        assert "Maintenance planned from Mon 2 Mar, 12:00 to Mon 2 Mar, 14:00: New disks" in page
        assert "Maintenance “New disks” is no longer planned as it was" in page
