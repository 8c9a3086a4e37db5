"""The documentation page."""

import re
from typing import Any

from supportdesk.api_reference import forms_of, groups_of
from supportdesk.api_views import openapi_document
from tests.api.callers import ApiCaller
from tests.factories import Desk


def test_page_shows_every_operation_to_anybody(anonymous: ApiCaller) -> None:
    response = anonymous.get("docs/")
    page = response.content.decode()
    assert response.status_code == 200
    for path, item in openapi_document("en")["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in page
    assert "http://testserver/t/acme/api/v1/tickets/" in page


def test_every_link_inside_the_page_leads_somewhere(desk: Desk, login: Any) -> None:
    page = login(desk.agent).get("/api/v1/docs/").content.decode()
    targets = set(re.findall(r'href="#([^"]+)"', page))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert targets <= set(ids)
    assert len(ids) == len(set(ids))
    assert "problem-edited_meanwhile" in ids


def test_page_keeps_to_the_content_policy(anonymous: ApiCaller) -> None:
    page = anonymous.get("docs/").content.decode()
    assert 'style="' not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver)', page)


def test_page_speaks_the_readers_language(desk: Desk, login: Any) -> None:
    desk.agent.user.language = "es"
    desk.agent.user.save()
    page = login(desk.agent).get("/api/v1/docs/")
    assert page.status_code == 200
    assert b'lang="es"' in page.content


def test_operations_stand_in_groups() -> None:
    groups = {group.id: group for group in groups_of(openapi_document("en"))}
    assert list(groups) == [
        "tickets",
        "actions",
        "services",
        "promises",
        "edits",
        "maintenance",
        "knowledge",
        "people",
        "look",
        "tokens",
    ]
    listing = next(o for o in groups["tickets"].operations if o.id == "list_tickets")
    status = next(parameter for parameter in listing.parameters if parameter.name == "status")
    assert "on_hold" in status.choices
    assert status.form == "[string]"
    reply = next(o for o in groups["actions"].operations if o.id == "reply_to_ticket")
    assert [(field.name, field.is_required) for field in reply.body] == [
        ("body", True),
        ("then", False),
        ("not_solved", False),
        ("files", False),
    ]
    assert [answer.status for answer in reply.refusals][:2] == ["400", "401"]


def test_forms_link_to_the_forms_inside_them() -> None:
    forms = {form.name: form for form in forms_of(openapi_document("en"))}
    assert "TicketInputRequest" not in forms, "its fields stand beside its operation"
    assert "PauseInputRequest" in forms, "part of a body, and nowhere else"
    assignee = next(field for field in forms["Ticket"].fields if field.name == "assignee")
    assert (assignee.link, assignee.form) == ("PersonRef", "PersonRef | null")
    assert {field.link for form in forms.values() for field in form.fields} <= {"", *forms}
