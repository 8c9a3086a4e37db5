"""The OpenAPI document: valid, complete, up to date, and what the views really answer."""

from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from django.core.management import call_command
from django.urls import URLPattern, URLResolver
from django.utils import translation

from supportdesk import tenant_urls
from supportdesk.api_views import openapi_document
from tests.api.callers import ApiCaller, Callers
from tests.factories import Desk, new_ticket

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.yaml"
UNDOCUMENTED = {"api_schema", "api_docs", "api_not_found"}


def operations() -> dict[str, dict[str, Any]]:
    document = openapi_document("en")
    return {
        operation["operationId"]: operation
        for item in document["paths"].values()
        for method, operation in item.items()
    }


def test_committed_document_is_what_the_code_says() -> None:
    written = StringIO()
    options = {"urlconf": "supportdesk.tenant_urls", "validate": True, "fail_on_warn": True}
    with translation.override("en"):
        call_command("spectacular", stdout=written, **options)
    assert written.getvalue().rstrip() == COMMITTED.read_text().rstrip(), "run: make schema"


def test_every_address_of_the_api_is_documented() -> None:
    def names(patterns: list[Any]) -> set[str]:
        found: set[str] = set()
        for entry in patterns:
            if isinstance(entry, URLResolver):
                found |= names(entry.url_patterns)
            elif isinstance(entry, URLPattern) and hasattr(entry.callback, "cls"):
                found.add(entry.name or "")
        return found

    assert len(openapi_document("en")["paths"]) == len(names(tenant_urls.urlpatterns) - UNDOCUMENTED)


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    for name, operation in operations().items():
        assert operation["summary"], name
        assert operation["description"], name
        assert len(operation["tags"]) == 1, name
        refusals = {status: a for status, a in operation["responses"].items() if status >= "400"}
        assert {"401", "404", "429"} <= set(refusals), name
        for answer in refusals.values():
            assert list(answer["content"]) == ["application/problem+json"]
            assert answer["content"]["application/problem+json"]["examples"]


def test_enumerations_have_names() -> None:
    schemas = openapi_document("en")["components"]["schemas"]
    assert {"Status", "Priority", "EventKind", "Metric", "Role", "ReceiptPart"} <= set(schemas)
    assert not [name for name in schemas if name.endswith("Enum") and name not in ("NullEnum", "BlankEnum")]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("me/", "Me"),
        ("people/", "PersonPage"),
        ("customers/", "CustomerPage"),
        ("categories/", "CategoryPage"),
        ("tokens/", "TokenPage"),
        ("plans/", "PlanPage"),
        ("calendars/", "CalendarPage"),
        ("tickets/", "TicketPage"),
        ("tickets/{number}/", "TicketDetail"),
        ("tickets/{number}/events/", "EventPage"),
        ("tickets/{number}/clocks/", "ClockPage"),
        ("tickets/999999/", "Problem"),
        ("tickets/?limit=x", "Problem"),
    ],
)
def test_answers_have_the_documented_form(desk: Desk, caller: Callers, path: str, form: str) -> None:
    number = new_ticket(desk, priority="critical").number
    client = caller(desk.agent)
    client.post(f"tickets/{number}/reply/", {"body": "x", "then": "pending"})
    answer = client.get(path.format(number=number)).json()
    jsonschema.validate(answer, as_json_schema(form))


def as_json_schema(form: str) -> dict[str, Any]:
    """A component as JSON schema: `nullable` becomes a type, and objects take no other members."""

    def closed(node: Any) -> Any:
        if isinstance(node, list):
            return [closed(inner) for inner in node]
        if not isinstance(node, dict):
            return node
        node = {key: closed(value) for key, value in node.items()}
        if node.pop("nullable", False):
            node = {"anyOf": [node, {"type": "null"}]}
        elif "properties" in node:
            node["additionalProperties"] = False
        return node

    components = closed(openapi_document("en")["components"])
    return {"$ref": f"#/components/schemas/{form}", "components": components}


@pytest.mark.parametrize(
    ("asked", "media_type"),
    [
        ("schema/", "application/vnd.oai.openapi"),
        ("schema/?format=json", "application/vnd.oai.openapi+json"),
        ("schema/?format=yaml", "application/vnd.oai.openapi"),
    ],
)
def test_document_is_served_to_anybody(anonymous: ApiCaller, asked: str, media_type: str) -> None:
    response = anonymous.get(asked)
    assert response.status_code == 200
    assert response["Content-Type"].partition(";")[0] == media_type
    document = yaml.safe_load(response.content)
    assert document["servers"] == [{"url": "http://testserver/t/acme"}]
    assert "/api/v1/tickets/" in document["paths"]
