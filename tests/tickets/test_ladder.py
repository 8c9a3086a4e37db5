"""On a ticket staff see how the ladder of each clock stands: taken, held, cancelled, ahead."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from sla.models import Clock, Escalation, LadderStep
from tests.factories import Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tickets.models import Ticket
from tickets.services import change_status, reply_to_ticket

Login = Callable[[Membership], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """Filed a moment ago, so that its steps lie ahead."""
    return new_ticket(desk, priority="high", at=timezone.now() - timedelta(minutes=5))


def courses(client: DeskClient, ticket: Ticket) -> list[str]:
    page = FormPage(client.get(f"/tickets/{ticket.number}/"))
    return [e.parent.words for e in page.elements if e.has_class("course") and e.parent]


def take(ticket: Ticket, place: str, **values: object) -> Escalation:
    clock = Clock.objects.get(ticket=ticket, metric="first_response")
    step = LadderStep.objects.get(
        plan_version=clock.agreement.plan_version, metric="first_response", place=place
    )
    given = {"due_at": timezone.now(), "fired_at": timezone.now()} | values
    return Escalation.objects.create(tenant_id=ticket.tenant_id, clock=clock, step=step, **given)


def test_what_lies_ahead_is_shown_with_whom_it_will_tell(desk: Desk, ticket: Ticket, login: Login) -> None:
    said = courses(login(desk.agent), ticket)[0]
    assert said.startswith("Ladder: next: at the aim, ")
    assert "Ahead: At the aim" in said
    assert "tells the assignee, every supervisor" in said


def test_what_was_taken_says_who_was_told_and_what_is_held_until_when(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    later = timezone.now() + timedelta(hours=3)
    told = [
        {"who": "supervisors", "name": "Olga Owner"},
        {"who": "assignee", "name": "Ana Agent", "until": later.isoformat()},
    ]
    take(ticket, "aim", told=told, held_until=later)
    said = courses(login(desk.agent), ticket)[0]
    assert "1 step taken" in said
    assert "Held: At the aim" in said
    assert "told: Olga Owner, Ana Agent" in said
    assert "mail to Ana Agent waits for the end of quiet hours" in said


def test_what_was_taken_back_says_why(desk: Desk, ticket: Ticket, login: Login) -> None:
    later = timezone.now() + timedelta(hours=3)
    take(ticket, "aim", held_until=later, cancelled_at=timezone.now(), cancelled_why="answered")
    said = courses(login(desk.agent), ticket)[0]
    assert "Cancelled: At the aim" in said
    assert ": answered" in said


def test_steps_that_an_answer_made_moot_are_cancelled(desk: Desk, ticket: Ticket, login: Login) -> None:
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Here you are", at=timezone.now())
    said = next(words for words in courses(login(desk.agent), ticket) if "answered" in words)
    assert "Ladder: no step was needed" in said
    assert "Cancelled: At the aim, at the limit" in said
    assert "because: answered" in said


def test_a_pause_lets_the_ladder_stand(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, priority="critical", at=timezone.now() - timedelta(minutes=5))
    change_status(ticket=ticket, status="pending", by=desk.agent, at=timezone.now())
    said = next(words for words in courses(login(desk.agent), ticket) if "stands while paused" in words)
    assert "because: paused" in said


def test_customers_see_nothing_of_it(desk: Desk, ticket: Ticket, login: Login) -> None:
    take(ticket, "aim", told=[{"who": "supervisors", "name": "Olga Owner"}])
    text = login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Ladder" not in text
    assert "Olga Owner" not in text
