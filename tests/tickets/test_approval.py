"""Asking a customer for approval, out of scope or not, and the answer: in the portal, by the link, by API."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Notification, OutboxMessage
from sla.models import Clock
from tests.factories import Desk, DeskClient, new_ticket
from tickets import services
from tickets.models import Approval, Ticket

Login = Callable[[Any], DeskClient]
ASK = {
    "question": "Shall we import your old invoices?",
    "estimate": "1:30",
    "price": "",
    "clause": "hardware",
}


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, priority="critical", at=timezone.now() - timedelta(minutes=5))


def asked(desk: Desk, ticket: Ticket, **changes: Any) -> Approval:
    values: dict[str, Any] = {"question": "Shall we?", "by": desk.agent, "at": timezone.now()}
    return services.ask_approval(ticket=ticket, **(values | changes))


def link_in(mail: OutboxMessage) -> str:
    found = re.search(r"/approvals/answer/[^/\s]+/", mail.body_text)
    assert found
    return found[0]


def test_an_agent_names_the_clause_and_the_clocks_wait(desk: Desk, ticket: Ticket, login: Login) -> None:
    agent, page = login(desk.agent), f"/tickets/{ticket.number}/approval/"
    assert "Your own hardware" in agent.get(page).content.decode()
    assert agent.post(page, ASK).status_code == 303
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("awaiting_approval", desk.agent)
    states = dict(Clock.objects.filter(ticket=ticket).values_list("metric", "status"))
    assert states == {"first_response": "met", "resolution": "paused"}
    shown = agent.get(f"/tickets/{ticket.number}/").content.decode()
    assert "asked for approval of work out of scope (Your own hardware): 1 h 30 min" in shown
    assert "The customer has been asked for approval." in shown
    mails = OutboxMessage.objects.filter(kind="approval_asked")
    assert {mail.recipient for mail in mails} == {desk.contact, desk.customer_admin}
    assert all("Your own hardware" in mail.body_text and mail.is_secret for mail in mails)
    assert len({link_in(mail) for mail in mails}) == 2
    assert Notification.objects.filter(kind="approval_asked").count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"question": " "}, "Write what the customer shall approve."),
        ({"estimate": ""}, "What is out of scope needs an estimate: hours, or a price."),
        ({"estimate": "soon"}, "Write hours, as in 1:30 or 1.5."),
        ({"estimate": "0:00"}, "Write more than nothing"),
        ({"clause": "forged"}, "This choice does not exist"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    desk: Desk, ticket: Ticket, login: Login, typed: dict[str, str], words: str
) -> None:
    answer = login(desk.agent).post(f"/tickets/{ticket.number}/approval/", ASK | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Approval.objects.exists()


def test_the_customer_approves_in_the_portal_and_the_clock_goes_on(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    approval = asked(desk, ticket, estimate_minutes=90)
    requester = login(desk.contact)
    assert "Your approval is needed." in requester.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Shall we?" in requester.get("/approvals/").content.decode()
    page = f"/approvals/{approval.pk}/"
    assert "1 h 30 min" in requester.get(page).content.decode()
    assert requester.post(page, {"comment": "Go on"}).status_code == 422
    assert requester.post(page, {"answer": "approve", "comment": "Go on"}).status_code == 303
    approval.refresh_from_db()
    assert (approval.state, approval.decided_by, approval.comment) == ("approved", desk.contact, "Go on")
    assert Ticket.objects.get().status == "open"
    assert Clock.objects.get(ticket=ticket, metric="resolution").status == "running"
    assert "approved: Go on" in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    told = OutboxMessage.objects.get(kind="approval_decided", recipient=desk.agent)
    assert told.subject.startswith("Carla Contact approved on ACME-")
    assert not OutboxMessage.objects.waiting().filter(kind="approval_asked").exists()
    again = requester.post(page, {"answer": "decline"})
    assert again.status_code == 409
    assert "This was answered before" in again.content.decode()


def test_others_of_the_company_read_it_and_do_not_answer(desk: Desk, ticket: Ticket, login: Login) -> None:
    approval = asked(desk, ticket)
    page = f"/approvals/{approval.pk}/"
    assert "or an admin of your company answers" in login(desk.contact2).get(page).content.decode()
    assert login(desk.contact2).post(page, {"answer": "approve"}).status_code == 403
    assert login(desk.agent).post(page, {"answer": "approve"}).status_code == 403
    assert login(desk.other_contact).get(page).status_code == 404
    assert login(desk.customer_admin).post(page, {"answer": "decline"}).status_code == 303
    approval.refresh_from_db()
    assert (approval.state, approval.decided_by) == ("declined", desk.customer_admin)


def test_the_link_in_the_mail_answers_without_a_log_in_and_opening_it_does_not(
    desk: Desk, ticket: Ticket
) -> None:
    approval = asked(desk, ticket, estimate_minutes=60)
    mail = OutboxMessage.objects.get(kind="approval_asked", recipient=desk.customer_admin)
    reader, link = DeskClient(desk.tenant), link_in(mail)
    for _turn in range(2):
        page = reader.get(link)
        assert page.status_code == 200
        assert "You answer as Cora Chief" in page.content.decode()
        assert Approval.objects.get().is_waiting
    assert reader.post(link, {}).status_code == 422
    done = reader.post(link, {"answer": "approve"})
    assert "goes on with the work" in done.content.decode()
    approval.refresh_from_db()
    assert (approval.state, approval.decided_by, approval.decided_through) == (
        "approved",
        desk.customer_admin,
        "link",
    )
    assert "goes on with the work" in reader.post(link, {"answer": "decline"}).content.decode()
    approval.refresh_from_db()
    assert approval.state == "approved"
    broken = reader.get("/approvals/answer/forged/")
    assert broken.status_code == 410


def test_the_link_of_somebody_who_left_answers_nothing(desk: Desk, ticket: Ticket) -> None:
    asked(desk, ticket)
    mail = OutboxMessage.objects.get(kind="approval_asked", recipient=desk.customer_admin)
    desk.customer_admin.deactivated_at = timezone.now()
    desk.customer_admin.save()
    reader = DeskClient(desk.tenant)
    assert reader.post(link_in(mail), {"answer": "approve"}).status_code == 410
    assert Approval.objects.get().is_waiting


def test_one_question_at_a_time_and_withdrawing_makes_room(desk: Desk, ticket: Ticket, login: Login) -> None:
    approval, agent = asked(desk, ticket), login(desk.agent)
    refused = agent.post(f"/tickets/{ticket.number}/approval/", ASK)
    assert refused.status_code == 409
    assert "has not answered the last question yet" in refused.content.decode()
    assert agent.post(f"/approvals/{approval.pk}/withdraw/").status_code == 303
    assert Ticket.objects.get().status == "open"
    assert not OutboxMessage.objects.waiting().filter(kind="approval_asked").exists()
    assert agent.post(f"/tickets/{ticket.number}/approval/", ASK).status_code == 303
    assert list(Approval.objects.values_list("state", flat=True)) == ["waiting", "withdrawn"]


def test_nothing_is_asked_or_answered_on_a_resolved_ticket(desk: Desk, ticket: Ticket, login: Login) -> None:
    approval, now = asked(desk, ticket), timezone.now()
    services.resolve_ticket(ticket=ticket, by=desk.agent, at=now)
    page = f"/approvals/{approval.pk}/"
    assert "nothing is left to approve" in login(desk.contact).get(page).content.decode()
    assert login(desk.contact).post(page, {"answer": "approve"}).status_code == 409
    assert login(desk.agent).post(f"/tickets/{ticket.number}/approval/", ASK).status_code == 409


def test_a_status_set_by_hand_meanwhile_stays(desk: Desk, ticket: Ticket) -> None:
    approval = asked(desk, ticket)
    services.change_status(ticket=ticket, status="on_hold", by=desk.agent, at=timezone.now())
    services.decide_approval(approval=approval, approve=True, by=desk.contact, at=timezone.now())
    assert Ticket.objects.get().status == "on_hold"


def test_the_same_through_the_api(desk: Desk, ticket: Ticket, login: Login) -> None:
    agent, requester = login(desk.agent), login(desk.contact)
    where, kind = f"/api/v1/tickets/{ticket.number}/approval/", "application/json"
    refused = agent.post(where, {"question": "Shall we?", "clause": "hardware"}, kind)
    assert (refused.status_code, refused.json()["code"]) == (422, "refused_approval")
    assert agent.post(where, {"question": "Shall we?", "clause": "none"}, kind).status_code == 400
    made = agent.post(where, {"question": "Shall we?", "clause": "hardware", "price": "200 USD"}, kind)
    assert made.status_code == 201
    assert made.json()["clause"]["title"] == "Your own hardware"
    assert agent.post(where, {"question": "And?"}, kind).json()["code"] == "approval_waits"
    answer = f"/api/v1/approvals/{made.json()['id']}/decide/"
    assert agent.post(answer, {"approve": True}, kind).status_code == 403
    done = requester.post(answer, {"approve": False, "comment": "Too dear"}, kind).json()
    assert (done["state"], done["decided_through"], done["comment"]) == ("declined", "api", "Too dear")
    assert requester.post(answer, {"approve": True}, kind).json()["code"] == "approval_over"
    listed = requester.get(f"/api/v1/approvals/?state=declined&ticket={ticket.number}").json()
    assert [row["id"] for row in listed["results"]] == [made.json()["id"]]
    assert login(desk.other_contact).get("/api/v1/approvals/").json()["results"] == []


def test_a_form_that_is_sent_twice_asks_once(desk: Desk, ticket: Ticket, login: Login) -> None:
    agent, page = login(desk.agent), f"/tickets/{ticket.number}/approval/"
    sent = ASK | {"submission": "6f1c1c7e-5c8b-4a39-9f1c-2d7e8a9b0c1d"}
    assert [agent.post(page, sent).status_code for _turn in range(2)] == [303, 303]
    assert Approval.objects.count() == 1


def test_lists_ask_as_often_however_many_there_are(
    desk: Desk, login: Login, django_assert_max_num_queries: Any
) -> None:
    def more(at: datetime, count: int) -> None:
        for _turn in range(count):
            asked(desk, new_ticket(desk, at=at), at=at)

    more(timezone.now(), 12)
    client = login(desk.agent)
    client.get("/approvals/")
    with django_assert_max_num_queries(10):
        client.get("/approvals/")


def test_nobody_is_asked_on_a_ticket_that_is_not_theirs_to_read(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    Ticket.objects.update(is_private=True)
    approval = asked(desk, ticket)
    mails = OutboxMessage.objects.filter(kind="approval_asked")
    assert [mail.recipient for mail in mails] == [desk.contact]
    assert not Notification.objects.filter(kind="approval_asked", recipient=desk.customer_admin).exists()
    page = f"/approvals/{approval.pk}/"
    assert login(desk.customer_admin).post(page, {"answer": "approve"}).status_code == 404
    assert login(desk.contact).post(page, {"answer": "approve"}).status_code == 303
