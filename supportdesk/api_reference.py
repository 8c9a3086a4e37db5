"""An OpenAPI document turned into what a page shows: groups of operations with their fields, in words.

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
DEEPEST = 3


@dataclass(frozen=True)
class Field:
    """One line of a table: a parameter or a field of a body. `depth` is how far inside others it lies."""

    name: str
    form: str
    is_required: bool
    description: str
    depth: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What may come back: a status with its words, and the fields of a success."""

    status: str
    description: str
    media_type: str
    fields: tuple[Field, ...] = ()


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
    sent: list[Example] = field(default_factory=list)
    received: list[Example] = field(default_factory=list)
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
        shown.body = list(_fields(document, list(content.values())[-1].get("schema", {})))
        shown.sent = [example for body in content.values() for example in _examples(body)]
    for status, answer in node["responses"].items():
        _add_answer(document, shown, status, answer)
    return shown


def _add_answer(document: Node, shown: Operation, status: str, answer: Node) -> None:
    content = answer.get("content", {})
    media_type = next(iter(content), "")
    body = content.get(media_type, {})
    if status >= "400":
        shown.refusals.append(Answer(status, answer["description"], media_type))
        return
    fields = tuple(_fields(document, body.get("schema", {})))
    shown.answers.append(Answer(status, answer.get("description", ""), media_type, fields))
    shown.received += list(_examples(body))


def _examples(body: Node) -> Iterator[Example]:
    for title, example in body.get("examples", {}).items():
        text = json.dumps(example["value"], indent=2, ensure_ascii=False, default=str)
        yield Example(example.get("summary", title), text)


def _parameter(document: Node, node: Node) -> Field:
    form, choices = _form(document, node["schema"])
    return Field(
        name=node["name"],
        form=form,
        is_required=node.get("required", False),
        description=node.get("description", "") or node["schema"].get("description", ""),
        choices=choices,
    )


def _fields(document: Node, schema: Node, depth: int = 0) -> Iterator[Field]:
    """The fields of an object, each followed by those inside it."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema["items"])
    if depth > DEEPEST:
        return
    required = schema.get("required", ())
    for name, node in schema.get("properties", {}).items():
        form, choices = _form(document, node)
        yield Field(name, form, name in required, _description(node), depth, choices)
        yield from _fields(document, node, depth + 1)


def _description(node: Node) -> str:
    # The list of values that follows an enumeration's description stands in `choices` already.
    words: str = node.get("description", "")
    return words.partition("\n\n* `")[0] if not words.startswith("* `") else ""


def _form(document: Node, node: Node) -> tuple[str, tuple[str, ...]]:
    """The form of a value in short ("string <date-time> | null") and the values of an enumeration."""
    resolved = _resolved(document, node)
    if resolved.get("type") == "array":
        form, choices = _form(document, resolved["items"])
        return f"[{form}]", choices
    name = resolved.get("type", "any")
    if "format" in resolved:
        name = f"{name} <{resolved['format']}>"
    is_nullable = node.get("nullable") or resolved.get("nullable")
    choices = tuple(str(value) for value in resolved.get("enum", ()) if value not in (None, ""))
    return (f"{name} | null" if is_nullable else name), choices


def _resolved(document: Node, node: Node) -> Node:
    """The schema behind references; the members that stand beside one are added."""
    while True:
        if "$ref" in node:
            inside = document["components"]["schemas"][node["$ref"].rpartition("/")[2]]
        elif "allOf" in node:
            inside = _resolved(document, node["allOf"][0])
        elif "oneOf" in node:
            inside = _resolved(document, node["oneOf"][0])
        else:
            return node
        beside = {k: v for k, v in node.items() if k not in ("$ref", "allOf", "oneOf")}
        node = {**inside, **beside}
