"""Keyset paging over any rows: a page begins behind a row, so that page 500 costs what page 1 costs.

The columns all run in one direction and the last one is unique, so rows that share a value are neither
shown twice nor left out. A cursor is the row's values, as JSON in URL-safe base64; one that cannot be read
means the first page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Some rows, and the cursors of the pages before and behind them, "" where there is none."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def keyset_page(rows: QuerySet[Row], order: Sequence[str], cursor: str, *, size: int = 50) -> KeysetPage[Row]:
    """One page in one query. `order` names columns or annotations, all with "-" or all without it."""
    falls = order[0].startswith("-")
    names = [name.removeprefix("-") for name in order]
    backwards, values = _read(cursor, len(names))
    found = rows.order_by(*(name if falls == backwards else f"-{name}" for name in names))
    try:
        if values is not None:
            found = found.filter(_beyond(names, values, "lt" if falls != backwards else "gt"))
        page = list(found[: size + 1])
    except (TypeError, ValueError, ValidationError):
        return keyset_page(rows, order, "", size=size)
    if values is not None and not page:
        return keyset_page(rows, order, "", size=size)
    more = len(page) > size
    page = page[:size]
    if backwards:
        page.reverse()
        return KeysetPage(page, _write(page[0], names, back=True) if more else "", _write(page[-1], names))
    newer = _write(page[0], names, back=True) if values is not None else ""
    return KeysetPage(page, newer, _write(page[-1], names) if more else "")


def _beyond(names: Sequence[str], values: Sequence[Any], side: str) -> Q:
    """Rows that stand behind the values, compared column by column."""
    condition = Q()
    same: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        condition |= Q(**same, **{f"{name}__{side}": value})
        same[name] = value
    return condition


def _write(row: Model, names: Sequence[str], *, back: bool = False) -> str:
    values = json.dumps([back, *(getattr(row, name) for name in names)], cls=PreciseEncoder)
    return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def _read(cursor: str, count: int) -> tuple[bool, list[Any] | None]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        back, *values = json.loads(raw)
    except (binascii.Error, ValueError, TypeError):
        return False, None
    if len(values) != count or not all(_may_stand(value) for value in values):
        return False, None
    return back is True, values


def _may_stand(value: object) -> bool:
    """A number, or a text that the database can read."""
    return isinstance(value, int) or (isinstance(value, str) and "\0" not in value)


class PreciseEncoder(DjangoJSONEncoder):
    """Instants to the microsecond; Django's own encoder cuts them to milliseconds and would repeat rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
