"""Many rows in one statement of one parameter.

`bulk_create` spends some 150 µs a row on building the statement; here the rows travel as one JSON text, which
PostgreSQL takes apart. For tables that are written in the transaction of something else, by the thousand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, models

_Kept = dict[type[models.Model], list[dict[str, Any]]]
_kept: ContextVar[_Kept] = ContextVar("_kept", default={})  # noqa: B039  nobody writes into the default


def insert_many(model: type[models.Model], rows: Sequence[dict[str, Any]], **alike: Any) -> None:
    """Insert rows, and leave out those that some unique constraint of the table already knows.

    Every row has the same keys: columns, with texts, numbers, instants or None. `alike` are columns that all
    rows have alike; what neither names gets the field's default. Nothing of what the models check is checked.
    """
    kept = _kept.get().get(model)
    if kept is not None:
        kept.extend({**alike, **row} for row in rows)
    elif rows:
        _insert(model, rows, alike)


@contextmanager
def gathered(*kinds: type[models.Model]) -> Iterator[None]:
    """Keep back what `insert_many` is given for these models; it is written, in order, when the block ends.

    For a load of many small insertions. Who reads such rows meanwhile calls `flush` first. An error drops
    what is kept back.
    """
    token = _kept.set({kind: [] for kind in kinds})
    try:
        yield
        flush()
    finally:
        _kept.reset(token)


def flush() -> None:
    """Write what is kept back, if anything is."""
    for model, rows in _kept.get().items():
        for _columns, alike in groupby(rows, key=list):
            _insert(model, list(alike), {})
        rows.clear()


def _insert(model: type[models.Model], rows: Sequence[dict[str, Any]], alike: dict[str, Any]) -> None:
    fields = {str(field.column): field for field in model._meta.concrete_fields if not field.primary_key}
    own = list(rows[0])
    constant = {
        column: field.get_db_prep_save(alike.get(column, field.get_default()), connection)
        for column, field in fields.items()
        if column not in own
    }
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in [*own, *constant])
    read = ", ".join(f"r.{quote(column)}" for column in own)
    given = "".join(f", %s::{fields[column].db_type(connection)}" for column in constant)
    shape = ", ".join(f"{quote(column)} {fields[column].db_type(connection)}" for column in own)
    statement = (  # names of our own models, no input
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT {read}{given} "  # noqa: S608
        f"FROM json_to_recordset(%s::json) AS r({shape}) ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constant.values(), json.dumps(rows, default=_written)])


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a row")
