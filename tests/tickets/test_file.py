"""Filing a ticket, by its customer in the portal and by staff on the telephone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tenancy import tenant_scope
from tests.factories import PASSWORD, Desk, DeskClient
from tests.forms import ENDED, NO_CHOICE, FormPage, reader
from tests.tickets.bad_files import BAD_FILES
from tickets.models import Attachment, Ticket

Login = Callable[[Any], DeskClient]


def form(desk: Desk, **changes: Any) -> dict[str, Any]:
    values = {
        "subject": "The till does not print",
        "body": "It worked **yesterday**.",
        "category": desk.category.pk,
        "priority": "high",
        "affected_service": "Till 3",
    }
    return {key: value for key, value in (values | changes).items() if value is not None}


def test_a_contact_files_a_ticket_and_is_told_number_and_promise(desk: Desk, login: Login) -> None:
    client = login(desk.contact)
    response = client.post("/tickets/new/", form(desk))
    ticket = Ticket.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/t/acme/tickets/{ticket.number}/")
    assert (ticket.requester, ticket.customer) == (desk.contact, desk.customer)
    assert (ticket.priority, ticket.affected_service, ticket.channel) == ("high", "Till 3", "portal")
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert f"ACME-{ticket.number} is filed. First reply by" in page
    assert "<strong>yesterday</strong>" in page


def test_each_priority_shows_its_definition_and_its_promise_before_filing(desk: Desk, login: Login) -> None:
    page = login(desk.contact).get("/tickets/new/").content.decode()
    assert "Nobody can work." in page
    assert "One department cannot work." in page
    assert page.count("First reply by") == 4


def test_staff_file_for_a_contact_and_the_clocks_are_the_customers(desk: Desk, login: Login) -> None:
    response = login(desk.agent).post("/tickets/new/", form(desk, requester=desk.other_contact.pk))
    ticket = Ticket.objects.get()
    assert response.status_code == 303
    assert (ticket.requester, ticket.customer, ticket.channel) == (
        desk.other_contact,
        desk.other_customer,
        "agent",
    )


def test_the_promises_follow_the_requester_that_staff_choose(desk: Desk, login: Login) -> None:
    client = login(desk.agent)
    assert "First reply by" not in client.get("/tickets/new/").content.decode()
    chosen = client.get(f"/tickets/new/?requester={desk.contact.pk}&priority=critical").content.decode()
    assert "First reply by" in chosen
    assert 'value="critical" checked' in chosen


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (
            "subject",
            "x" * 214,
            {
                "en": "This is 214 characters long, 14 too many. The limit is 200.",
                "es": "Tiene 214 caracteres, 14 de más. El límite es 200.",
            },
        ),
        ("subject", "   ", {"en": "Write a subject.", "es": "Escriba un asunto."}),
        (
            "subject",
            "nul\x00byte",
            {"en": "Null characters are not allowed.", "es": "Los caracteres nulos no están permitidos."},
        ),
        ("body", "", {"en": "Describe what happens.", "es": "Describa lo que ocurre."}),
        ("body", "  \n ", {"en": "Describe what happens.", "es": "Describa lo que ocurre."}),
        (
            "body",
            "x" * 20_001,
            {
                "en": "This is 20001 characters long, 1 too many. The limit is 20000.",
                "es": "Tiene 20001 caracteres, 1 de más. El límite es 20000.",
            },
        ),
        (
            "affected_service",
            "x" * 121,
            {
                "en": "This is 121 characters long, 1 too many. The limit is 120.",
                "es": "Tiene 121 caracteres, 1 de más. El límite es 120.",
            },
        ),
        ("category", "", {"en": "Choose what this is about.", "es": "Elija de qué se trata."}),
        ("category", "999999999999999999999", NO_CHOICE),
        ("category", "x", NO_CHOICE),
        ("priority", "urgent", NO_CHOICE),
        ("priority", "", {"en": "Choose how urgent this is.", "es": "Elija qué tan urgente es."}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    desk: Desk, language: str, field: str, typed: str, said: dict[str, str]
) -> None:
    sent = form(desk) | {field: typed}
    page = FormPage(reader(desk.contact, language).post("/tickets/new/", sent))
    assert page.status == 422
    page.says(field, said[language], language=language)
    assert said[language] in page.summary[f"id_{field}"], "the summary leads to the field"
    page.keeps(sent, but=field if field in ("category", "priority") else "")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_category_of_another_desk_is_refused(desk: Desk, other_desk: Desk, language: str) -> None:
    sent = form(desk, category=other_desk.category.pk)
    page = FormPage(reader(desk.contact, language).post("/tickets/new/", sent))
    assert page.status == 422
    page.says("category", NO_CHOICE[language], language=language)
    page.keeps(sent, but="category")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_requester_must_be_a_contact_of_this_desk(desk: Desk, other_desk: Desk, language: str) -> None:
    client = reader(desk.agent, language)
    for forged in (other_desk.contact.pk, desk.agent2.pk, 10**30, "x"):
        sent = form(desk, requester=forged)
        page = FormPage(client.post("/tickets/new/", sent))
        assert page.status == 422
        page.says("requester_name", NO_CHOICE[language], language=language)
        page.keeps(sent, but="requester")
    assert not Ticket.objects.exists()


def test_the_requester_is_found_by_name_and_nothing_typed_is_lost(desk: Desk, login: Login) -> None:
    client, typed = login(desk.agent), form(desk, subject="The till is dead")
    assert desk.contact.name not in client.get("/tickets/new/").content.decode(), "no list of everybody"
    several = client.post("/tickets/new/", typed | {"requester_name": "bright bakery", "step": "find"})
    assert "Several match" in several.content.decode()
    FormPage(several).keeps(typed)
    for picked in ({"pick": desk.contact2.pk}, {"requester_name": "chris", "step": "find"}):
        page = client.post("/tickets/new/", typed | picked)
        FormPage(page).keeps(typed)
        assert f'name="requester" value="{desk.contact2.pk}"' in page.content.decode()
        assert "Chris Contact · Bright Bakery" in page.content.decode()
    again = client.post("/tickets/new/", typed | {"requester": desk.contact2.pk, "pick": ""})
    assert 'name="requester_name"' in again.content.decode()
    assert not Ticket.objects.exists()
    asked = FormPage(client.post("/tickets/new/", typed | {"requester_name": "contact"}))
    asked.says("requester_name", "Choose the person who asks for help.", language="en")
    assert client.post("/tickets/new/", typed | {"requester_name": "Chris"}).status_code == 303
    assert Ticket.objects.get().requester == desk.contact2, "the only one that it can mean"


def test_people_of_a_closed_customer_are_not_offered_as_requesters(desk: Desk, login: Login) -> None:
    desk.other_customer.is_active = False
    desk.other_customer.save(update_fields=["is_active"])
    headers = {"HX-Request": "true", "HX-Target": "requester-hits"}
    hits = login(desk.agent).get("/tickets/new/?requester_name=o", headers=headers).content.decode()
    assert desk.contact.name in hits
    assert desk.other_contact.name not in hits
    assert "<html" not in hits


def test_a_contact_cannot_file_in_the_name_of_somebody_else(desk: Desk, login: Login) -> None:
    login(desk.contact).post("/tickets/new/", form(desk, requester=desk.other_contact.pk))
    assert Ticket.objects.get().requester == desk.contact


def test_files_come_with_the_first_message(desk: Desk, login: Login) -> None:
    files = [SimpleUploadedFile("a.png", b"png"), SimpleUploadedFile("b.log", b"log")]
    login(desk.contact).post("/tickets/new/", form(desk, attachments=files))
    assert {file.name for file in Attachment.objects.all()} == {"a.png", "b.log"}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("case", sorted(BAD_FILES))
def test_a_file_that_is_not_taken_is_refused_in_words_and_the_text_kept(
    desk: Desk, case: str, language: str
) -> None:
    files, said = BAD_FILES[case]
    sent = form(desk, attachments=files())
    page = FormPage(reader(desk.contact, language).post("/tickets/new/", sent))
    assert page.status == 422
    page.says("attachments", said[language], language=language)
    page.keeps(sent)
    assert not Ticket.objects.exists()


def test_the_limits_of_files_are_said_before_choosing(desk: Desk, login: Login) -> None:
    page = login(desk.contact).get("/tickets/new/").content.decode()
    assert "Up to 10 files, 20 MB each" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_typed_survives_an_ended_session(desk: Desk, language: str) -> None:
    client, sent = reader(desk.contact, language), form(desk)
    client.get("/tickets/new/")
    del client.cookies["sessionid"]
    response = client.post("/tickets/new/", sent, follow=True)
    assert ENDED[language] in response.content.decode()
    back = {"login": desk.contact.user.email, "password": PASSWORD, "next": "/t/acme/tickets/new/"}
    page = FormPage(client.post("/accounts/login/", back, follow=True))
    assert page.language == language
    page.keeps(sent)


def test_numbers_have_no_gaps_when_a_filing_is_refused(desk: Desk, login: Login) -> None:
    client = login(desk.contact)
    client.post("/tickets/new/", form(desk))
    client.post("/tickets/new/", form(desk, subject=""))
    client.post("/tickets/new/", form(desk))
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1001, 1002]


def test_who_is_not_logged_in_is_sent_to_the_log_in(desk: Desk) -> None:
    response = Client().get("/t/acme/tickets/new/")
    assert response.status_code == 302
    assert response["Location"].endswith("/accounts/login/?next=/t/acme/tickets/new/")


def test_a_person_of_another_desk_finds_nothing(desk: Desk, other_desk: Desk, login: Login) -> None:
    client = login(other_desk.agent)
    client.prefix = "/t/acme"
    assert client.get("/tickets/new/").status_code == 404
    assert client.post("/tickets/new/", form(desk)).status_code == 404
    with tenant_scope(desk.tenant.pk):
        assert not Ticket.objects.exists()
