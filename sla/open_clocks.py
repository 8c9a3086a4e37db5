"""Open clocks read into arrays, as fast as PostgreSQL can send them.

A million rows as Python objects would take seconds and a gigabyte. Here every column is a number of fixed
width, so the binary stream of COPY is an array of records as it stands: an instant comes as microseconds
since 2000, a word as its place in a list, and what is missing as a value that no row has.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import OperationalError, connection
from numpy.typing import NDArray
from psycopg import ClientCursor, Cursor
from psycopg.adapt import Dumper
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from sla.line import Int64s
from sla.many import LeftOut
from sla.models import ClockStatus, Metric, TargetUnit
from tickets.lifecycle import Priority

Rows = NDArray[np.void]

EPOCH = 946_684_800_000_000
"""PostgreSQL counts from 2000; the core from 1970. Microseconds between the two."""
NEVER = np.iinfo(np.int64).max
"""An instant that is missing: PostgreSQL's "infinity"."""

METRICS = tuple(Metric.values)
STATUSES = tuple(ClockStatus.values)
UNITS = ("", *TargetUnit.values)
PRIORITIES = tuple(Priority.values)
_BLOCK = 1 << 17
_HEADER = 19
"""Signature, flags and the length of an extension that there is not."""


def _place(column: str, words: Sequence[str]) -> str:
    cases = " ".join(f"WHEN '{word}' THEN {place}" for place, word in enumerate(words))
    return f"CASE {column} {cases} END::int4"


def _instant(column: str) -> str:
    return f"COALESCE({column}, 'infinity')"


COLUMNS = {
    "id": ("c.id", 8),
    "ticket": ("c.ticket_id", 8),
    "agreement": ("c.agreement_id", 8),
    "started": ("c.started_at", 8),
    "aim_at": (_instant("c.at_risk_at"), 8),
    "due": (_instant("c.due_at"), 8),
    "breached": (_instant("c.breached_at"), 8),
    "ended": (_instant("c.ended_at"), 8),
    "next": (_instant("c.next_action_at"), 8),
    "paused": (_instant("c.paused_at"), 8),
    "remaining": ("COALESCE(c.remaining, -1)", 4),
    "aim": ("c.aim", 4),
    "limit": ('c."limit"', 4),
    "unit": (_place("c.unit", UNITS), 4),
    "metric": (_place("c.metric", METRICS), 4),
    "status": (_place("c.status", STATUSES), 4),
    "priority": (_place("t.priority", PRIORITIES), 4),
    "manual": ("c.due_is_manual::int4", 4),
    "left_out": ("cardinality(c.left_out)", 4),
    "cycle": ("c.cycle", 4),
}
INSTANTS = ("started", "aim_at", "due", "breached", "ended", "next", "paused")
_BY_INDEX = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
)
_AS_EVER = "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"
_FROM = "FROM sla_clock c WHERE "
_WITH_TICKETS = "FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id WHERE "


def _record(columns: Collection[str]) -> np.dtype[np.void]:
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for name in columns:
        fields += [(f"{name}_width", ">i4"), (name, f">i{COLUMNS[name][1]}")]
    return np.dtype(fields)


PLAIN = np.dtype([(name, f"i{width}") for name, (_sql, width) in COLUMNS.items()])
"""A row in the machine's own order of bytes; instants since 1970, or NEVER."""


@contextmanager
def by_index() -> Iterator[None]:
    """Have rows looked up one by one: a guess about their number must not read all clocks instead.

    For what names its rows; within a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_INDEX)
        yield
        cursor.execute(_AS_EVER)


def blocks(
    where: str, values: Sequence[Any], columns: Collection[str] = tuple(COLUMNS)
) -> Generator[Rows, None, None]:
    """The clocks (`c`) for which a condition holds, some ten thousand at a time.

    Columns that are not asked for hold nothing of meaning.
    """
    chosen = ", ".join(COLUMNS[name][0] for name in columns)
    tables = _WITH_TICKETS if "priority" in columns else _FROM
    record = _record(columns)
    for block in records(f"SELECT {chosen} {tables}{where}", values, record):
        yield _plain(block, columns)


def left_out_of(where: str, values: Sequence[Any]) -> LeftOuts:
    """What is left out of the time of those clocks."""
    record = np.dtype([("fields", ">i2"), ("w1", ">i4"), ("id", ">i8"), ("w2", ">i4"), ("at", ">i8")])
    # The order is that of the array: unnest gives it, and the sort by numpy is stable.
    query = f"SELECT c.id, unnest(c.left_out) {_FROM}c.left_out <> '{{}}' AND ({where})"
    found = [np.array(block[["id", "at"]]) for block in records(query, values, record)]
    if not found:
        return LeftOuts(np.empty(0, np.int64), np.empty(0, np.int64))
    ids = np.concatenate([block["id"] for block in found]).astype(np.int64)
    instants = np.concatenate([block["at"] for block in found]).astype(np.int64) + EPOCH
    order = np.argsort(ids, kind="stable")
    return LeftOuts(ids[order], instants[order])


class LeftOuts:
    """The left-out periods of many clocks, found by the clock's id."""

    def __init__(self, ids: Int64s, instants: Int64s) -> None:
        self._ids, self._instants = ids, instants

    def of(self, rows: Rows) -> LeftOut | None:
        """Those of the given rows, in their order; None where there are none at all."""
        counts = rows["left_out"].astype(np.int64)
        total = int(counts.sum())
        if not total:
            return None
        offsets = np.concatenate(([0], np.cumsum(counts)))
        first = np.searchsorted(self._ids, rows["id"])
        places = np.repeat(first - offsets[:-1], counts) + np.arange(total)
        return LeftOut(self._instants[places], offsets)


