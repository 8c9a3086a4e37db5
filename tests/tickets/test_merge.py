"""Two tickets about one thing."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from notifications.models import Notification, OutboxMessage
from sla.models import Clock
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tickets.models import Ticket, TicketEvent
from tickets.services import (
    ask_approval,
    assign_ticket,
    close_ticket,
    merge_tickets,
    reply_to_ticket,
    resolve_ticket,
)

Login = Callable[[Any], DeskClient]


@pytest.fixture
def pair(desk: Desk) -> tuple[Ticket, Ticket]:
    """ACME-1001, and ACME-1002 into which it will be merged."""
    first = new_ticket(desk, by=desk.contact2, subject="Till is dead", priority="critical")
    return first, new_ticket(desk, priority="critical")


def merged(desk: Desk, pair: tuple[Ticket, Ticket]) -> tuple[Ticket, Ticket]:
    merge_tickets(ticket=pair[0], into=pair[1], by=desk.agent, at=MONDAY)
    for ticket in pair:
        ticket.refresh_from_db()
    return pair


def test_an_agent_merges_by_number_and_stands_at_the_survivor(
    desk: Desk, pair: tuple[Ticket, Ticket], login: Login
) -> None:
    client = login(desk.agent)
    page = client.get("/tickets/1001/merge/").content.decode()
    assert "The till does not print" in page, "the customer's other open tickets stand there"
    response = client.post("/tickets/1001/merge/", {"into": "ACME-1002"})
    assert (response.status_code, response["Location"]) == (303, "/t/acme/tickets/1002/")
    ticket, survivor = pair
    ticket.refresh_from_db()
    assert (ticket.status, ticket.merged_into) == ("closed", survivor)
    page = client.get("/tickets/1002/").content.decode()
    assert "ACME-1001 is merged into ACME-1002." in page
    assert "merged this ticket into <a" in client.get("/tickets/1001/").content.decode()
    assert 'merged <a href="/t/acme/tickets/1001/">ACME-1001</a> into this ticket' in page


def test_clocks_of_the_merged_are_cancelled_and_the_survivors_untouched(
    desk: Desk, pair: tuple[Ticket, Ticket]
) -> None:
    before = list(Clock.objects.filter(ticket=pair[1]).values("metric", "due_at", "status"))
    ticket, survivor = merged(desk, pair)
    assert set(Clock.objects.filter(ticket=ticket).values_list("status", "ended_at")) == {
        ("cancelled", MONDAY)
    }
    assert list(Clock.objects.filter(ticket=survivor).values("metric", "due_at", "status")) == before
    assert (ticket.due_at, ticket.due_state) == (None, "none")


def test_a_reply_to_the_merged_is_refused_with_the_way_to_the_survivor(
    desk: Desk, pair: tuple[Ticket, Ticket], login: Login
) -> None:
    merged(desk, pair)
    for who in (desk.contact2, desk.agent):
        response = login(who).post("/tickets/1001/reply/", {"body": "Is anybody there?"})
        page = response.content.decode()
        assert response.status_code == 409
        assert "This ticket was merged into ACME-1002. Please go on there." in page
        assert '<a href="/t/acme/tickets/1002/">' in page
        assert "Is anybody there?" in page, "nothing typed is lost"
    assert "file a new ticket" not in page


def test_the_requester_is_told_and_led_to_the_survivor(desk: Desk, pair: tuple[Ticket, Ticket]) -> None:
    assign_ticket(ticket=pair[1], assignee=desk.agent2, by=desk.agent2, at=MONDAY)
    merged(desk, pair)
    line = Notification.objects.get(kind="merged", recipient=desk.contact2)
    assert line.title == "ACME-1001 was merged into ACME-1002: The till does not print"
    assert line.path == "/tickets/1002/"
    assert Notification.objects.filter(kind="merged", recipient=desk.agent2).count() == 1
    assert OutboxMessage.objects.get(kind="merged").to == desk.contact2.user.email


def test_what_cannot_be_merged_is_said_beside_the_field(
    desk: Desk, pair: tuple[Ticket, Ticket], login: Login
) -> None:
    stranger = new_ticket(desk, by=desk.other_contact)
    third, closed = new_ticket(desk), new_ticket(desk)
    resolve_ticket(ticket=closed, by=desk.agent, at=MONDAY)
    close_ticket(ticket=closed, at=MONDAY)
    merged(desk, pair)
    client = login(desk.agent)
    for into, status, words in (
        ("", 422, "Write the number of the ticket that stays."),
        ("9999", 422, "There is no ticket of this number. Choose one from the list."),
        (str(third.number), 409, "A ticket cannot be merged into itself. Choose another one."),
        (str(stranger.number), 409, "This ticket is another customer's. Choose one of the same customer."),
        (str(closed.number), 409, f"ACME-{closed.number} is closed. Choose an open one."),
        ("1001", 409, "ACME-1001 was itself merged into ACME-1002. Choose ACME-1002."),
    ):
        page = FormPage(client.post(f"/tickets/{third.number}/merge/", {"into": into}))
        assert (page.status, page.error_of("into"), page.value("into")) == (status, words, into)
    page = FormPage(client.post("/tickets/1002/merge/", {"into": str(third.number)}))
    assert "Other tickets were merged into this one, so it stays." in page.error_of("into")
    page = FormPage(client.post("/tickets/1001/merge/", {"into": str(third.number)}))
    assert page.error_of("into") == "This ticket was merged into ACME-1002. Please go on there."


def test_candidates_are_searched_among_the_same_customers_open_tickets(
    desk: Desk, pair: tuple[Ticket, Ticket], login: Login
) -> None:
    new_ticket(desk, by=desk.other_contact, subject="Till of another company")
    client = login(desk.agent)
    page = client.get("/tickets/1002/merge/?q=dead").content.decode()
    assert "Till is dead" in page
    assert "Till of another company" not in client.get("/tickets/1002/merge/?q=till").content.decode()
    assert FormPage(client.get("/tickets/1002/merge/?into=ACME-1001")).value("into") == "ACME-1001"
    assert "No other open ticket of this customer fits." in (
        client.get("/tickets/1002/merge/?q=giraffe").content.decode()
    )


def test_both_customers_pages_lead_to_each_other(
    desk: Desk, pair: tuple[Ticket, Ticket], login: Login
) -> None:
    merged(desk, pair)
    client = login(desk.contact)
    assert "Please go on there." in client.get("/tickets/1001/").content.decode()
    assert '<a href="/t/acme/tickets/1001/">ACME-1001</a>' in client.get("/tickets/1002/").content.decode()


def test_contacts_merge_nothing(desk: Desk, pair: tuple[Ticket, Ticket], login: Login) -> None:
    assert login(desk.contact).post("/tickets/1001/merge/", {"into": "1002"}).status_code == 403


def test_messages_stay_where_they_were_written(desk: Desk, pair: tuple[Ticket, Ticket]) -> None:
    reply_to_ticket(ticket=pair[0], by=desk.agent, body="We look.", at=MONDAY)
    ticket, survivor = merged(desk, pair)
    assert (ticket.messages.count(), survivor.messages.count()) == (2, 1)
    kinds = TicketEvent.objects.filter(ticket=survivor).values_list("kind", flat=True)
    assert list(kinds) == ["filed", "merged_in"]


def test_a_question_that_waits_is_withdrawn_and_whoever_was_asked_reads_why(
    desk: Desk, pair: tuple[Ticket, Ticket], login: Login
) -> None:
    ticket, survivor = pair
    approval = ask_approval(ticket=ticket, question="Shall we import it?", by=desk.agent, at=MONDAY)
    asking = OutboxMessage.objects.filter(kind="approval_asked")
    letter = asking.get(recipient=desk.customer_admin).body_text
    link = re.search(r"/approvals/answer/[^/\s]+/", letter)
    assert link
    agent = login(desk.agent)
    assert (
        "The question that waits for approval is withdrawn"
        in agent.get("/tickets/1001/merge/").content.decode()
    )
    agent.post("/tickets/1001/merge/", {"into": "ACME-1002"})
    approval.refresh_from_db()
    assert (approval.state, approval.decided_by) == ("withdrawn", desk.agent)
    assert "no longer asks for approval" in agent.get("/tickets/1001/").content.decode()
    assert not asking.filter(cancelled_at=None).exists(), "no letter asks any more"
    told = {mail.recipient: mail.body_text for mail in OutboxMessage.objects.filter(kind__endswith="merged")}
    assert "The question that waited for approval there is withdrawn" in told[desk.contact2]
    assert "You need not answer this any more" in told[desk.customer_admin]
    assert "Shall we import it?" in told[desk.customer_admin]
    answer = DeskClient(desk.tenant).get(link[0]).content.decode()
    assert "The ticket was merged into ACME-1002, where the conversation goes on." in answer
    assert 'value="approve"' not in answer
    page = login(desk.customer_admin).get(f"/approvals/{approval.pk}/").content.decode()
    assert '<a href="/t/acme/tickets/1002/">' in page
    assert survivor.approvals.count() == 0
