"""The rules of the clock through the services that agents and customers use, on the rows that are stored.

The desk is open from Monday to Saturday, 9:00 to 18:00 in Lahore. Times are hours after MONDAY, 10:00 there:
it closes at 8 and opens again at 23, on Tuesday it closes at 32 and opens at 47; Sunday lies from 128 to 167.
"""

from datetime import datetime, timedelta

import pytest

from accounts.models import Membership
from sla.models import Clock
from sla.services import TargetTerms, change_plan
from sla.sweep import sweep_tenant
from tests.factories import FOUNDED, HOUR, MONDAY, Desk, new_ticket, standard_targets
from tickets.models import Category, EventKind, Ticket
from tickets.services import (
    add_note,
    change_category,
    change_priority,
    change_status,
    clear_due,
    merge_tickets,
    record_event,
    reopen_ticket,
    reply_to_ticket,
    resolve_ticket,
    set_due,
    split_ticket,
)
from tickets.services.categories import create_category
from tickets.services.conversation import write_message


def h(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a solution of high in 32 business hours, and a restore of critical in 8 hours around the clock."""
    targets = [
        *standard_targets(),
        TargetTerms("resolution", "high", "business_time", 16 * HOUR, 32 * HOUR),
        TargetTerms("restore", "critical", "elapsed_time", 4 * HOUR, 8 * HOUR),
    ]
    change_plan(
        plan=desk.plan,
        seen_number=1,
        at=FOUNDED + timedelta(days=1),
        by=desk.admin,
        name="Gold",
        calendar=desk.calendar,
        targets=targets,
    )
    return desk


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """Critical: due for an answer at 4, for a solution at 31."""
    return new_ticket(desk, priority="critical")


@pytest.fixture
def outage(desk: Desk) -> Category:
    return create_category(tenant_id=desk.tenant.pk, name="Outage", is_outage=True)


def clock(ticket: Ticket, metric: str = "resolution", cycle: int = 1) -> Clock:
    return Clock.objects.get(ticket=ticket, metric=metric, cycle=cycle)


def say(ticket: Ticket, by: Membership, hours: float, then: str = "") -> None:
    reply_to_ticket(ticket=ticket, by=by, body="Hello", at=h(hours), then=then)


def set_status(ticket: Ticket, status: str, by: Membership, hours: float) -> None:
    change_status(ticket=ticket, status=status, by=by, at=h(hours))


# Priority


def test_a_new_priority_reckons_from_the_same_start(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    assert clock(ticket).due_at == h(77)
    change_priority(ticket=ticket, priority="critical", by=desk.agent, at=h(2))
    row = clock(ticket)
    assert (row.started_at, row.at_risk_at, row.due_at, row.breached_at) == (h(0), h(8), h(31), None)


def test_a_breach_before_a_priority_change_stays_on_record(desk: Desk, ticket: Ticket) -> None:
    sweep_tenant(now=h(32))
    change_priority(ticket=ticket, priority="high", by=desk.agent, at=h(33))
    row = clock(ticket)
    assert (row.breached_at, row.due_at, row.ended_at) == (h(31), h(77), None)


def test_a_priority_that_makes_it_overdue_breaches_it_at_the_change(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    change_priority(ticket=ticket, priority="critical", by=desk.agent, at=h(50))
    sweep_tenant(now=h(51))
    assert (clock(ticket).due_at, clock(ticket).breached_at) == (h(31), h(50))


# Pauses


@pytest.mark.parametrize("status", ["pending", "on_hold", "awaiting_approval"])
def test_waiting_pauses_the_solution_and_no_answer(desk: Desk, ticket: Ticket, status: str) -> None:
    set_status(ticket, status, desk.agent, 1)
    row = clock(ticket)
    assert (row.status, row.due_at, row.remaining) == ("paused", None, 15 * HOUR)
    assert clock(ticket, "first_response").due_at == h(4)
    set_status(ticket, "open", desk.agent, 3)
    row = clock(ticket)
    assert (row.status, row.due_at, row.remaining) == ("running", h(48), None)


def test_a_pause_while_already_past_due_changes_nothing(desk: Desk, ticket: Ticket) -> None:
    for hours, status in ((31.5, "on_hold"), (55, "open")):
        set_status(ticket, status, desk.agent, hours)
        row = clock(ticket)
        assert (row.due_at, row.breached_at, row.status) == (h(31), h(31), "breached")


def test_two_pauses_in_one_minute_are_both_left_out(desk: Desk, ticket: Ticket) -> None:
    second = 1 / 3600
    for turn, status in enumerate(("on_hold", "open", "pending", "open")):
        set_status(ticket, status, desk.agent, 1 + 10 * turn * second)
    assert clock(ticket).due_at == h(31) + timedelta(seconds=20)


def test_a_pause_over_the_weekend_costs_only_its_open_hours(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical", at=h(127))
    assert clock(ticket).due_at == h(197)
    set_status(ticket, "pending", desk.agent, 127.5)
    set_status(ticket, "open", desk.agent, 167.5)
    assert clock(ticket).due_at == h(198), "half an hour on Saturday, half an hour on Monday"


def test_a_pause_that_ends_in_a_solution_is_not_lost(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1, then="pending")
    resolve_ticket(ticket=ticket, by=desk.agent, at=h(40))
    row = clock(ticket)
    assert (row.status, row.ended_at, row.breached_at) == ("met", h(40), None)
    reopen_ticket(ticket=ticket, by=desk.agent, at=h(50))
    assert clock(ticket).due_at == h(80), "15 hours from Wednesday 12:00: 6, and 9 on Thursday"


# Reopening


def test_reopening_leaves_the_resolved_time_out_and_a_met_answer_met(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1)
    resolve_ticket(ticket=ticket, by=desk.agent, at=h(2))
    assert clock(ticket).ended_at == h(2)
    reopen_ticket(ticket=ticket, by=desk.contact, at=h(5))
    row, answer = clock(ticket), clock(ticket, "first_response")
    assert (row.ended_at, row.due_at, row.started_at) == (None, h(49), h(0))
    assert (answer.status, answer.ended_at) == ("met", h(1))
    assert Clock.objects.filter(ticket=ticket, metric="first_response").count() == 1


def test_thanks_within_the_quiet_period_touch_no_clock(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1, then="resolved")
    say(ticket, desk.contact, 1.2)
    assert (clock(ticket).ended_at, clock(ticket).status) == (h(1), "met")
    assert not Clock.objects.filter(ticket=ticket, metric="next_response").exists()


def test_a_message_that_reopens_starts_a_cycle(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1, then="resolved")
    say(ticket, desk.contact, 5)
    assert clock(ticket).ended_at is None
    row = clock(ticket, "next_response")
    assert (row.started_at, row.due_at) == (h(5), h(24)), "three hours on Monday, one on Tuesday"


# Next responses


def test_the_first_unanswered_message_starts_a_cycle_that_an_answer_ends(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1)
    say(ticket, desk.contact, 2)
    say(ticket, desk.contact2, 3)
    assert clock(ticket, "next_response").due_at == h(6)
    say(ticket, desk.agent2, 5)
    say(ticket, desk.contact, 7)
    first, second = (clock(ticket, "next_response", cycle) for cycle in (1, 2))
    assert (first.started_at, first.ended_at, first.status) == (h(2), h(5), "met")
    assert (second.started_at, second.due_at, second.ended_at) == (h(7), h(26), None)


def test_notes_and_automatic_replies_end_nothing(desk: Desk, ticket: Ticket) -> None:
    add_note(ticket=ticket, by=desk.agent, body="Hm", at=h(1))
    answer_by_itself(ticket, 1.5)
    assert clock(ticket, "first_response").ended_at is None
    say(ticket, desk.agent, 2)
    say(ticket, desk.contact, 3)
    add_note(ticket=ticket, by=desk.agent, body="Hm", at=h(4))
    answer_by_itself(ticket, 4.5)
    row = clock(ticket, "next_response")
    assert (row.started_at, row.due_at, row.ended_at) == (h(3), h(7), None)


def answer_by_itself(ticket: Ticket, hours: float) -> None:
    """What an automatic answer leaves behind: a message of the desk itself, and its event."""
    ticket.refresh_from_db()
    message = write_message(ticket, by=None, body="We have it.", at=h(hours), is_automatic=True)
    data = {"from_staff": True, "automatic": True, "from": ticket.status, "to": ticket.status}
    record_event(ticket, EventKind.REPLIED, at=h(hours), actor=None, message=message, data=data)


# Merge and split


def test_a_merge_cancels_what_was_open_and_leaves_what_had_ended(desk: Desk, ticket: Ticket) -> None:
    survivor = new_ticket(desk, priority="critical", at=h(1))
    say(ticket, desk.agent, 2)
    sweep_tenant(now=h(33))
    merge_tickets(ticket=ticket, into=survivor, by=desk.agent, at=h(33))
    answer, solution = clock(ticket, "first_response"), clock(ticket)
    assert (answer.status, answer.ended_at) == ("met", h(2))
    assert (solution.status, solution.ended_at, solution.breached_at) == ("cancelled", h(33), h(31))
    assert clock(survivor).due_at == h(32)
    assert clock(survivor).ended_at is None


def test_a_merge_before_the_limit_breaches_nothing(desk: Desk, ticket: Ticket) -> None:
    survivor = new_ticket(desk)
    merge_tickets(ticket=ticket, into=survivor, by=desk.agent, at=h(3))
    assert sweep_tenant(now=h(24)) == 0
    rows = Clock.objects.filter(ticket=ticket).values_list("status", "ended_at", "breached_at")
    assert set(rows) == {("cancelled", h(3), None)}


def test_a_split_ticket_counts_from_when_the_customer_asked(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1)
    asked = reply_to_ticket(ticket=ticket, by=desk.contact, body="And the scanner?", at=h(2))
    split = split_ticket(ticket=ticket, message=asked, subject="Scanner", by=desk.agent, at=h(7))
    rows = {row.metric: (row.started_at, row.due_at) for row in Clock.objects.filter(ticket=split)}
    assert rows == {"first_response": (h(2), h(6)), "resolution": (h(2), h(48))}
    sweep_tenant(now=h(7))
    assert clock(split, "first_response").breached_at == h(6)
    assert clock(ticket, "next_response").due_at == h(6), "it still waits on the first one too"


# Category


def test_a_restore_clock_runs_around_the_clock_for_outages(desk: Desk, outage: Category) -> None:
    ticket = new_ticket(desk, priority="critical", category=outage, at=h(7))
    assert clock(ticket, "restore").due_at == h(15)
    assert clock(ticket, "first_response").due_at == h(26)


def test_a_category_that_becomes_an_outage_starts_the_restore_clock_at_filing(
    desk: Desk, ticket: Ticket, outage: Category
) -> None:
    assert not Clock.objects.filter(ticket=ticket, metric="restore").exists()
    change_category(ticket=ticket, category=outage, by=desk.agent, at=h(2))
    row = clock(ticket, "restore")
    assert (row.started_at, row.at_risk_at, row.due_at) == (h(0), h(4), h(8))
    change_category(ticket=ticket, category=desk.category, by=desk.agent, at=h(3))
    sweep_tenant(now=h(9))
    row = clock(ticket, "restore")
    assert (row.status, row.due_at, row.breached_at) == ("cancelled", None, None)
    assert clock(ticket).due_at == h(31), "the solution is promised as before"


def test_a_category_change_after_a_breach_leaves_it_on_record(desk: Desk, outage: Category) -> None:
    ticket = new_ticket(desk, priority="critical", category=outage)
    sweep_tenant(now=h(9))
    change_category(ticket=ticket, category=desk.category, by=desk.agent, at=h(10))
    assert clock(ticket, "restore").breached_at == h(8)


# Due times set by hand


def test_a_due_time_set_by_hand_counts_until_it_is_cleared(desk: Desk, ticket: Ticket) -> None:
    set_due(ticket=ticket, metric="resolution", due_at=h(60), reason="Agreed", by=desk.agent, at=h(1))
    assert (clock(ticket).due_at, clock(ticket).due_is_manual) == (h(60), True)
    assert sweep_tenant(now=h(22)) == 2, "the answer is late, the solution is not"
    clear_due(ticket=ticket, metric="resolution", by=desk.agent, at=h(23))
    assert (clock(ticket).due_at, clock(ticket).due_is_manual) == (h(31), False)


def test_what_was_breached_by_hand_stays_breached(desk: Desk, ticket: Ticket) -> None:
    set_due(ticket=ticket, metric="resolution", due_at=h(3), reason="Agreed", by=desk.agent, at=h(1))
    sweep_tenant(now=h(3.5))
    clear_due(ticket=ticket, metric="resolution", by=desk.agent, at=h(4))
    assert (clock(ticket).breached_at, clock(ticket).due_at) == (h(3), h(31))


def test_a_due_time_of_one_cycle_is_none_of_the_next(desk: Desk, ticket: Ticket) -> None:
    say(ticket, desk.agent, 1)
    say(ticket, desk.contact, 2)
    set_due(ticket=ticket, metric="next_response", due_at=h(3), reason="Agreed", by=desk.agent, at=h(2.5))
    assert clock(ticket, "next_response").due_at == h(3)
    say(ticket, desk.agent, 2.75)
    say(ticket, desk.contact, 4)
    row = clock(ticket, "next_response", 2)
    assert (row.due_at, row.due_is_manual, row.breached_at) == (h(8), False, None)
