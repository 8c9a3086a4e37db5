"""The walk of the isolation test: every address of a desk, called with everybody else's ids.

An address is in the walk by being in the URLconf. What the walk cannot know by itself it asks of two tables
in `tests/test_tenancy.py`: who may pass the door of an address, and what an argument's name stands for; an
address or an argument that is not there fails the test.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from psycopg import sql

from accounts.rowsecurity import tenant_models
from accounts.tenancy import tenant_scope

_A_TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)', re.IGNORECASE)
JSON_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Address:
    """One address: its name, the path with its arguments' names, and the methods that it answers to."""

    name: str
    route: str
    arguments: tuple[str, ...]
    methods: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("/api/")

    def path(self, values: dict[str, Any]) -> str:
        """The path with values for its arguments; KeyError names an argument that has none."""
        path = self.route
        for argument in self.arguments:
            path = path.replace(f"<{argument}>", str(values[argument]))
        return path


def addresses(urlconf: str) -> list[Address]:
    """Every address of a URLconf, those of included ones too."""
    return list(_walk(get_resolver(urlconf).url_patterns, "/"))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Address]:
    for entry in patterns:
        route = prefix + _readable(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            names = tuple(entry.pattern.converters) if isinstance(entry.pattern, RoutePattern) else ()
            inherited = tuple(n for n in _names_in(prefix) if n not in names)
            yield Address(entry.name or route, route, inherited + names, _methods(entry.callback))


def _readable(pattern: Any) -> str:
    """`<int:number>/` as `<number>/`; regular expressions as they are, less their anchors."""
    if isinstance(pattern, RoutePattern):
        route = str(pattern)
        for name in pattern.converters:
            start = route.rindex("<", 0, route.index(f"{name}>"))
            route = route[:start] + f"<{name}>" + route[route.index(">", start) + 1 :]
        return route
    return str(pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")


def _names_in(route: str) -> tuple[str, ...]:
    return tuple(part.partition(">")[0] for part in route.split("<")[1:])


def _methods(callback: Any) -> tuple[str, ...]:
    actions = getattr(callback, "actions", None)
    if actions:
        return tuple(actions)
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if view is not None:
        return tuple(m for m in JSON_METHODS if hasattr(view, m))
    return ("get", "post")


def call(client: Any, address: Address, method: str, path: str, form: dict[str, Any]) -> Any:
    """Send a request as a page's form or an API's client would; never follow a redirect."""
    if method == "get":
        return client.get(path)
    if address.is_api:
        return getattr(client, method)(path, json.dumps(form), content_type="application/json")
    return getattr(client, method)(path, form)


@contextmanager
def tables_asked() -> Iterator[set[str]]:
    """The tables that are named in what is asked of the database meanwhile."""
    asked: set[str] = set()

    def note(execute: Any, text: Any, *rest: Any) -> Any:
        asked.update(_A_TABLE.findall(str(text)))
        return execute(text, *rest)

    with connection.execute_wrapper(note):
        yield asked


def asked_once(ask: Callable[..., Any]) -> Callable[..., Any]:
    """The question, with its first answer for each person, or desk, that it is about."""
    answers: dict[Any, Any] = {}

    def remembered(about: Any, *args: Any, **kwargs: Any) -> Any:
        if about.pk not in answers:
            answers[about.pk] = ask(about, *args, **kwargs)
        return answers[about.pk]

    return remembered


def drawn_once(draw: Callable[..., str], names: Collection[str]) -> Callable[..., str]:
    """The drawing of templates, where those of these names are drawn for each person once."""
    drawn: dict[Any, str] = {}

    def remembered(template: Any, context: Any = None, request: Any = None) -> str:
        name = template.template.name
        if name not in names or request is None:
            return draw(template, context, request)
        who = name, request.user.pk, request.tenant.pk
        if who not in drawn:
            drawn[who] = draw(template, context, request)
        return drawn[who]

    return remembered


def body_of(response: Any) -> str:
    """The text of a response, streamed or not."""
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return str(response.content.decode(errors="replace"))


# What logging in, being told and being counted writes is nobody's data of another.
_NOT_COMPARED = ["last_used_at"]


def snapshot(tenant_id: int) -> dict[str, str]:
    """All rows of a tenant, by table and key, as text: to see whether anything of it was touched."""
    # One statement for all tables: it is asked some four hundred times.
    every = sql.SQL(" UNION ALL ").join(_rows_as_text(model) for model in all_tenant_models())
    with tenant_scope(tenant_id), connection.cursor() as cursor:
        cursor.execute(every.as_string(cursor.connection))
        return {f"{label} {key}": text for label, key, text in cursor.fetchall()}


def _rows_as_text(model: type[models.Model]) -> sql.Composed:
    row = sql.SQL(
        "SELECT {label}, r.{key}::text, (to_jsonb(r) - {not_compared}::text[])::text FROM {table} r"
    )
    return row.format(
        label=sql.Literal(model._meta.label),
        key=sql.Identifier(model._meta.pk.column or ""),
        not_compared=sql.Literal(_NOT_COMPARED),
        table=sql.Identifier(model._meta.db_table),
    )


def all_tenant_models() -> list[type[models.Model]]:
    """Every model of ours that belongs to a tenant."""
    return tenant_models(list(apps.get_models(include_auto_created=True)))
