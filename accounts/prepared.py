"""Queries that every request asks: Django writes their text once, not each time.

Django puts the text of a query together anew whenever it is asked. For a small query that takes longer than
PostgreSQL needs to answer it and all that happens to the answer. A `Prepared` keeps the text, and how a row
becomes an object, with each connection; asked again, it only sends other values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet, query

M = TypeVar("M", bound=Model)
_populators_of: Any = query.get_related_populators


class Prepared(Generic[M]):
    """The first row of a query by its key, for values that are other each time: texts and numbers.

    `write` makes the query from values. It is called once for each connection, with `samples`: those must
    stand in the query as they are, and differ from one another and from all else that stands there
    (ValueError).
    """

    def __init__(self, write: Callable[..., QuerySet[M]], *samples: str | int) -> None:
        self._write = write
        self._samples = samples

    def first(self, *values: str | int) -> M | None:
        """As `write(*values).first()`."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        kept: dict[Prepared[M], _Written] = connection.__dict__.setdefault("prepared_queries", {})
        written = kept.get(self)
        if written is None:
            first: Any = self._write(*self._samples).order_by("pk")[:1]
            written = kept[self] = _Written(first, self._samples)
        with connection.cursor() as cursor:
            cursor.execute(written.text, written.filled_in(values))
            row = cursor.fetchone()
        found: M | None = written.read(row) if row else None
        return found


class _Written:
    """A query of one connection as text, with the places of its values, and the reading of its rows."""

    def __init__(self, queryset: Any, samples: Sequence[str | int]) -> None:
        compiler = self._compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.text, values = compiler.as_sql()
        self._values = list(values)
        if any(self._values.count(sample) != 1 for sample in samples):
            raise ValueError(f"Of {samples} each must stand once in: {self.text}")
        self._places = [self._values.index(sample) for sample in samples]
        of_model = compiler.klass_info
        own = of_model["select_fields"]
        self._model, self._own = of_model["model"], slice(own[0], own[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._own]]
        self._related = _populators_of(of_model, compiler.select, DEFAULT_DB_ALIAS)

    def filled_in(self, values: Sequence[str | int]) -> list[Any]:
        """All values of the text, with these in the places of the samples."""
        filled = self._values.copy()
        for place, value in zip(self._places, values, strict=True):
            filled[place] = value
        return filled

    def read(self, row: Sequence[Any]) -> Any:
        """A row as Django reads it: the object, with what was selected besides."""
        (row,) = self._compiler.results_iter([[row]])
        found = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._related:
            populator.populate(row, found)
        for name, place in self._compiler.annotation_col_map.items():
            setattr(found, name, row[place])
        return found
