"""An OpenAPI document turned into what a page shows: operations in groups, and the forms of what they answer.

Only what our own document contains is understood: references, `allOf` and `oneOf` around a reference or an
enumeration, arrays, objects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
# How the names of forms end that are only sent. The fields of a whole body stand beside its operation.
SENT = "Request"


@dataclass(frozen=True)
class Field:
    """One line of a table: a parameter, or a field of a form. `link` names the form that it holds."""

    name: str
    form: str
    link: str
    is_required: bool
    description: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """An object that is answered, by the name that the document gives it."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Answer:
    """What may come back: a status, its words, and the form or media type of its body."""

    status: str
    description: str
    media_type: str
    form: str = ""


@dataclass(frozen=True)
class Example:
    """A body as JSON text."""

    title: str
    text: str


@dataclass
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field] = field(default_factory=list)
    media_types: list[str] = field(default_factory=list)
    body: list[Field] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    refusals: list[Answer] = field(default_factory=list)


@dataclass
class Group:
    """Operations under one heading."""

    id: str
    title: str
    operations: list[Operation] = field(default_factory=list)


def groups_of(document: Node) -> list[Group]:
    """The operations by tag, in the order in which the document names tags and paths."""
    groups = {tag["name"]: Group(tag["name"], tag["description"]) for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                groups[operation["tags"][0]].operations.append(_operation(document, path, method, operation))
    return [group for group in groups.values() if group.operations]


def forms_of(document: Node) -> list[Form]:
    """The objects that answers hold, and those inside of what is sent, by name."""
    schemas = document["components"]["schemas"]
    forms = [
        Form(name, node.get("description", ""), tuple(_fields(document, node)))
        for name, node in sorted(schemas.items())
        if "properties" in node
    ]
    linked = {field.link for form in forms for field in form.fields}
    return [form for form in forms if form.name in linked or not form.name.endswith(SENT)]


def _operation(document: Node, path: str, method: str, node: Node) -> Operation:
    shown = Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        summary=node["summary"],
        description=node["description"],
        parameters=[_parameter(document, parameter) for parameter in node.get("parameters", ())],
    )
    content = node.get("requestBody", {}).get("content", {})
    shown.media_types = list(content)
    if content:
        # The last form has every field of those before it, and files.
        shown.body = list(_fields(document, _resolved(document, list(content.values())[-1]["schema"])))
        shown.examples = [example for body in content.values() for example in _examples(body)]
    for status, answer in node["responses"].items():
        _add_answer(shown, status, answer)
    return shown


def _add_answer(shown: Operation, status: str, answer: Node) -> None:
    content = answer.get("content", {})
    media_type = next(iter(content), "")
    body = content.get(media_type, {})
    form = _name_in(body.get("schema", {}))
    said = Answer(status, answer.get("description", ""), media_type, form)
    if status >= "400":
        shown.refusals.append(said)
    else:
        shown.answers.append(said)
        shown.examples += _examples(body)


def _examples(body: Node) -> Iterator[Example]:
    for title, example in body.get("examples", {}).items():
        text = json.dumps(example["value"], indent=2, ensure_ascii=False)
        yield Example(example.get("summary", title), text)


def _parameter(document: Node, node: Node) -> Field:
    form, link, choices = _form(document, node["schema"])
    is_required = node.get("required", False)
    return Field(node["name"], form, link, is_required, _words(node) or _words(node["schema"]), choices)


def _fields(document: Node, schema: Node) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, node in schema.get("properties", {}).items():
        form, link, choices = _form(document, node)
        yield Field(name, form, link, name in required, _words(node), choices)


def _words(node: Node) -> str:
    """A description without the list of values that the generator adds: it stands in `choices` already."""
    words: str = node.get("description", "")
    return "" if words.startswith("* `") else words.partition("\n\n* `")[0]


def _form(document: Node, node: Node) -> tuple[str, str, tuple[str, ...]]:
    """A value's form in short ("string <date-time> | null"), the object that it is, and its choices."""
    resolved = _resolved(document, node)
    if resolved.get("type") == "array":
        form, link, choices = _form(document, resolved["items"])
        return f"[{form}]", link, choices
    link = _name_in(node) if "properties" in resolved else ""
    name = link or resolved.get("type", "any")
    if "format" in resolved and not link:
        name = f"{name} <{resolved['format']}>"
    choices = tuple(str(value) for value in resolved.get("enum", ()) if value not in (None, ""))
    return (f"{name} | null" if resolved.get("nullable") else name), link, choices


def _resolved(document: Node, node: Node) -> Node:
    """The schema behind references; the members that stand beside one are added."""
    around = next((key for key in ("$ref", "allOf", "oneOf") if key in node), "")
    if not around:
        return node
    inside = (
        document["components"]["schemas"][_name_in(node)]
        if around == "$ref"
        else _resolved(document, node[around][0])
    )
    return {**inside, **{key: value for key, value in node.items() if key != around}}


def _name_in(node: Node) -> str:
    """The name of the form that is referred to, "" if none is."""
    if "$ref" in node:
        return str(node["$ref"].rpartition("/")[2])
    inner = node.get("allOf") or node.get("oneOf") or ()
    return _name_in(inner[0]) if inner else ""
