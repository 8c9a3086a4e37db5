"""A category asks for its facts when a ticket is filed, and they are kept with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from tests.factories import Desk, DeskClient, new_service, new_ticket
from tests.forms import FormPage
from tests.tickets.intake_forms import FAULT, ask, filing
from tickets.intake import Question
from tickets.models import Attachment, IntakeAnswers, Ticket

Login = Callable[[Any], DeskClient]


def test_answers_are_kept_with_the_ticket_and_read_by_both_sides(desk: Desk, login: Login) -> None:
    ask(desk)
    log = SimpleUploadedFile("till.log", b"paper out")
    sent = filing(desk, q_often="Now and then", q_pattern="Never on Sundays", qf_log=[log])
    assert login(desk.contact).post("/tickets/new/", sent).status_code == 303
    ticket = Ticket.objects.get()
    kept = IntakeAnswers.objects.select_related("form").get(ticket=ticket)
    assert kept.form.number == 1
    assert kept.answers == {
        "steps": "Switch it on\nPress print",
        "since": "2026-03-01",
        "often": "Now and then",
        "pattern": "Never on Sundays",
        "log": ["till.log"],
    }
    assert Attachment.objects.get().name == "till.log"
    for reader in (desk.contact, desk.agent):
        page = login(reader).get(f"/tickets/{ticket.number}/").content.decode()
        assert "Never on Sundays" in page
        assert 'datetime="2026-03-01"' in page
    with pytest.raises(DatabaseError), transaction.atomic():
        IntakeAnswers.objects.update(answers={})


def test_what_is_missing_is_said_beside_its_question_and_nothing_is_lost(desk: Desk, login: Login) -> None:
    ask(desk)
    sent = filing(desk, q_steps="", q_often="Now and then", q_since="yesterday", q_pattern="")
    page = FormPage(login(desk.contact).post("/tickets/new/", sent))
    assert page.status == 422
    page.says("q_steps", "Answer this question.", language="en")
    page.says("q_since", "This is not a date.", language="en")
    page.says("q_pattern", "Answer this question.", language="en")
    assert {"id_q_steps", "id_q_since", "id_q_pattern"} == set(page.summary)
    page.keeps(sent)
    assert not Ticket.objects.exists()


def test_what_hangs_on_another_answer_is_not_asked_and_not_kept(desk: Desk, login: Login) -> None:
    ask(desk)
    login(desk.contact).post("/tickets/new/", filing(desk, q_pattern="Typed, then chosen otherwise"))
    assert set(IntakeAnswers.objects.get().answers) == {"steps", "since", "often"}


def test_without_scripts_continue_leads_to_the_questions_and_files_nothing(desk: Desk, login: Login) -> None:
    ask(desk)
    client = login(desk.contact)
    assert "What did you do?" not in client.get("/tickets/new/").content.decode()
    sent = {"category": desk.category.pk, "subject": "Half", "step": "questions", "q_often": "Now and then"}
    response = client.post("/tickets/new/", sent)
    page = FormPage(response)
    assert page.status == 200
    page.keeps({"subject": "Half", "q_often": "Now and then"})
    assert not page.summary
    assert "What did you do?" in response.content.decode()
    unseen = 'data-asked-with="Now and then" hidden'
    assert unseen not in response.content.decode()
    assert unseen in client.post("/tickets/new/", sent | {"q_often": "Always"}).content.decode()
    assert not Ticket.objects.exists()


def test_staff_may_leave_out_what_the_caller_does_not_know(desk: Desk, login: Login) -> None:
    ask(desk)
    sent = filing(desk, requester=desk.contact.pk, q_steps="", q_often="")
    assert login(desk.agent).post("/tickets/new/", sent).status_code == 303
    assert IntakeAnswers.objects.get().answers == {"since": "2026-03-01"}


def test_the_affected_service_is_asked_by_the_field_of_the_ticket(desk: Desk, login: Login) -> None:
    ask(desk, Question("which", "Which system is it?", "service", required=True))
    erp = new_service(desk)
    sent = {key: value for key, value in filing(desk).items() if not key.startswith("q_")}
    response = login(desk.contact).post("/tickets/new/", sent)
    FormPage(response).says("service", "Say which service it is.", language="en")
    assert "Which system is it?" in response.content.decode()
    login(desk.contact).post("/tickets/new/", sent | {"service": erp.pk})
    assert Ticket.objects.get().service == erp
    assert IntakeAnswers.objects.get().answers == {"which": "ERP production"}


def test_old_tickets_keep_the_questions_they_were_asked(desk: Desk, login: Login) -> None:
    ask(desk)
    login(desk.contact).post("/tickets/new/", filing(desk))
    ask(desk, *(replace(question, label=f"{question.label} Really?") for question in FAULT))
    page = login(desk.agent).get(f"/tickets/{Ticket.objects.get().number}/").content.decode()
    assert "What did you do?" in page
    assert "Really?" not in page


def test_a_ticket_that_came_another_way_was_asked_nothing(desk: Desk, login: Login) -> None:
    ask(desk)
    ticket = new_ticket(desk)
    assert not IntakeAnswers.objects.exists()
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Asked when it was filed" not in page
