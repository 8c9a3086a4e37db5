"""A message becomes a ticket of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from notifications.models import Notification, OutboxMessage
from sla.models import Clock
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.services import add_note, reply_to_ticket, split_ticket

Login = Callable[[Any], DeskClient]
HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, priority="high")


@pytest.fixture
def question(desk: Desk, ticket: Ticket) -> Message:
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Please restart it.", at=MONDAY + HOUR)
    return reply_to_ticket(
        ticket=ticket,
        by=desk.contact2,
        body="Done.\n\nBesides, the **scanner** beeps twice.",
        files=[SimpleUploadedFile("scanner.txt", b"beep beep")],
        at=MONDAY + 2 * HOUR,
    )


def test_a_message_is_split_off_with_its_files_and_counts_from_when_it_was_written(
    desk: Desk, ticket: Ticket, question: Message, login: Login
) -> None:
    client, address = login(desk.agent), f"/tickets/{ticket.number}/split/{question.pk}/"
    assert f'href="/t/acme{address}"' in client.get(f"/tickets/{ticket.number}/").content.decode()
    assert FormPage(client.get(address)).value("subject") == "Done."
    response = client.post(address, {"subject": "The scanner beeps twice"})
    assert (response.status_code, response["Location"]) == (303, "/t/acme/tickets/1002/")
    split = Ticket.objects.get(number=1002)
    assert (split.filed_at, split.requester, split.priority) == (question.created_at, desk.contact2, "high")
    clock = Clock.objects.get(ticket=split, metric="first_response")
    assert clock.due_at == MONDAY + 24 * HOUR + HOUR, "eight business hours from Monday 12:00 in Lahore"
    copy = split.messages.get()
    assert (copy.body, copy.author, copy.created_at) == (question.body, desk.contact2, question.created_at)
    assert question.attachments.count() == 1, "the message and its file stay as well"
    file = Attachment.objects.get(message=copy)
    content = b"".join(login(desk.contact).get(f"/attachments/{file.pk}/").streaming_content)
    assert (file.name, content) == ("scanner.txt", b"beep beep")


def test_both_tickets_say_where_the_other_one_is(
    desk: Desk, ticket: Ticket, question: Message, login: Login
) -> None:
    split_ticket(ticket=ticket, message=question, subject="Scanner", by=desk.agent2, at=MONDAY + 3 * HOUR)
    for reader in (desk.agent, desk.contact):
        client = login(reader)
        page = client.get("/tickets/1001/").content.decode()
        assert 'split <a href="/t/acme/tickets/1002/">ACME-1002</a> off from this ticket' in page
        page = client.get("/tickets/1002/").content.decode()
        assert 'split this ticket off from <a href="/t/acme/tickets/1001/">ACME-1001</a>' in page
    filed, gone = (TicketEvent.objects.filter(ticket__number=1002, kind=k).get() for k in ("filed", "split"))
    assert (filed.at, filed.data["split_from"]) == (question.created_at, 1001)
    assert (gone.at, gone.actor) == (MONDAY + 3 * HOUR, desk.agent2)


def test_the_writer_and_the_assignee_are_told(desk: Desk, ticket: Ticket, question: Message) -> None:
    split_ticket(ticket=ticket, message=question, subject="Scanner", by=desk.agent2, at=MONDAY + 3 * HOUR)
    told = Notification.objects.filter(kind="split")
    assert set(told.values_list("recipient", flat=True)) == {desk.contact2.pk, desk.agent.pk}
    assert told[0].title == "Part of ACME-1001 is now ACME-1002: Scanner"
    assert OutboxMessage.objects.get(kind="split").to == desk.contact2.user.email
    assert Ticket.objects.get(number=1002).assignee == desk.agent


def test_only_later_messages_of_the_customer_are_split_off_and_once(
    desk: Desk, ticket: Ticket, question: Message, login: Login
) -> None:
    client = login(desk.agent)
    note = add_note(ticket=ticket, by=desk.agent, body="Hm", at=MONDAY + 2 * HOUR)
    answer = Message.objects.get(body="Please restart it.")
    for message in (note, answer):
        assert client.get(f"/tickets/1001/split/{message.pk}/").status_code == 404
    first = Message.objects.get(ticket=ticket, body__startswith="It worked")
    refused = client.post(f"/tickets/1001/split/{first.pk}/", {"subject": "Again"})
    assert refused.status_code == 409
    assert "This message is what the ticket is about." in refused.content.decode()
    client.post(f"/tickets/1001/split/{question.pk}/", {"subject": "Scanner"})
    again = client.post(f"/tickets/1001/split/{question.pk}/", {"subject": "Scanner"})
    assert again.status_code == 409
    assert "This message has become ACME-1002 already." in again.content.decode()
    assert Ticket.objects.count() == 2


def test_a_ticket_without_a_subject_is_refused_beside_the_field(
    desk: Desk, ticket: Ticket, question: Message, login: Login
) -> None:
    page = FormPage(login(desk.agent).post(f"/tickets/1001/split/{question.pk}/", {"subject": " "}))
    assert (page.status, page.error_of("subject")) == (422, "Write a subject.")


def test_messages_of_another_ticket_and_contacts_find_nothing(
    desk: Desk, ticket: Ticket, question: Message, login: Login
) -> None:
    other = new_ticket(desk)
    assert login(desk.agent).get(f"/tickets/{other.number}/split/{question.pk}/").status_code == 404
    address = f"/tickets/1001/split/{question.pk}/"
    assert login(desk.contact).post(address, {"subject": "Mine"}).status_code == 403
