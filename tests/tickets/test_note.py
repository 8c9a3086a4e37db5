"""Internal notes: staff's, and nobody else's, anywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from notifications.models import Notification, OutboxMessage
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.forms import FormPage, reader
from tickets.models import Attachment, Message
from tickets.services import add_note, assign_ticket, close_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]
SECRET = "Their router is a museum piece"


def test_an_agent_adds_a_note(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    client = login(desk.agent)
    response = client.post(f"/tickets/{ticket.number}/note/", {"body": SECRET})
    assert response.status_code == 303
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert SECRET in page
    assert "Internal note: only staff see this" in page
    assert Message.objects.latest("pk").is_note


def test_the_note_page_opens_the_composer_as_a_note(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    page = login(desk.agent).get(f"/tickets/{ticket.number}/note/").content.decode()
    assert 'value="note" data-shortcut="n" checked' in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Write something before you add it."), ("es", "Escriba algo antes de agregarla.")],
)
def test_an_empty_note_is_refused_and_the_composer_stays_a_note(desk: Desk, language: str, said: str) -> None:
    ticket = new_ticket(desk)
    response = reader(desk.agent, language).post(f"/tickets/{ticket.number}/note/", {"body": ""})
    page = FormPage(response)
    assert page.status == 422
    page.says("body", said, language=language)
    assert page.value("mode") == "note"


def test_a_contact_may_not_write_notes(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    assert login(desk.contact).post(f"/tickets/{ticket.number}/note/", {"body": "x"}).status_code == 403
    assert login(desk.contact).get(f"/tickets/{ticket.number}/note/").status_code == 403


def test_no_contact_sees_a_note_in_page_list_search_bell_mail_or_file(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent2, by=desk.supervisor, at=MONDAY)
    note = add_note(
        ticket=ticket, by=desk.agent, body=SECRET, files=[SimpleUploadedFile("n.txt", b"x")], at=MONDAY
    )
    client = login(desk.contact)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert SECRET not in page
    assert "n.txt" not in page
    assert f'id="m{note.pk}"' not in page
    assert f'#m{note.pk}"' not in page
    assert "Bea Agent" in page, "who handles it is no secret"
    assert ticket.subject not in client.get("/tickets/?q=museum").content.decode()
    assert ticket.subject in login(desk.agent).get("/queue/?q=museum").content.decode()
    assert client.get(f"/attachments/{Attachment.objects.get().pk}/").status_code == 404
    for row in Notification.objects.exclude(recipient__customer=None):
        assert "note" not in row.title
    for mail in OutboxMessage.objects.all():
        assert SECRET not in mail.body_text + mail.body_html


def test_staff_may_note_on_a_closed_ticket(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    close_ticket(ticket=ticket, at=MONDAY)
    response = login(desk.agent).post(f"/tickets/{ticket.number}/note/", {"body": SECRET})
    assert response.status_code == 303


def test_a_note_survives_an_ended_session(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    client = login(desk.agent)
    client.logout()
    client.post(f"/tickets/{ticket.number}/note/", {"body": SECRET, "mode": "note"})
    client.force_login(desk.agent.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert SECRET in client.get(f"/tickets/{ticket.number}/note/").content.decode()
