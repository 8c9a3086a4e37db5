"""Refusals are problem documents, whatever refused."""

from typing import Any

import pytest

from accounts.services import create_token
from tests.api.callers import ApiCaller, Callers
from tests.factories import FOUNDED, Desk, new_ticket
from tickets.api import views


def test_members_of_a_problem(desk: Desk, caller: Callers) -> None:
    response = caller(desk.agent).post("tickets/", {}, HTTP_X_REQUEST_ID="test-request-1")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    errors = problem.pop("errors")
    assert problem == {
        "type": "http://testserver/t/acme/api/v1/docs/#problem-invalid",
        "title": "Something in the request is not valid",
        "status": 400,
        "code": "invalid",
        "detail": "“errors” names each place and says what is wrong there. Nothing was changed.",
        "instance": "/t/acme/api/v1/tickets/",
        "request_id": "test-request-1",
    }
    assert {error["pointer"] for error in errors} == {"/subject", "/body", "/category", "/priority"}
    assert errors[0] == {"pointer": "/subject", "code": "required", "detail": "This field is required."}


def test_pointers_are_escaped(desk: Desk, caller: Callers) -> None:
    response = caller(desk.agent).post("tickets/1/status/", {"a/b~c": 1})
    assert response.status_code == 404  # the ticket is looked for first
    number = new_ticket(desk).number
    errors = caller(desk.agent).post(f"tickets/{number}/status/", {"a/b~c": 1}).json()["errors"]
    assert errors[0]["pointer"] == "/a~1b~0c"


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("get tickets/999/", 404, "not_found"),
        ("get nothing/here", 404, "not_found"),
        ("get tickets", 404, "not_found"),
        (f"get tickets/{10**30}/", 404, "not_found"),
        ("delete tickets/", 405, "method_not_allowed"),
        ("options tickets/", 405, "method_not_allowed"),
        ("put me/", 405, "method_not_allowed"),
    ],
)
def test_addresses_and_methods(desk: Desk, caller: Callers, asked: str, status: int, code: str) -> None:
    method, path = asked.split()
    response = getattr(caller(desk.agent), method)(path)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "content_type", "wanted"),
    [
        ('{"subject": ', "application/json", (400, "unreadable")),
        ('{"subject": NaN}', "application/json", (400, "unreadable")),
        (b"\xff\xfe", "application/json", (400, "unreadable")),
        ("[1, 2]", "application/json", (400, "invalid")),
        ('"text"', "application/json", (400, "invalid")),
        ("subject=x", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
        ("x", "multipart/form-data", (400, "unreadable")),
        ("<x/>", "text/xml", (415, "unsupported_media_type")),
        (" " * (2 * 1024 * 1024 + 1), "application/json", (413, "too_large")),
    ],
)
def test_bodies_that_cannot_be_read(
    desk: Desk, caller: Callers, body: Any, content_type: str, wanted: tuple[int, str]
) -> None:
    response = caller(desk.contact).generic("POST", "tickets/", body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == wanted


def test_other_forms_are_not_offered(desk: Desk, caller: Callers) -> None:
    response = caller(desk.agent).get("me/", HTTP_ACCEPT="text/html")
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_fault_of_ours_is_a_problem_too_and_tells_nothing(
    desk: Desk, caller: Callers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(views, "tickets_for", fail)
    client = caller(desk.agent)
    client.raise_request_exception = False
    response = client.get("tickets/")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "server_error")
    assert problem["request_id"]
    assert b"inside" not in response.content
    assert "the inside" in caplog.text


def test_problem_speaks_the_callers_language(desk: Desk) -> None:
    desk.contact.user.language = "es"
    desk.contact.user.save()
    _token, secret = create_token(membership=desk.contact, name="es", at=FOUNDED)
    response = ApiCaller("acme", secret).post("tickets/", {})
    assert response.json()["code"] == "invalid"
    assert response["Content-Language"] == "es"
    assert response.json()["errors"][0]["detail"] == "Este campo es requerido."