def records(query: str, values: Sequence[Any], record: np.dtype[np.void]) -> Iterator[Rows]:
    """The rows of a query whose columns all have a fixed width, in blocks; read as they come in.

    A million steps through a driver's generators would take longer than all the reckoning, so rows are taken
    from libpq itself; the connection does nothing else meanwhile.
    """
    connection.ensure_connection()
    server = connection.connection
    statement = ClientCursor(server).mogrify(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", values)
    # In a transaction block that is only meant so far, the driver itself has to say the first word.
    with server.cursor() as cursor:
        cursor.execute("SELECT")
    _expect(server.pgconn.exec_(statement.encode()), ExecStatus.COPY_OUT)
    try:
        yield from _taken(server.pgconn, record)
    finally:
        _end(server.pgconn)


def _taken(server: PGconn, record: np.dtype[np.void]) -> Iterator[Rows]:
    """The header comes before the first row, with it or by itself; the mark of the end by itself."""
    pieces: list[bytes] = []
    width, skip = record.itemsize, _HEADER
    while (got := server.get_copy_data(0))[0] > 0:
        piece = bytes(got[1])
        if skip:
            piece, skip = piece[skip:], max(0, skip - len(piece))
        if len(piece) == width:
            pieces.append(piece)
        if len(pieces) == _BLOCK:
            yield np.frombuffer(b"".join(pieces), record)
            pieces = []
    if pieces:
        yield np.frombuffer(b"".join(pieces), record)


def _end(server: PGconn) -> None:
    """Hear the server's last word, and what comes before it where nobody wanted the rest."""
    while (result := server.get_result()) is not None:
        if result.status == ExecStatus.COPY_OUT:
            while server.get_copy_data(0)[0] > 0:
                pass
        else:
            _expect(result, ExecStatus.COMMAND_OK)


def _expect(result: PGresult, status: ExecStatus) -> None:
    if result.status != status:
        raise OperationalError(result.error_message.decode(errors="replace").strip())


def _plain(block: Rows, columns: Collection[str]) -> Rows:
    rows = np.zeros(len(block), PLAIN)
    for name in columns:
        rows[name] = block[name]
    for name in INSTANTS:
        instants = rows[name]
        np.add(instants, EPOCH, out=instants, where=instants != NEVER)
    return rows


class Column:
    """One column of rows on its way into a statement, as an array of PostgreSQL's in its binary form.

    Instants since 1970 become PostgreSQL's own. Pass it as `%b` and take it apart with `unnest`.
    """

    element = 20  # bigint

    def __init__(self, values: NDArray[np.generic]) -> None:
        self.values = values.astype(np.int64)

    def packed(self) -> bytes:
        """One dimension, no nulls, lower bound 1; then each value behind its length."""
        header = np.array([1, 0, self.element, len(self.values), 1], ">i4").tobytes()
        body = np.empty(len(self.values), [("width", ">i4"), ("value", ">i8")])
        body["width"], body["value"] = 8, self.values
        return header + body.tobytes()


class Instants(Column):
    """A column of instants."""

    element = 1184  # timestamptz

    def __init__(self, values: NDArray[np.generic]) -> None:
        instants = values.astype(np.int64)
        super().__init__(np.where(instants == NEVER, NEVER, instants - EPOCH))


class _Packed(Dumper):
    format = Format.BINARY
    oid = 1016  # bigint[]

    def dump(self, obj: Column) -> bytes:
        return obj.packed()


class _PackedInstants(_Packed):
    oid = 1185  # timestamptz[]


def write(statement: str, values: Sequence[Any]) -> int:
    """Run a statement that takes columns among its values; the number of rows that it wrote."""
    connection.ensure_connection()
    # Not Django's cursor: what is packed has to reach the server as it is.
    with Cursor(connection.connection) as cursor:
        cursor.adapters.register_dumper(Column, _Packed)
        cursor.adapters.register_dumper(Instants, _PackedInstants)
        cursor.execute(statement.encode(), values)
        return cursor.rowcount
