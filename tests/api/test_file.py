"""Filing a ticket through the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.api.callers import Callers
from tests.factories import Desk
from tickets.models import Attachment, Ticket


def body(desk: Desk, **changes: Any) -> dict[str, Any]:
    values = {
        "subject": "The till does not print",
        "body": "It worked **yesterday**.",
        "category": desk.category.pk,
        "priority": "high",
        "affected_service": "Till 2",
    }
    return values | changes


def test_contact_files_a_ticket(desk: Desk, caller: Callers) -> None:
    response = caller(desk.contact).post("tickets/", body(desk))
    assert response.status_code == 201
    ticket = response.json()
    assert (
        response["Location"]
        == ticket["url"]
        == f"http://testserver/t/acme/api/v1/tickets/{ticket['number']}/"
    )
    assert ticket["reference"] == f"ACME-{ticket['number']}"
    assert (ticket["status"], ticket["channel"]) == ("new", "api")
    assert ticket["customer"]["name"] == "Bright Bakery"
    assert ticket["requester"]["id"] == desk.contact.pk
    assert [m["body"] for m in ticket["messages"]] == ["It worked **yesterday**."]
    assert "<strong>" in ticket["messages"][0]["body_html"]
    assert timezone.now() - Ticket.objects.get().filed_at < timedelta(minutes=1)


def test_promise_runs_at_once(desk: Desk, caller: Callers) -> None:
    due = caller(desk.contact).post("tickets/", body(desk)).json()["due"]
    assert (due["state"], due["metric"]) == ("running", "first_response")
    assert due["at"].endswith("Z")
    assert due["at_risk_at"] < due["at"]


def test_agent_files_for_a_contact(desk: Desk, caller: Callers) -> None:
    response = caller(desk.agent).post("tickets/", body(desk, requester=desk.other_contact.pk))
    assert response.json()["customer"]["name"] == "Calm Carpets"
    event = Ticket.objects.get().events.get(kind="filed")
    assert event.actor == desk.agent


def test_agent_must_name_a_requester(desk: Desk, caller: Callers) -> None:
    response = caller(desk.agent).post("tickets/", body(desk))
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"pointer": "/requester", "code": "required", "detail": "This field is required."}
    ]


@pytest.mark.parametrize("who", ["contact2", "other_contact", "agent"])
def test_contact_cannot_file_for_others(desk: Desk, caller: Callers, who: str) -> None:
    response = caller(desk.contact).post("tickets/", body(desk, requester=getattr(desk, who).pk))
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/requester"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("field", ["category", "requester"])
@pytest.mark.parametrize("of", ["umbra", 10**30, -1, "x", True, None, [1], {}])
def test_forged_ids_do_not_exist(desk: Desk, other_desk: Desk, caller: Callers, field: str, of: Any) -> None:
    theirs = {"category": other_desk.category.pk, "requester": other_desk.contact.pk}
    values = body(desk, requester=desk.contact.pk) | {field: theirs[field] if of == "umbra" else of}
    response = caller(desk.agent).post("tickets/", values)
    assert response.status_code == 400
    assert {error["pointer"] for error in response.json()["errors"]} == {f"/{field}"}
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"subject": "x" * 201}, "/subject", "max_length"),
        ({"subject": "  "}, "/subject", "blank"),
        ({"body": ""}, "/body", "blank"),
        ({"body": "x" * 20_001}, "/body", "max_length"),
        ({"body": "nul \x00"}, "/body", "null_characters_not_allowed"),
        ({"priority": "urgent"}, "/priority", "invalid_choice"),
        ({"prioritty": "high"}, "/prioritty", "unknown"),
        ({"number": 7}, "/number", "unknown"),
    ],
)
def test_bad_values_are_named(
    desk: Desk, caller: Callers, changes: dict[str, Any], pointer: str, code: str
) -> None:
    response = caller(desk.contact).post("tickets/", body(desk, **changes))
    assert response.status_code == 400
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [(pointer, code)]


def test_half_a_character_is_refused(desk: Desk, caller: Callers) -> None:
    sent = json.dumps(body(desk, subject="half \ud83d"))
    response = caller(desk.contact).generic("POST", "tickets/", sent, content_type="application/json")
    assert response.json()["errors"][0]["code"] == "surrogate_characters_not_allowed"


def test_archived_category_is_not_taken(desk: Desk, caller: Callers) -> None:
    desk.category.archived_at = timezone.now()
    desk.category.save()
    response = caller(desk.contact).post("tickets/", body(desk))
    assert response.json()["errors"][0]["code"] == "does_not_exist"


def test_files_come_with_it(desk: Desk, caller: Callers) -> None:
    files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("../b.pdf", b"two")]
    response = caller(desk.contact).post("tickets/", body(desk, files=files), format="multipart")
    assert response.status_code == 201, response.content
    attachments = response.json()["messages"][0]["attachments"]
    assert [(a["name"], a["size"]) for a in attachments] == [("a.txt", 3), ("b.pdf", 3)]


@pytest.mark.parametrize(
    ("name", "content"), [("setup.exe", b"x"), ("empty.txt", b""), ("big.zip", b"x" * (20 * 1024 * 1024 + 1))]
)
def test_file_that_is_not_taken_is_named(desk: Desk, caller: Callers, name: str, content: bytes) -> None:
    values = body(desk, files=[SimpleUploadedFile(name, content)])
    response = caller(desk.contact).post("tickets/", values, format="multipart")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "refused_file")
    assert problem["errors"][0]["pointer"] == "/files"
    assert name in problem["detail"]
    assert not Ticket.objects.exists()
    assert not Attachment.objects.exists()
