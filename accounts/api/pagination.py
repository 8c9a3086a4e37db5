"""Pages behind a cursor: the same cost at any depth, and rows that come or go meanwhile shift nothing.

A cursor is the sort key of the last row that was read, signed, so that what comes back is what was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.api.problems import InvalidQuery

SALT = "accounts.api.cursor"
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Key:
    """One field of a sort key. Rows without a value come last, whichever way."""

    field: str
    descending: bool = False
    nullable: bool = False

    def by(self) -> OrderBy:
        last = True if self.nullable else None
        return F(self.field).desc(nulls_last=last) if self.descending else F(self.field).asc(nulls_last=last)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})

    def beyond(self, value: Any) -> Q | None:
        """Rows behind that value; None where nothing can be."""
        if value is None:
            return None
        behind = Q(**{f"{self.field}__{'lt' if self.descending else 'gt'}": value})
        return behind | Q(**{f"{self.field}__isnull": True}) if self.nullable else behind


@dataclass(frozen=True)
class Order:
    """A named order of rows; the last key is unique, so that no two rows stand in the same place."""

    name: str
    keys: Sequence[Key]

    def behind(self, values: Sequence[Any]) -> Q:
        """The rows that come after the row with these values."""
        found = Q(pk__in=[])
        same = Q()
        for key, value in zip(self.keys, values, strict=True):
            beyond = key.beyond(value)
            if beyond is not None:
                found |= same & beyond
            same &= key.same(value)
        return found

    def cursor_behind(self, row: Model) -> str:
        values = [getattr(row, key.field) for key in self.keys]
        plain = [[v.isoformat()] if isinstance(v, datetime) else v for v in values]
        return signing.dumps([self.name, plain], salt=SALT, compress=True)

    def read(self, cursor: str) -> list[Any]:
        """The values in a cursor of this order. Raises InvalidQuery."""
        try:
            name, values = signing.loads(cursor, salt=SALT)
        except (signing.BadSignature, ValueError) as error:
            raise _refused(_("This is not a cursor that was given out.")) from error
        if name != self.name:
            raise _refused(_("This cursor belongs to another order."))
        return [parse_datetime(v[0]) if isinstance(v, list) else v for v in values]


def _refused(words: str) -> InvalidQuery:
    return InvalidQuery({"cursor": [words]})


def read_page(rows: QuerySet[M], order: Order, *, cursor: str, limit: int) -> tuple[list[M], str]:
    """At most `limit` rows, in one query, and the cursor to what follows; "" at the end.

    Raises InvalidQuery for a cursor that was not given out for this order.
    """
    if cursor:
        rows = rows.filter(order.behind(order.read(cursor)))
    found = list(rows.order_by(*[key.by() for key in order.keys])[: limit + 1])
    if len(found) <= limit:
        return found, ""
    return found[:limit], order.cursor_behind(found[limit - 1])
